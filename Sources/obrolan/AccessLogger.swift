import Dispatch
import HTTPTransport
import Logging
import Synchronization

/// Writes the access log, a line an answer, at the level `info`.
///
/// An event loop only puts the record aside; the lines are made and written on a queue of their own.
final class AccessLogger: AccessLog {
    private struct State {
        var records: [AccessRecord] = []
        var missed = 0
        var isScheduled = false
    }

    /// How many records wait at most, about 20 MB of them: who logs to something slow loses lines rather than memory.
    private static let maxPending = 65_536

    private let logger: Logger
    private let queue = DispatchQueue(label: "obrolan.access", qos: .utility, target: .global(qos: .utility))
    private let state = Mutex(State())

    /// Nil when nobody would read what is written at the logger's level.
    init?(_ logger: Logger = Logger(label: "obrolan.access")) {
        guard logger.logLevel <= .info else { return nil }
        self.logger = logger
    }

    func record(_ record: AccessRecord) {
        let isFirst = state.withLock { state in
            guard state.records.count < Self.maxPending else {
                state.missed += 1
                return false
            }
            state.records.append(record)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.async { self.writeAll() } }
    }

    /// Comes back when all that was recorded before has been written.
    func flush() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func writeAll() {
        let (records, missed) = state.withLock { state in
            defer { state = State() }
            return (state.records, state.missed)
        }
        for record in records { logger.info("\(record.line)") }
        if missed > 0 { logger.warning("\(missed) requests are missing here: they came faster than lines are written") }
    }
}

extension AccessRecord {
    /// `127.0.0.1:50312 GET /room/7 200 5321 B 187 µs 00d1…`; nothing that a client sends can look like more than one word,
    /// because the parser has refused what is not of a token and a target.
    fileprivate var line: String {
        let microseconds = duration / .microseconds(1)
        let id = requestID.map { "\($0)" } ?? "-"
        return "\(peer) \(method ?? "-") \(target ?? "-") \(status) \(contentLength) B \(Int(microseconds)) µs \(id)"
    }
}
