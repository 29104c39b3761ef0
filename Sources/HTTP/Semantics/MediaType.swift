/// A media type with its parameters (RFC 9110 section 8.3.1).
public struct MediaType: Hashable, Sendable {
    /// One parameter; its name is in lower case.
    public struct Parameter: Hashable, Sendable {
        /// The name in lower case.
        public var name: String
        /// The value, without quotes.
        public var value: String

        init(_ parameter: FieldParameter) {
            name = MediaType.lowercased(parameter.name)
            value = parameter.value
        }
    }

    /// The type in lower case, such as `text`.
    public let type: String
    /// The subtype in lower case, such as `html`.
    public let subtype: String
    /// The parameters in their order.
    public let parameters: [Parameter]

    /// Reads a media type such as `text/html; charset=UTF-8`; nil if it is malformed.
    public init?(_ value: String) {
        var value = value
        guard let mediaType = value.withUTF8({ MediaType($0) }) else { return nil }
        self = mediaType
    }

    /// Reads the bytes of a field value.
    public init?(_ value: some Collection<UInt8>) {
        guard let mediaType = Array(value).withUnsafeBufferPointer({ MediaType($0) }) else { return nil }
        self = mediaType
    }

    init?(_ value: UnsafeBufferPointer<UInt8>) {
        var cursor = ByteCursor(value.trimmingWhitespace())
        var parameters: [Parameter] = []
        guard let type = cursor.takeToken(), cursor.take(.slash), let subtype = cursor.takeToken(),
            cursor.takeParameters({ parameters.append(Parameter($0)) })
        else { return nil }
        self.type = Self.lowercased(type)
        self.subtype = Self.lowercased(subtype)
        self.parameters = parameters
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
