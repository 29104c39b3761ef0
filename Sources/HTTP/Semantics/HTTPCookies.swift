/// Reads the Cookie field (RFC 6265bis section 4.2).
public enum HTTPCookies {
    /// The value of the first cookie of a name; nil if it was not sent or is not UTF-8. Names are case-sensitive, and
    /// quotes around a value are part of it.
    public static func value(named name: String, in fields: HTTPFields) -> String? {
        valueBytes(named: name, in: fields).flatMap { $0.withUnsafeBufferPointer(PercentCoding.validText) }
    }

    /// The bytes of that value, without making a string of them.
    public static func valueBytes(named name: String, in fields: HTTPFields) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        search(name, in: fields) {
            found = $0
            return true
        }
        return found
    }

    /// Shows `isEnough` the values of that name, in order, until it says so. A browser sends every cookie of a name that
    /// some path or domain of the host has been given, and does not tell which is whose (RFC 6265bis section 5.8.3).
    public static func search(_ name: String, in fields: HTTPFields, isEnough: (ArraySlice<UInt8>) -> Bool) {
        for line in fields.valueSlices(of: .cookie) {
            var start = line.startIndex
            while start < line.endIndex {
                let end = line[start...].firstIndex(of: .semicolon) ?? line.endIndex
                if let equals = line[start..<end].firstIndex(of: .equalsSign),
                    trim(line[start..<equals]).elementsEqual(name.utf8),
                    isEnough(trim(line[(equals + 1)..<end]))
                {
                    return
                }
                start = end + 1
            }
        }
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, bytes[start].isWhitespace { start += 1 }
        while end > start, bytes[end - 1].isWhitespace { end -= 1 }
        return bytes[start..<end]
    }
}
