import Logging

/// What a logger says, for the program's log.
struct ProgramLogHandler: LogHandler {
    let label: String
    let log: ProgramLog
    var logLevel: Logger.Level
    var metadata = Logger.Metadata()

    init(label: String, log: ProgramLog, level: Logger.Level) {
        self.label = label
        self.log = log
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var message = "\(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { message += " \(key)=\(value)" }
        if let error = event.error { message += ": \(error)" }
        log.append(
            LogLine(
                level: event.level, label: label, source: event.source, message: message,
                place: "\(label) \(event.file):\(event.line)"))
    }
}
