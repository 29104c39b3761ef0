import Logging
import Synchronization

/// Logs what the database and its connections say, in one line each; all of them say the same when it goes away, and
/// again at each attempt to connect, so what was just said is not said again.
final class DatabaseLog: Sendable {
    private let logger = Logger(label: "obrolan.database")
    private let last = Mutex("")

    func callAsFunction(_ message: String) {
        let line = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let isNew = last.withLock { last in
            defer { last = line }
            return last != line
        }
        if isNew { logger.warning("\(line)") }
    }
}
