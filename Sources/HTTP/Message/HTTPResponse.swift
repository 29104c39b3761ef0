/// A response whose content is known in full.
public struct HTTPResponse: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The fields; the serializer adds Date, Content-Length and Connection.
    public var fields: HTTPFields
    /// The content, empty when there is none.
    public var content: [UInt8]
    /// Whether the server closes the connection after this response; by default it does not.
    public var closesConnection: Bool = false

    /// Makes a response, by default 200 (OK) without fields or content.
    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), content: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.content = content
    }
}
