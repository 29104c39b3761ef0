import Logging

/// Tells a failure once, and then how often it has come: in an outage every request fails for the same reason.
///
/// Two lines are the same when they come from one place of the program and read the same but for numbers and the names of
/// requests. The first is told at once. What follows is counted and told at the end of a window, with the last line; each
/// window in which it goes on is followed by one of twice the length, up to five minutes. After a window without it, it is
/// told at once again.
///
/// At most `maxKinds` are told apart. Beyond them, what comes from one place counts as the same, so that neither memory
/// nor the log grows with what clients can have an error quote.
struct RepeatedFailures {
    private struct Kind: Hashable {
        var place: String
        var level: Logger.Level
        /// Nil: whatever it says.
        var text: String?
    }

    private struct Episode {
        var last: LogLine
        var more = 0
        var begin: ContinuousClock.Instant
        var window: Duration

        var end: ContinuousClock.Instant { begin + window }

        /// Says how many came, if any did.
        func summary(at time: ContinuousClock.Instant) -> LogLine? {
            guard more > 0 else { return nil }
            var line = last
            let seconds = max(1, Int((begin.duration(to: time) / .seconds(1)).rounded()))
            line.message = "\(grouped(more)) more like this in \(seconds) s: \(last.message)"
            return line
        }
    }

    static let maxKinds = 256
    private static let longestWindow: Duration = .seconds(300)
    /// Of a longer line only the beginning is compared.
    private static let maxCompared = 512

    private let window: Duration
    private var episodes: [Kind: Episode] = [:]
    /// Not later than the first end of an episode.
    private var due: ContinuousClock.Instant?

    init(window: Duration) { self.window = window }

    /// Whether the line is to be written; else it was counted.
    mutating func admit(_ line: LogLine, at time: ContinuousClock.Instant) -> Bool {
        // A log that is called by no place in particular is one by its label.
        let place = line.place.isEmpty ? line.label : line.place
        var kind = Kind(place: place, level: line.level, text: Self.normal(line.message))
        if episodes[kind] == nil, episodes.count >= Self.maxKinds { kind.text = nil }
        guard var episode = episodes[kind] else {
            episodes[kind] = Episode(last: line, begin: time, window: window)
            due = min(due ?? time + window, time + window)
            return true
        }
        episode.more += 1
        episode.last = line
        episodes[kind] = episode
        return false
    }

    /// How long until something is to be told; nil when there is nothing.
    func untilDue(at time: ContinuousClock.Instant) -> Duration? { due.map { max(.zero, time.duration(to: $0)) } }

    /// The counts of the windows that are over.
    mutating func takeDue(at time: ContinuousClock.Instant) -> [LogLine] {
        guard let due, due <= time else { return [] }
        var lines: [LogLine] = []
        for (kind, var episode) in episodes where episode.end <= time {
            guard let line = episode.summary(at: time) else {
                episodes[kind] = nil
                continue
            }
            lines.append(line)
            episode.more = 0
            episode.begin = time
            episode.window = min(episode.window * 2, Self.longestWindow)
            episodes[kind] = episode
        }
        self.due = episodes.values.map(\.end).min()
        return lines
    }

    /// All counts, at the end.
    mutating func takeAll() -> [LogLine] {
        let time = ContinuousClock.now
        defer { (episodes, due) = ([:], nil) }
        return episodes.values.compactMap { $0.summary(at: time) }
    }

    /// The text without what differs between two failures of one kind: each word that has a digit, and is otherwise of
    /// hexadecimal digits only, is `#`.
    static func normal(_ text: String) -> String {
        var normal: [UInt8] = []
        var word: [UInt8] = []
        var isNumber = true
        var hasDigit = false
        func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
                true
            default: false
            }
        }
        func endWord() {
            if isNumber && hasDigit { normal.append(UInt8(ascii: "#")) } else { normal += word }
            word.removeAll(keepingCapacity: true)
            (isNumber, hasDigit) = (true, false)
        }
        for byte in text.utf8.prefix(maxCompared) {
            guard isWord(byte) else {
                endWord()
                normal.append(byte)
                continue
            }
            word.append(byte)
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): break
            default: isNumber = false
            }
        }
        endWord()
        return String(decoding: normal, as: UTF8.self)
    }
}

/// `1,234`
private func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}
