import NonblockingIO
import PostgreSQL
import Testing

@testable import Chat

struct NewsPublisherTests {
    @Test func `what could not be told while the database was away is told when it is back`() async throws {
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
        // One that was not started has no connection.
        let pool = PostgresPool(loop: loop, configuration: configuration)
        let publisher = NewsPublisher(loop: loop, database: pool, process: "test")
        let told = Set((0..<1_000).map { News.room(.max - $0) })
        var heard: Set<News> = []
        for await payload in payloads {
            if payload.isEmpty {
                await publisher.publish(Array(told))
                await pool.start()
                continue
            }
            let words = payload.split(separator: " ")
            // Other tests use the channel, too.
            guard words.first == "test" else { continue }
            heard.formUnion(words.dropFirst().compactMap { News(word: $0) })
            if heard == told { break }
        }
        #expect(heard == told)
        await listener.close()
        await pool.close()
    }
}
