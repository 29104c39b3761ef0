import Glibc
import HTTP
import HTTPTransport
import Logging
import NonblockingIO
import Testing

@testable import obrolan

struct ProgramLogTests {
    private static func record(
        _ method: String? = "GET", _ target: String? = "/room/7?x=1", status: Int = 200
    ) -> AccessRecord {
        AccessRecord(
            method: method, target: target, status: status, contentLength: 5321, duration: .microseconds(187),
            peer: "127.0.0.1:50312", requestID: method.map { _ in HTTPRequestID(rawValue: 0x1f) })
    }

    private static func logger(_ log: ProgramLog) -> Logger {
        Logger(label: "test") { ProgramLogHandler(label: $0, log: log, level: .trace) }
    }

    /// What is written of what `body` says, without time.
    private static func lines(capacity: Int = 1 << 20, of body: (ProgramLog) -> Void) -> [Substring] {
        let pipe = LogPipe()
        let log = ProgramLog(pipe.output, capacity: capacity)
        body(log)
        #expect(log.close(within: .seconds(60)))
        pipe.end()
        return pipe.readAll().map { $0.drop { $0 != " " }.dropFirst() }
    }

    @Test func `a line has its level, its label and its module`() {
        let lines = Self.lines { Self.logger($0).notice("Halo") }
        #expect(lines == ["notice test: [ObrolanTests] Halo"])
    }

    @Test func `metadata follow the message`() {
        let lines = Self.lines { Self.logger($0).notice("Halo", metadata: ["b": "2", "a": "1"]) }
        #expect(lines == ["notice test: [ObrolanTests] Halo a=1 b=2"])
    }

    @Test func `an answer is one line`() {
        let lines = Self.lines { log in
            log.record(Self.record())
            log.record(Self.record(nil, nil, status: 400))
        }
        #expect(
            lines == [
                "info obrolan.access: [obrolan] 127.0.0.1:50312 GET /room/7?x=1 200 5321 B 187 µs 000000000000001f",
                "info obrolan.access: [obrolan] 127.0.0.1:50312 - - 400 5321 B 187 µs -",
            ])
    }

    @Test func `answers and messages come in the order in which they were said`() {
        let lines = Self.lines { log in
            let logger = Self.logger(log)
            for number in 0..<200 {
                log.record(Self.record(status: 2 * number))
                logger.notice("- - - \(2 * number + 1)")
            }
        }
        #expect(lines.compactMap { Int($0.split(separator: " ")[6]) } == Array(0..<400))
    }

    @Test(arguments: [
        ("plain", "plain"),
        ("Kelas \u{1F600} 日本語", "Kelas \u{1F600} 日本語"),
        ("one\ntwo", #"one\u{a}two"#),
        ("one\r\ntwo", #"one\u{d}\u{a}two"#),
        ("\u{1B}[31mred", #"\u{1b}[31mred"#),
        ("nul\0", #"nul\u{0}"#),
        ("\u{85}\u{2028}\u{2029}", #"\u{85}\u{2028}\u{2029}"#),
    ])
    func `a message is one line without controls`(message: String, line: String) {
        #expect(Self.lines { Self.logger($0).error("\(message)") } == ["error test: [ObrolanTests] \(line)"])
    }

    // MARK: Nobody reads

    /// How many lines came and how many the log says are missing, when each number at the end of a line is the one that
    /// has to come there; nil when one is not.
    private static func tally(_ lines: [Substring]) -> (come: Int, lost: Int)? {
        var (come, lost) = (0, 0)
        for line in lines {
            let words = line.split(separator: " ")
            if line.contains("lines are missing here") {
                lost += Int(words[4]) ?? 0
            } else if let number = words.last.flatMap({ Int($0) }) {
                guard number == come + lost else { return nil }
                come += 1
            }
        }
        return (come, lost)
    }

    @Test func `a log that nobody reads holds up nobody, and says later how many lines it lost`() throws {
        let pipe = LogPipe()
        pipe.fill()
        let log = ProgramLog(pipe.output, capacity: 100_000)
        let logger = Self.logger(log)
        let count = 5_000
        // With a log that waits this would not come to its end.
        for number in 0..<count { logger.notice("line \(number)") }
        #expect(!log.flush(within: .milliseconds(1)), "nobody has read")
        let ending = LogPipe()
        OwnThread.start {
            log.close(within: .seconds(60))
            pipe.end()
            ending.end()
        }
        let lines = pipe.readAll()
        _ = ending.readAll()
        let (come, lost) = try #require(Self.tally(lines), "what is missing is told where it is missing")
        #expect(lost > 0)
        #expect(come + lost == count)
    }

    @Test func `the end waits for a log that nobody reads no longer than it was told`() {
        let pipe = LogPipe()
        pipe.fill()
        let log = ProgramLog(pipe.output)
        Self.logger(log).error("lost")
        #expect(!log.close(within: .milliseconds(10)))
    }

    @Test func `an error has room where answers have used up theirs`() {
        let pipe = LogPipe()
        pipe.fill()
        let log = ProgramLog(pipe.output, capacity: 100_000)
        for _ in 0..<5_000 { log.record(Self.record()) }
        Self.logger(log).error("the disk is full")
        let ending = LogPipe()
        OwnThread.start {
            log.close(within: .seconds(60))
            pipe.end()
            ending.end()
        }
        let lines = pipe.readAll()
        _ = ending.readAll()
        #expect(lines.contains { $0.hasSuffix("the disk is full") })
        #expect(lines.contains { $0.contains("lines are missing here") })
    }

    @Test func `threads that log at once lose nothing and keep the order of each`() async {
        let pipe = LogPipe()
        let log = ProgramLog(pipe.output, capacity: 64 << 20)
        await withTaskGroup { group in
            for thread in 0..<4 {
                group.addTask {
                    let logger = Self.logger(log)
                    for number in 0..<2_000 { logger.notice("\(thread) \(number)") }
                }
            }
        }
        OwnThread.start {
            log.close(within: .seconds(60))
            pipe.end()
        }
        let lines = pipe.readAll().map { $0.split(separator: " ").suffix(2).compactMap { Int($0) } }
        for thread in 0..<4 {
            #expect(lines.filter { $0.first == thread }.map(\.last) == Array(0..<2_000))
        }
    }

    // MARK: Failures

    @Test func `a failure of every request is told once and counted`() {
        let lines = Self.lines { log in
            let logger = Self.logger(log)
            for number in 0..<1_234 {
                logger.warning("GET /room/\(number) (9d0c1f8a2b3e4\(100 + number % 900)): PostgreSQL is not available")
            }
            logger.warning("GET /room/7 (9d0c1f8a2b3e4f50): the disk is full")
        }
        #expect(lines.count == 3)
        #expect(lines.count { $0.contains("the disk is full") } == 1, "another failure is not swallowed")
        #expect(lines.count { $0.contains("1,233 more like this in ") } == 1)
        #expect(lines.first?.hasSuffix("GET /room/0 (9d0c1f8a2b3e4100): PostgreSQL is not available") == true)
    }

    @Test func `what is no failure is told each time`() {
        #expect(Self.lines { log in for _ in 0..<5 { Self.logger(log).notice("Halo") } }.count == 5)
    }
}
