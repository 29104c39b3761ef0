import HTTP
import NonblockingIO

extension HTTPConnection {
    /// Sends a response whose content is made meanwhile: a piece at a time, and the next when the client has taken all
    /// before it.
    func send(
        _ stream: HTTPContentStream, of response: HTTPResponse, to request: HTTPRequest,
        _ begin: ContinuousClock.Instant?
    ) async {
        // Whoever has started the task does the next thing when it waits.
        if case .starting = requestTask { await loop.turn() }
        let isChunked = request.version != .http10
        let action = machine.receiveResponseInPieces(responseCloses: response.closesConnection || !isChunked)
        guard case .queue(let persists) = action else { return }
        requestByteCount = 0
        output.append(using: scratch) { bytes in
            HTTPSerializer.appendHead(
                response, framing: .chunked, requestMethod: request.method, version: request.version,
                keepAlive: persists, date: scratch.date, to: &bytes)
        }
        var count = 0
        if HTTPSerializer.sendsContent(status: response.status, requestMethod: request.method) {
            do {
                while let piece = try await stream.next() {
                    guard !piece.isEmpty else { continue }
                    guard !machine.isClosed else { return }
                    count += piece.count
                    output.append(using: scratch) { bytes in
                        if isChunked { HTTPSerializer.appendChunk(piece, to: &bytes) } else { bytes += piece }
                    }
                    perform(tellQueued())
                    await outputIsTaken()
                }
            } catch {
                // What the client has is not all, and only the end of the connection says so (RFC 9112 section 8).
                log?.note(response, to: request, since: begin, contentLength: count)
                return abort()
            }
            guard !machine.isClosed else { return }
            if isChunked { output.append(using: scratch) { $0 += HTTPSerializer.lastChunk } }
        }
        requestTask = .none
        machine.endPieces()
        log?.note(response, to: request, since: begin, contentLength: count)
        perform(tellQueued())
    }

    /// Waits until the client has taken what is pending, or the connection is closed.
    private func outputIsTaken() async {
        guard output.count > 0, !machine.isClosed else { return }
        await withCheckedContinuation { waiter = $0 }
    }

    /// Has the next piece made when there is nothing left to be sent.
    func noteTaken() {
        guard let waiter, output.count == 0 || machine.isClosed else { return }
        self.waiter = nil
        waiter.resume()
    }
}
