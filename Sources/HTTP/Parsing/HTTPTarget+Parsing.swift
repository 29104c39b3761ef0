extension HTTPTarget {
    /// Parses a target as it stands in a request line.
    ///
    /// Throws `invalidTarget` for characters or a syntax that RFC 3986 does not allow, and `invalidTargetForm` for a
    /// form that does not go with `method`.
    public init(_ text: String, method: HTTPMethod = .get) throws(HTTPParseError) {
        var bytes: ArraySlice<UInt8> = []
        bytes.append(contentsOf: text.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy(ByteClass.target.contains) else { throw .invalidTarget }
        self = try bytes.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try HTTPTarget(validCharacters: bytes, method: method)
        }
    }

    /// Parses a target whose bytes are known to be of `ByteClass.target` and not none.
    init(validCharacters bytes: UnsafeBufferPointer<UInt8>, method: HTTPMethod) throws(HTTPParseError) {
        if bytes[0] == .slash {
            guard method != .connect else { throw .invalidTargetForm }
            let (path, query) = try Self.pathAndQuery(bytes, from: 0)
            self.init(form: .origin, path: path, query: query)
        } else if bytes.count == 1, bytes[0] == .asterisk {
            guard method == .options else { throw .invalidTargetForm }
            self.init(form: .asterisk, path: "*")
        } else if method == .connect {
            // RFC 9110 section 9.3.6: an empty or invalid port number must be rejected.
            guard let authority = Authority(bytes), let port = authority.port, (1...65535).contains(port) else {
                throw .invalidTarget
            }
            self.init(form: .authority, path: "/", authority: String(decoding: bytes, as: UTF8.self))
        } else {
            try self.init(absolute: bytes, method: method)
        }
    }

    private init(absolute bytes: UnsafeBufferPointer<UInt8>, method: HTTPMethod) throws(HTTPParseError) {
        // RFC 9110 section 7.4: https has to come over TLS, or from a trusted gateway, and that sends the origin form.
        guard !bytes.prefix(8).equalsIgnoringCase("https://") else { throw .unsecuredTarget }
        guard bytes.prefix(7).equalsIgnoringCase("http://") else { throw .invalidTargetForm }
        let schemeEnd = 4
        let start = schemeEnd + 3
        let end = bytes[start...].firstIndex { $0 == .slash || $0 == .questionMark } ?? bytes.count
        let authority = bytes[start..<end]
        guard !authority.isEmpty, Authority(UnsafeBufferPointer(rebasing: authority)) != nil else {
            throw .invalidTarget
        }
        var (path, query) = try Self.pathAndQuery(bytes, from: end)
        // RFC 9112 section 3.2.4: OPTIONS of a URI without path and query means the whole server.
        if path.isEmpty { path = method == .options && query == nil ? "*" : "/" }
        self.init(
            form: .absolute, path: path, query: query,
            authority: String(decoding: authority, as: UTF8.self),
            scheme: String(decoding: bytes[..<schemeEnd], as: UTF8.self))
    }

    private static func pathAndQuery(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(HTTPParseError) -> (path: String, query: String?) {
        var mark: Int?
        for index in start..<bytes.count {
            switch bytes[index] {
            case .percent:
                guard index + 2 < bytes.count, bytes[index + 1].hexDigitValue != nil,
                    bytes[index + 2].hexDigitValue != nil
                else { throw .invalidTarget }
            case .questionMark where mark == nil: mark = index
            default: break
            }
        }
        let path = String(decoding: bytes[start..<(mark ?? bytes.count)], as: UTF8.self)
        return (path, mark.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self) })
    }
}
