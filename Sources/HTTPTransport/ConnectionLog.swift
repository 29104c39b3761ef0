import HTTP

/// The access log, as one connection writes to it.
struct ConnectionLog: Sendable {
    private let log: any AccessLog
    private let peer: String

    init(_ log: any AccessLog, peer: String) {
        self.log = log
        self.peer = peer
    }

    var now: ContinuousClock.Instant { .now }

    /// Takes note of a response.
    /// - Parameters:
    ///   - request: nil when it could not be read.
    ///   - contentLength: the bytes that were made of a stream.
    func note(
        _ response: HTTPResponse, to request: HTTPRequest?, since begin: ContinuousClock.Instant?,
        contentLength: Int? = nil
    ) {
        let sendsContent = HTTPSerializer.sendsContent(status: response.status, requestMethod: request?.method)
        log.record(
            AccessRecord(
                method: request?.method.rawValue, target: request?.target.description,
                status: Int(response.status.code),
                contentLength: sendsContent ? contentLength ?? response.contentLength : 0,
                duration: begin.map { $0.duration(to: now) } ?? .zero, peer: request?.origin?.address ?? peer,
                requestID: request?.id))
    }
}
