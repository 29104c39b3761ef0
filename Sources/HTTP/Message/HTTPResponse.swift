/// A response whose content is there in full, in memory, its own or shared with others, or in a file; or is made while it is
/// sent.
public struct HTTPResponse: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The fields; the serializer adds Date, Content-Length and Connection.
    public var fields: HTTPFields
    /// The content, empty when there is none, or when it comes from `shared` or `file`.
    public var content: [UInt8]
    /// The content that other responses have as well, instead of `content`.
    public var shared: HTTPSharedContent?
    /// The content that is part of a file, instead of `content`.
    public var file: HTTPFileSlice?
    /// The content that is made while it is sent, instead of `content`.
    public var stream: HTTPContentStream?
    /// How `content` divides, if it may be compressed; the fields say `Vary: Accept-Encoding` then.
    public var parts: HTTPContentParts?
    /// Whether the server closes the connection after this response; by default it does not.
    public var closesConnection: Bool = false

    /// Makes a response, by default 200 (OK) without fields or content.
    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), content: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.content = content
    }

    /// Makes a response whose content other responses have as well.
    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), shared: HTTPSharedContent) {
        self.init(status: status, fields: fields)
        self.shared = shared
    }

    /// Makes a response whose content is part of a file.
    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), file: HTTPFileSlice) {
        self.init(status: status, fields: fields)
        self.file = file
    }

    /// Makes a response whose content is made while it is sent.
    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), stream: HTTPContentStream) {
        self.init(status: status, fields: fields)
        self.stream = stream
    }

    /// The length of the content in bytes, wherever it comes from; nobody knows that of a stream.
    public var contentLength: Int { file?.range.count ?? contentInMemory.count }

    /// The content that is in memory, shared or not.
    public var contentInMemory: ArraySlice<UInt8> { shared?.bytes ?? content[...] }
}
