/// The fields that the parser itself looks at, as a set of those that a head holds.
struct KnownFields: OptionSet, Sendable {
    let rawValue: UInt32

    static let connection = KnownFields(rawValue: 1 << 0)
    static let contentLength = KnownFields(rawValue: 1 << 1)
    static let expect = KnownFields(rawValue: 1 << 2)
    static let host = KnownFields(rawValue: 1 << 3)
    static let transferEncoding = KnownFields(rawValue: 1 << 4)
    private static let authorization = KnownFields(rawValue: 1 << 5)
    private static let contentRange = KnownFields(rawValue: 1 << 6)
    private static let contentType = KnownFields(rawValue: 1 << 7)
    private static let ifModifiedSince = KnownFields(rawValue: 1 << 8)
    private static let ifRange = KnownFields(rawValue: 1 << 9)
    private static let ifUnmodifiedSince = KnownFields(rawValue: 1 << 10)
    private static let origin = KnownFields(rawValue: 1 << 11)
    private static let proxyAuthorization = KnownFields(rawValue: 1 << 12)
    private static let range = KnownFields(rawValue: 1 << 13)
    private static let referer = KnownFields(rawValue: 1 << 14)
    private static let secFetchSite = KnownFields(rawValue: 1 << 15)

    /// Those that are lists and may come on several lines; two lines of any other could be read in two ways.
    private static let lists: KnownFields = [.connection, .expect, .transferEncoding]

    var isSingleton: Bool { !isEmpty && isDisjoint(with: Self.lists) }

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The one field that `name` names, or none.
    @inline(__always)
    init(name: UnsafeBufferPointer<UInt8>) {
        func known(_ field: KnownFields, _ lowercase: StaticString) -> KnownFields {
            name.equalsIgnoringCase(lowercase) ? field : []
        }
        self =
            switch name.count {
            case 4: known(.host, "host")
            case 5: known(.range, "range")
            case 6:
                switch name[0].lowercased {
                case UInt8(ascii: "e"): known(.expect, "expect")
                default: known(.origin, "origin")
                }
            case 7: known(.referer, "referer")
            case 8: known(.ifRange, "if-range")
            case 10: known(.connection, "connection")
            case 12: known(.contentType, "content-type")
            case 13:
                switch name[0].lowercased {
                case UInt8(ascii: "a"): known(.authorization, "authorization")
                default: known(.contentRange, "content-range")
                }
            case 14:
                switch name[0].lowercased {
                case UInt8(ascii: "s"): known(.secFetchSite, "sec-fetch-site")
                default: known(.contentLength, "content-length")
                }
            case 17:
                switch name[0].lowercased {
                case UInt8(ascii: "i"): known(.ifModifiedSince, "if-modified-since")
                default: known(.transferEncoding, "transfer-encoding")
                }
            case 19:
                switch name[0].lowercased {
                case UInt8(ascii: "i"): known(.ifUnmodifiedSince, "if-unmodified-since")
                default: known(.proxyAuthorization, "proxy-authorization")
                }
            default: []
            }
    }
}
