/// Reads the Cookie field (RFC 6265bis section 4.2).
public enum HTTPCookies {
    /// The value of the first cookie of a name; nil if it was not sent or is not UTF-8. Names are case-sensitive, and
    /// quotes around a value are part of it.
    public static func value(named name: String, in fields: HTTPFields) -> String? {
        valueBytes(named: name, in: fields).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes of that value, without making a string of them.
    public static func valueBytes(named name: String, in fields: HTTPFields) -> ArraySlice<UInt8>? {
        for line in fields.valueBytes(of: .cookie) {
            var start = line.startIndex
            while start < line.endIndex {
                let end = line[start...].firstIndex(of: .semicolon) ?? line.endIndex
                let pair = line[start..<end].trimmingWhitespace()
                if let equals = pair.firstIndex(of: .equalsSign),
                    pair[..<equals].trimmingWhitespace().elementsEqual(name.utf8)
                {
                    return pair[(equals + 1)...].trimmingWhitespace()
                }
                start = end + 1
            }
        }
        return nil
    }
}
