import Logging

/// Logs what the database and its connections say, in one line each.
struct DatabaseLog: Sendable {
    private let logger = Logger(label: "obrolan.database")

    func callAsFunction(_ message: String) {
        logger.warning("\(message.split(whereSeparator: \.isWhitespace).joined(separator: " "))")
    }
}
