import HTTP
import NonblockingIO

extension HTTPConnection {
    /// The task in which the application answers a request.
    enum RequestTask {
        case none
        /// It is running for the first time, and whoever has started it waits for what comes of that.
        case starting
        /// Its answer needed no waiting, and is there.
        case answered
        case waiting(Task<Void, Never>)

        func cancel() {
            if case .waiting(let task) = self { task.cancel() }
        }
    }

    /// What is told those for whom there is no room, in seconds.
    private static let retryAfter = "5"

    func parse() -> ConnectionStateMachine.Action {
        let output: HTTPRequestParser.Output
        do throws(HTTPParseError) {
            output = try parser.next()
        } catch {
            machine.receiveMalformed()
            return refuse(error.status, "\(error)")
        }
        switch consume output {
        case .incomplete: return tell(.incomplete(parser.phase, expectsContinue: parser.expectsContinue))
        case .request(let request): return receive(request)
        }
    }

    private func receive(_ request: consuming HTTPRequest) -> ConnectionStateMachine.Action {
        let refusal = machine.receiveRequest(
            clientPersists: request.keepsAlive, bufferedBytes: parser.bufferedByteCount,
            hasMemory: request.content.count < Self.muchMemory || !context.share.hasNoMemoryToGain)
        if let refusal { return refuse(refusal) }
        request.id = scratch.nextRequestID()
        if let proxies { request.origin = proxies.origin(of: request.fields) }
        return respond(to: request)
    }

    private func respond(to request: HTTPRequest) -> ConnectionStateMachine.Action {
        let begin = log?.now
        requestByteCount = request.content.count
        requestTask = .starting
        let responder = context.responder
        let task = Task.immediate(executorPreference: loop) {
            let response = await responder.respond(to: request)
            if let stream = response.stream {
                await send(stream, of: response, to: request, begin)
            } else {
                finish(response, to: request, begin)
            }
        }
        if case .answered = requestTask {
            requestTask = .none
            return tellQueued()
        }
        requestTask = .waiting(task)
        return tell(.responseIsAwaited)
    }

    private func finish(_ response: HTTPResponse, to request: HTTPRequest, _ begin: ContinuousClock.Instant?) {
        let action = machine.receiveResponse(responseCloses: response.closesConnection)
        guard case .queue(let persists) = action else { return }
        requestByteCount = 0
        let response = scratch.coded(response, for: request)
        output.append(
            response, requestMethod: request.method, version: request.version, keepAlive: persists, using: scratch)
        log?.note(response, to: request, since: begin)
        if case .starting = requestTask {
            requestTask = .answered
        } else {
            requestTask = .none
            perform(tellQueued())
        }
    }

    func queueContinue() -> ConnectionStateMachine.Action {
        if parser.takeContinueExpectation() {
            output.append(using: scratch) { $0 += HTTPSerializer.continueResponse }
        }
        return tellQueued()
    }

    func refuse(_ refusal: ConnectionStateMachine.Refusal) -> ConnectionStateMachine.Action {
        switch refusal {
        case .timeOut: refuse(.requestTimeout, "The request took too long to come.")
        case .noPlace: refuse(.serviceUnavailable, "There is no connection free.", retryAfter: Self.retryAfter)
        case .noMemory:
            refuse(
                .serviceUnavailable, "There is no memory for this request now.", retryAfter: Self.retryAfter)
        }
    }

    /// Answers in the application's place.
    /// - Parameter retryAfter: in seconds, when what is missing may be there later.
    private func refuse(
        _ status: HTTPStatus, _ reason: String, retryAfter: String? = nil
    ) -> ConnectionStateMachine.Action {
        var response = HTTPResponse(status: status, fields: HTTPFields(), content: Array((reason + "\n").utf8))
        response.fields[.contentType] = "text/plain; charset=utf-8"
        if let retryAfter { response.fields[.retryAfter] = retryAfter }
        output.append(response, requestMethod: parser.method, version: .http11, keepAlive: false, using: scratch)
        log?.note(response, to: nil, since: nil)
        return tellQueued()
    }

    func tellQueued() -> ConnectionStateMachine.Action {
        tell(.queued(pendingBytes: output.count, isSealed: output.isSealed))
    }
}
