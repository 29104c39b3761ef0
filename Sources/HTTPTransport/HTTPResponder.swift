public import HTTP

/// The application, as a connection sees it.
public protocol HTTPResponder: Sendable {
    /// Answers a request; called on the connection's event loop.
    ///
    /// The task is cancelled when the client goes away or ends its side of the connection: whatever merely waits for
    /// news answers at once then. The answer is sent all the same, for a client that has only ended its side.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}
