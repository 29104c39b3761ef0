import Logging
import Synchronization

/// Keeps what is logged.
struct LogLines: LogHandler {
    private final class Storage: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let storage = Storage()
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    var all: [String] { storage.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { storage.lines.withLock { $0.append("\(event.message)") } }
}
