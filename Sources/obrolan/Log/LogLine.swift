import Glibc
import HTTPTransport
import Logging

/// What somebody has logged.
struct LogLine: Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    var time = LogLine.now
    var level: Logger.Level
    var label: String
    /// The module that says it.
    var source = "obrolan"
    var message: String
    /// File and line of the program that said it; what comes from one place is the same failure if it reads the same.
    var place = ""

    static var now: Int64 { Int64(Glibc.time(nil)) }
}

/// Makes lines of text:
///
///     2026-01-31T10:05:00+0000 info obrolan.access: [obrolan] 192.168.1.20:50312 GET /room/7 200 5321 B 412 µs 9d0c…
struct LogText {
    let redaction: (String) -> String
    var bytes: [UInt8] = []
    private var stamp = ""
    private var stampTime: Int64 = -1

    init(redaction: @escaping (String) -> String) { self.redaction = redaction }

    mutating func append(_ line: LogLine) {
        begin(line.time, line.level, line.label, line.source)
        bytes += Self.escaping(redaction(line.message)).utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Line breaks stay: a template's mistake is shown with its place.
    mutating func append(_ text: String) {
        for line in redaction(text).split(separator: "\n", omittingEmptySubsequences: false) {
            bytes += Self.escaping(String(line)).utf8
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Nothing that a client sends can look like more than one word, because the parser has refused what is not of a token
    /// and a target.
    mutating func append(_ record: AccessRecord, time: Int64) {
        begin(time, .info, "obrolan.access", "obrolan")
        let microseconds = Int(record.duration / .microseconds(1))
        let id = record.requestID.map { "\($0)" } ?? "-"
        bytes += "\(record.peer) \(record.method ?? "-") \(record.target ?? "-") \(record.status) ".utf8
        bytes += "\(record.contentLength) B \(microseconds) µs \(id)\n".utf8
    }

    private mutating func begin(_ time: Int64, _ level: Logger.Level, _ label: String, _ source: String) {
        if time != stampTime {
            stampTime = time
            stamp = Self.stamp(time)
        }
        bytes += "\(stamp) \(level) \(label): [\(source)] ".utf8
    }

    /// `2026-01-31T10:05:00+0000` in local time, by strftime(3).
    private static func stamp(_ time: Int64) -> String {
        var seconds = time_t(time)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S%z", &parts)
        return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The text with each control and line separator as Swift writes it, `\u{a}`: neither a line break nor a terminal's
    /// escape sequence is left, whatever an error of the database quotes of what a client has sent.
    static func escaping(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
