import NonblockingIO
import PostgreSQL
import Testing

@testable import Chat

struct NewsPublisherTests {
    /// A listener of its own, and what it has heard: an empty text when it has begun to listen.
    private func withListener(_ body: (EventLoop, PostgresPool, AsyncStream<String>) async throws -> Void) async throws
    {
        let loop = try EventLoop(label: "test.publisher")
        let configuration = PostgresConfiguration(connectionString: try await TestDatabase.shared.connectionString)
        let (payloads, continuation) = AsyncStream<String>.makeStream()
        let listener = PostgresListener(loop: loop, configuration: configuration, channels: [NewsExchange.channel]) {
            switch $0 {
            case .connected: continuation.yield("")
            case .notification(_, let payload): continuation.yield(payload)
            case .disconnected: break
            }
        }
        await listener.start()
        let pool = PostgresPool(loop: loop, configuration: configuration)
        try await body(loop, pool, payloads)
        await listener.close()
        await pool.close()
    }

    @Test func `what could not be told while the database was away is told when it is back`() async throws {
        try await withListener { loop, pool, payloads in
            // The pool was not started, so it has no connection.
            let publisher = NewsPublisher(loop: loop, database: pool, process: "later")
            let told = Set((0..<1_000).map { News.room(.max - $0) })
            var heard: Set<News> = []
            for await payload in payloads {
                if payload.isEmpty {
                    await publisher.publish(Array(told))
                    await pool.start()
                } else {
                    heard.formUnion(news(in: payload, of: "later"))
                }
                if heard == told { break }
            }
            #expect(heard == told)
        }
    }

    @Test func `at a stop it is waited until everything is told`() async throws {
        try await withListener { loop, pool, payloads in
            let publisher = NewsPublisher(loop: loop, database: pool, process: "at-a-stop")
            await pool.start()
            var heard: [News] = []
            for await payload in payloads {
                if payload.isEmpty {
                    await publisher.publish([.room(1)])
                    await publisher.publish([.room(2), .person(3)])
                    await publisher.flush()
                    await pool.close()
                    await publisher.flush()
                } else {
                    heard += news(in: payload, of: "at-a-stop")
                }
                if heard.count == 3 { break }
            }
            #expect(Set(heard) == [.room(1), .room(2), .person(3)])
        }
    }

    /// Other tests use the channel, too.
    private func news(in payload: String, of process: String) -> [News] {
        let words = payload.split(separator: " ")
        return words.first.map(String.init) == process ? words.dropFirst().compactMap { News(word: $0) } : []
    }
}
