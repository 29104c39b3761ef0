import HTTP
import HTTPTransport
import Logging
import Testing

@testable import obrolan

struct AccessLoggerTests {
    private static func record(
        _ method: String? = "GET", _ target: String? = "/room/7?x=1", status: Int = 200
    ) -> AccessRecord {
        AccessRecord(
            method: method, target: target, status: status, contentLength: 5321, duration: .microseconds(187),
            peer: "127.0.0.1:50312", requestID: method.map { _ in HTTPRequestID(rawValue: 0x1f) })
    }

    private static func logger(_ lines: LogLines, level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: "test") { _ in LineLogHandler(lines) }
        logger.logLevel = level
        return logger
    }

    @Test func `an answer is one line`() async throws {
        let lines = LogLines()
        let log = try #require(AccessLogger(Self.logger(lines)))
        log.record(Self.record())
        await log.flush()
        #expect(lines.all == ["127.0.0.1:50312 GET /room/7?x=1 200 5321 B 187 µs 000000000000001f"])
    }

    @Test func `an answer to what is no request says so`() async throws {
        let lines = LogLines()
        let log = try #require(AccessLogger(Self.logger(lines)))
        log.record(Self.record(nil, nil, status: 400))
        await log.flush()
        #expect(lines.all == ["127.0.0.1:50312 - - 400 5321 B 187 µs -"])
    }

    @Test func `lines come in the order of their answers`() async throws {
        let lines = LogLines()
        let log = try #require(AccessLogger(Self.logger(lines)))
        for status in 0..<1000 { log.record(Self.record(status: status)) }
        await log.flush()
        #expect(lines.all.compactMap { Int($0.split(separator: " ")[3]) } == Array(0..<1000))
    }

    @Test func `nothing is recorded when nobody would read it`() {
        #expect(AccessLogger(Self.logger(LogLines(), level: .notice)) == nil)
        #expect(AccessLogger(Self.logger(LogLines(), level: .trace)) != nil)
    }
}
