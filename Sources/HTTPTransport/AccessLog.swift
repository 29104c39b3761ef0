public import HTTP

/// Where what was answered is written down.
public protocol AccessLog: Sendable {
    /// Takes note of an answer; called on the event loop of its connection, so it must only put the record aside.
    func record(_ record: AccessRecord)
}

/// An answer that was given, for the access log.
public struct AccessRecord: Sendable {
    /// The method as it was sent, a token (RFC 9110 section 9.1); nil when the request could not be read.
    public let method: String?
    /// The target as it was sent: characters of RFC 3986 only; nil when the request could not be read.
    public let target: String?
    /// The status code of the answer.
    public let status: Int
    /// The bytes of content in the answer.
    public let contentLength: Int
    /// From the request's last byte to the answer; the time to send it is not in it.
    public let duration: Duration
    /// The client's address and port; the address alone where a trusted proxy has told it.
    public let peer: String
    /// Tells the request from the others of this process; nil when it could not be read.
    public let requestID: HTTPRequestID?

    /// Makes a record of what is told in its parts.
    public init(
        method: String?, target: String?, status: Int, contentLength: Int, duration: Duration, peer: String,
        requestID: HTTPRequestID?
    ) {
        self.method = method
        self.target = target
        self.status = status
        self.contentLength = contentLength
        self.duration = duration
        self.peer = peer
        self.requestID = requestID
    }
}
