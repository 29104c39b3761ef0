/// A media type with its parameters (RFC 9110 section 8.3.1).
public struct MediaType: Hashable, Sendable {
    /// One parameter; its name is in lower case.
    public struct Parameter: Hashable, Sendable {
        /// The name in lower case.
        public var name: String
        /// The value, without quotes.
        public var value: String
    }

    /// The type in lower case, such as `text`.
    public let type: String
    /// The subtype in lower case, such as `html`.
    public let subtype: String
    /// The parameters in their order.
    public let parameters: [Parameter]

    /// Reads a media type such as `text/html; charset=UTF-8`; nil if it is malformed.
    public init?(_ value: String) {
        self.init(value.utf8)
    }

    /// Reads the bytes of a field value.
    public init?(_ value: some Collection<UInt8>) {
        var cursor = ByteCursor(ArraySlice(value).trimmingWhitespace())
        guard let type = cursor.takeToken(), cursor.take(.slash), let subtype = cursor.takeToken(),
            let parameters = cursor.takeParameters()
        else { return nil }
        self.type = Self.lowercased(type)
        self.subtype = Self.lowercased(subtype)
        self.parameters = parameters.map {
            Parameter(name: Self.lowercased($0.name), value: String(decoding: $0.value, as: UTF8.self))
        }
    }

    /// Type and subtype without parameters, such as `text/html`.
    public var essence: String { "\(type)/\(subtype)" }

    /// The first value of a parameter whose name is given in lower case.
    public func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The charset parameter in lower case.
    public var charset: String? { parameter("charset").map { Self.lowercased($0.utf8) } }

    static func lowercased(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map(\.lowercased), as: UTF8.self)
    }
}
