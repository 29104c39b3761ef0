internal import CLibpq
internal import DequeModule

/// One session with the server, from PQconnectStart to PQfinish, and the queries that are in flight on it.
///
/// Every query is a segment of its own in libpq's pipeline, ended by a sync, and therefore a transaction of its own: a
/// query is answered when its sync has come back, which is after its commit. Confined to the actor that owns it.
final class PostgresSession {
    enum Progress {
        case waiting(isForWriting: Bool)
        case open
        case failed(PostgresError)
    }

    /// A query that was sent.
    private struct Sent {
        let request: QueryRequest
        /// Whether it relies on a plan that was made before.
        var isPrepared = false
        var isPreparing = false
        /// How many results of the preparing precede the query's own.
        var leading: Int { isPreparing ? 1 : 0 }
    }

    private let connection: OpaquePointer
    private let notices: Notices
    private var sent = Deque<Sent>()
    private var progress = SegmentProgress()
    /// What counts of the results of the first query's segment that have come.
    private var result: PostgresResult?
    private var error: PostgresError?
    private var prepared = PreparedStatements()
    private var encoder = ParameterEncoder()
    /// What the server said when it ended the session.
    private var farewell: PostgresError? {
        get { notices.farewell }
        set { notices.farewell = newValue }
    }
    private var isOutOfStep = false

    /// What libpq's notice receiver is given; it must live as long as the connection.
    private final class Notices {
        let configuration: PostgresConfiguration
        /// What the server said when it ended the session.
        var farewell: PostgresError?
        /// Whether the commit that is being answered did not wait for the standbys that it should have waited for.
        var isCommitUncertain = false

        init(_ configuration: PostgresConfiguration) { self.configuration = configuration }

        func take(_ notice: OpaquePointer) {
            let error = PostgresError(serverError: notice)
            if error.isFatal { farewell = farewell ?? error }
            // The text is in the server's language; the function's name is not (`SyncRepWaitForLSN` in `syncrep.c`).
            if let function = PQresultErrorField(notice, CLibpqSourceFunction),
                String(cString: function) == "SyncRepWaitForLSN"
            {
                isCommitUncertain = true
            }
            let text = String(cString: PQresultErrorMessage(notice))
            configuration.report.noticed(text.last == "\n" ? String(text.dropLast()) : text, configuration.log)
        }
    }

    /// Begins to connect, by PQconnectStartParams; nil when memory is lacking.
    init?(_ parameters: [(keyword: String, value: String)], _ configuration: PostgresConfiguration) {
        let started = withCStrings(parameters.map(\.keyword)) { keywords in
            withCStrings(parameters.map(\.value)) { values in PQconnectStartParams(keywords, values, 1) }
        }
        guard let started else { return nil }
        connection = started
        notices = Notices(configuration)
        let receiver: PQnoticeReceiver = { box, notice in
            guard let box, let notice else { return }
            Unmanaged<Notices>.fromOpaque(box).takeUnretainedValue().take(notice)
        }
        PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit {
        end(PostgresError(.unavailable, "the connection was closed"))
        PQfinish(connection)
    }

    /// libpq's socket, which may change while connecting.
    var socket: Int32 { PQsocket(connection) }

    /// The server's process, by PQbackendPID.
    var backendProcess: Int64 { Int64(PQbackendPID(connection)) }

    /// A host, its address and its port, as libpq has them.
    struct UsedHost {
        let name: String
        let address: String
        let port: String

        func isOne(_ host: HostList.Host) -> Bool {
            (host.name.isEmpty || host.name == name) && (host.address.isEmpty || host.address == address)
                && (host.port.isEmpty || host.port == port)
        }
    }

    /// The host that it is with, by PQhost, PQhostaddr and PQport.
    var host: UsedHost? {
        guard let name = PQhost(connection), let address = PQhostaddr(connection), let port = PQport(connection) else {
            return nil
        }
        return UsedHost(
            name: String(cString: name), address: String(cString: address), port: String(cString: port))
    }

    /// How many queries wait for their answers.
    var inFlight: Int { sent.count }

    /// Whether a script runs, which may take as long as it likes.
    var isRunningScript: Bool { sent.first?.request.role == .script }

    /// Goes on connecting, by PQconnectPoll; when that is done the session is in pipeline mode.
    func poll() -> Progress {
        if PQstatus(connection) == CONNECTION_BAD { return .failed(currentError) }
        switch PQconnectPoll(connection) {
        case PGRES_POLLING_READING: return .waiting(isForWriting: false)
        case PGRES_POLLING_WRITING: return .waiting(isForWriting: true)
        case PGRES_POLLING_OK:
            let isReady = PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1
            return isReady ? .open : .failed(currentError)
        default: return .failed(currentError)
        }
    }

    private var currentError: PostgresError { PostgresError(.unavailable, ofConnection: connection) }

    // MARK: Sending

    /// Sends a query; false when the session is broken and nothing of it was sent.
    func send(_ request: QueryRequest) -> Bool {
        guard PQstatus(connection) == CONNECTION_OK && !isOutOfStep else { return false }
        if request.role == .script {
            isOutOfStep = PQexitPipelineMode(connection) == 0 || PQsendQuery(connection, request.statement.sql) == 0
            sent.append(Sent(request: request))
            return true
        }
        do throws(PostgresError) {
            try encoder.encode(request.parameters)
        } catch {
            request.continuation.resume(returning: .failure(error))
            return true
        }
        let use = prepared.use(request.statement, types: encoder.types)
        let isPreparing = if case .preparing = use { true } else { false }
        let isPrepared = if case .prepared = use { true } else { false }
        sent.append(Sent(request: request, isPrepared: isPrepared, isPreparing: isPreparing))
        let isQueued = sendQuery(request.statement.sql, use) && PQpipelineSync(connection) == 1
        // Short of memory in the middle of a segment: what came after would be taken for a part of it.
        if !isQueued { isOutOfStep = true }
        return true
    }

    private func sendQuery(_ sql: [CChar], _ use: PreparedStatements.Use) -> Bool {
        let types = encoder.types
        return encoder.withArrays { count, values, lengths, formats in
            switch use {
            case .unnamed:
                PQsendQueryParams(connection, sql, count, types, values, lengths, formats, 1) == 1
            case .prepared(let name):
                PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1) == 1
            case .preparing(let name):
                PQsendPrepare(connection, name, sql, count, types) == 1
                    && PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1) == 1
            }
        }
    }

    /// Sends what libpq holds back, by PQflush; nil when the session is broken, else whether something is left.
    func flush() -> Bool? {
        let result = isOutOfStep ? -1 : PQflush(connection)
        return result < 0 ? nil : result == 1
    }

    // MARK: Receiving

    /// Reads what has come and answers the queries that it completes; false when the session is broken.
    func receive() -> Bool {
        guard PQconsumeInput(connection) == 1 else { return false }
        takeResults()
        if PQsslInUse(connection) == 1 || PQgssEncInUse(connection) == 1 {
            // A record of TLS holds up to 16 KB and one call takes at least 8 KB of it: what stayed in the TLS library
            // would not make the socket readable again.
            guard PQconsumeInput(connection) == 1 else { return false }
            takeResults()
        }
        return !isOutOfStep && PQstatus(connection) == CONNECTION_OK
    }

    /// Takes all results that are complete, by PQisBusy and PQgetResult.
    func takeResults() {
        var wasEmpty = false
        while !sent.isEmpty && !isOutOfStep && PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                if isRunningScript {
                    isOutOfStep = PQenterPipelineMode(connection) == 0
                    answerFirst()
                } else if wasEmpty {
                    // NULL ends the results of one command; two in a row mean that libpq waits for nothing.
                    isOutOfStep = true
                }
                wasEmpty = true
                continue
            }
            wasEmpty = false
            take(result)
        }
    }

    private func take(_ result: OpaquePointer) {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            let first = sent[0]
            if progress.note(leading: first.leading) {
                // The last one of a script.
                self.result = PostgresResult(result)
            } else {
                PQclear(result)
                if progress.resultsSeen == first.leading && first.isPreparing {
                    prepared.confirm(first.request.statement)
                }
            }
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            answerFirst()
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
        case PGRES_FATAL_ERROR:
            takeError(error(of: result))
            PQclear(result)
        default:
            // COPY is not for this wrapper, and leaves the protocol in a state that only closing ends.
            PQclear(result)
            isOutOfStep = true
        }
    }

    private func error(of result: OpaquePointer) -> PostgresError {
        let first = sent[0]
        if first.request.role == .script { return PostgresError(serverError: result, script: first.request.statement) }
        // 0A000: cached plan must not change result type; 26000: it is not there. A plan for parameters whose types have
        // changed meanwhile fails when it is made anew, with the errors of a statement that does not fit its tables (42).
        let state = PQresultErrorField(result, CLibpqSQLState).map { String(cString: $0) } ?? ""
        let isStale = first.isPrepared && (state == "0A000" || state == "26000" || state.hasPrefix("42"))
        return PostgresError(serverError: result, statement: first.request.statement, isStale: isStale)
    }

    private func takeError(_ error: PostgresError) {
        if error.sqlState == nil || error.isFatal {
            // libpq's own error, or the server's last word: no answer to the query.
            if farewell?.isFatal != true { farewell = error }
            return
        }
        if self.error == nil { self.error = error }
        let first = sent[0]
        // Not prepared after all, or made useless by a change of a table.
        let isUnprepared = first.isPreparing && progress.resultsSeen < first.leading
        if error.isStale || isUnprepared { prepared.forget(first.request.statement) }
    }

    private func answerFirst() {
        let request = sent.removeFirst().request
        let outcome: QueryOutcome =
            if let error {
                .failure(error)
            } else if notices.isCommitUncertain {
                .failure(
                    PostgresError(
                        .connectionLost(outcomeUnknown: true), "the commit did not wait for its standby",
                        statement: request.statement))
            } else if let result {
                .success(result)
            } else {
                .failure(PostgresError(.invalidRequest, "no result", statement: request.statement))
            }
        progress.goOn()
        result = nil
        error = nil
        notices.isCommitUncertain = false
        request.continuation.resume(returning: outcome)
    }

    /// The next notification that has come, by PQnotifies.
    func nextNotification() -> (channel: String, payload: String)? {
        guard let notification = PQnotifies(connection) else { return nil }
        defer { PQfreemem(notification) }
        return (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
    }

    // MARK: Ending

    /// Why the session is broken.
    var lossError: PostgresError {
        let message = farewell?.message ?? PostgresError(.unavailable, ofConnection: connection).message
        return PostgresError(.unavailable, message.isEmpty ? "the connection is out of step" : message)
    }

    /// Answers the queries that are in flight, when their answers cannot come any more, and cancels what the server may
    /// still be at.
    func end(_ reason: PostgresError) {
        if SegmentProgress.mustCancel(inFlight: sent.count, isConnected: PQstatus(connection) == CONNECTION_OK) {
            Canceller.shared.cancel(connection)
        }
        let endedInOrder = farewell?.isOrderlyFarewell == true
        while let first = sent.first {
            let request = first.request
            let fate = progress.fate(
                leading: first.leading, hasError: error != nil, endedInOrder: endedInOrder)
            if fate == .answered {
                answerFirst()
                continue
            }
            sent.removeFirst()
            let loss = PostgresError(
                .connectionLost(outcomeUnknown: fate == .unknown), reason.message,
                statement: request.role == .script ? nil : request.statement)
            request.continuation.resume(returning: .failure(loss))
        }
    }
}

/// Calls `body` with the strings as C wants lists of them: pointers, the last one null.
private func withCStrings<Result>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
    var characters: [CChar] = []
    var starts: [Int] = []
    for string in strings {
        starts.append(characters.count)
        characters.append(contentsOf: string.utf8CString)
    }
    return characters.withUnsafeBufferPointer { buffer in
        body(starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil])
    }
}
