import HTTP

/// A cookie that is set comes back, whatever stands around it, and none can add an attribute or a line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCookies(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    let lines = input.lines
    let cookie = SetCookie(name: "session", value: lines[0], maxAge: 60, path: lines.count > 1 ? lines[1] : nil)
    let text = cookie.fieldValue
    let attributes = text.split(separator: ";", omittingEmptySubsequences: false).dropFirst()
    let expected = cookie.path == nil ? 3 : 4
    check(attributes.count == expected, "\(text) has \(attributes.count) attributes")
    check(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a control in \(text)")

    let value = text.dropFirst("session=".count).prefix { $0 != ";" }
    var fields = HTTPFields()
    // What comes before may be anything but a cookie of that name.
    if let other = lines.last, HTTPCookies.value(named: "session", in: HTTPFields(cookie: other)) == nil {
        fields.append(other, for: .cookie)
    }
    fields.append("session=\(value)", for: .cookie)
    check(HTTPCookies.value(named: "session", in: fields) == String(value), "\(value) does not come back")
    for line in lines { _ = HTTPCookies.value(named: line, in: HTTPFields(cookie: input.text)) }
    return 0
}

extension HTTPFields {
    fileprivate init(cookie: String) {
        self.init()
        append(cookie, for: .cookie)
    }
}
