import Glibc
import HTTP
import NonblockingIO
import Synchronization
import Testing

@testable import HTTPTransport

extension TransportTests {
    /// A large file of which the kernel has nothing in memory.
    struct ColdFileTests {
        private struct Responder: HTTPResponder {
            let file: StaticFile

            func respond(to request: HTTPRequest) async -> HTTPResponse {
                guard request.target.path == "/cold" else { return HTTPResponse(content: Array("warm".utf8)) }
                return file.response(to: request, lasts: false)
            }
        }

        private static let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

        /// Serves the file, whose disk is reached through `access`, on one loop.
        private static func serve(
            _ access: OpenFile.Access, _ body: (_ port: UInt16, EventLoop) async throws -> Void
        ) async throws {
            var template = Array("/tmp/cold-file-XXXXXX".utf8CString)
            let folder = String(cString: try #require(mkdtemp(&template)))
            let path = folder + "/cold.bin"
            defer {
                unlink(path)
                rmdir(folder)
            }
            let stream = try #require(fopen(path, "w"))
            #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
            fclose(stream)
            let open = try OpenFile(path: path, access: access)
            let file = StaticFile(
                path: path, content: .file(open, length: bytes.count), version: "1", lastModified: 0)
            let loop = try EventLoop(label: "cold")
            let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
            let server = try HTTPServer(address: address, loops: [loop], responders: [Responder(file: file)])
            try await server.start()
            do {
                try await body(server.address.port, loop)
            } catch {
                await server.stop(within: .zero)
                throw error
            }
            await server.stop(within: .zero)
        }

        @Test func `each part is read away from the loop, which serves others meanwhile`() async throws {
            let loads = Mutex<[Range<Int>]>([])
            let reading = Tally()
            let mayRead = Gate()
            let loopOfTest = Mutex<EventLoop?>(nil)
            let access = OpenFile.Access(
                isInMemory: { _, _ in false },
                load: { file, part in
                    #expect(loopOfTest.withLock { $0?.isCurrent } == false)
                    loads.withLock { $0.append(part) }
                    reading.add()
                    // The first one waits for the disk until the other client has its answer.
                    if part.lowerBound == 0 { mayRead.block() }
                    OpenFile.Access.system.load(file, part)
                })
            try await Self.serve(access) { port, loop in
                loopOfTest.withLock { $0 = loop }
                let client = try TestClient(port: port)
                try client.get("/cold")
                await reading.reaches(1)
                let other = try TestClient(port: port)
                #expect(try await onThread { try other.fetch("/other").text } == "warm")
                mayRead.open()
                let response = try await onThread { try client.receiveResponse() }
                #expect(response.content == Self.bytes)
                // One after the other, each once, and nothing was sent that had not been read.
                let starts = Array(stride(from: 0, to: Self.bytes.count, by: OpenFile.partSize))
                #expect(loads.withLock { $0 } == starts.map { $0..<min($0 + OpenFile.partSize, Self.bytes.count) })
            }
        }

        @Test func `a client that goes away while its file is read leaves nothing behind`() async throws {
            let reading = Tally()
            let mayRead = Gate()
            let access = OpenFile.Access(
                isInMemory: { _, _ in false },
                load: { _, _ in
                    reading.add()
                    mayRead.block()
                })
            try await Self.serve(access) { port, loop in
                var client: TestClient? = try TestClient(port: port)
                client?.resetOnClose()
                try client?.get("/cold")
                await reading.reaches(1)
                client = nil
                mayRead.open()
                let other = try TestClient(port: port)
                #expect(try await onThread { try other.fetch("/other").text } == "warm")
            }
        }
    }

    struct MemoryReturnTests {
        @Test func `after a rush of connections memory is given back once they have gone`() async throws {
            let returned = Tally()
            let loop = try EventLoop(label: "rush")
            let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
            let server = try HTTPServer(
                address: address, loops: [loop], responders: [TestResponder()], limits: .init(), trustedProxies: [],
                accessLog: nil, log: { _ in }, returnMemory: returned.add)
            try await server.start()
            let port = server.address.port
            try await onThread {
                let clients = try (0..<120).map { _ in try TestClient(port: port) }
                for client in clients { #expect(try client.fetch("/").status == 200) }
            }
            await returned.reaches(1)
            await server.stop(within: .zero)
        }
    }
}
