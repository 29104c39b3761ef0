import HTTPTransport
import NonblockingIO
import Testing

/// The one server that all rows of the table ask, started before the first and stopped after the last.
struct ConformanceServer: SuiteTrait, TestScoping {
    @TaskLocal static var port: UInt16?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let loops = try (0..<2).map { try EventLoop(label: "conformance.\($0)") }
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let responder = try ConformanceResponder()
        let server = try HTTPServer(
            address: address, loops: loops, responders: loops.map { _ in responder }, limits: ServerLimits())
        try await server.start()
        do {
            try await Self.$port.withValue(server.address.port) { try await function() }
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await server.stop(within: .zero)
    }
}

extension Trait where Self == ConformanceServer {
    static var conformanceServer: Self { Self() }
}
