import Glibc
import HTTP
import HTTPTransport
import Testing

/// A folder with one large file, which goes away with the test.
private final class LargeFile: Sendable {
    static let count = 5 * 1024 * 1024
    let folder: String
    var path: String { folder + "/large.bin" }

    init() throws {
        var template = Array("/tmp/large-file-XXXXXX".utf8CString)
        folder = String(cString: try #require(mkdtemp(&template)))
        let file = try #require(fopen(path, "w"))
        let bytes = Self.bytes(0..<Self.count)
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fclose(file)
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }

    /// What is at each place tells the place.
    static func bytes(_ range: Range<Int>) -> [UInt8] {
        range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    /// How often this process has the file open.
    var openCount: Int {
        descriptorsOfThisProcess().filter { descriptor in
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
            return length > 0 && String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self) == path
        }.count
    }

    func serve(_ limits: ServerLimits = .init(), _ body: (TestServer) async throws -> Void) async throws {
        let files = try StaticFiles(directory: folder)
        #expect(openCount == 1)
        try await TestServer.run(responder: TestResponder(files: files), limits, body)
        withExtendedLifetime(files) { #expect(openCount == 1, "no request opens it again") }
    }
}

extension TransportTests {
    /// A file that is not held in memory.
    struct LargeFileTests {
        private let file: LargeFile
        init() throws { file = try LargeFile() }

        @Test func `a large file is sent whole, and requests around it are answered in order`() async throws {
            try await file.serve { server in
                try await server.client { client in
                    for target in ["/first", "/large.bin", "/between", "/large.bin", "/last"] { try client.get(target) }
                    #expect(try client.receiveResponse().text == "GET /first ")
                    for next in ["/between", "/last"] {
                        let large = try client.receiveResponse()
                        #expect(large.status == 200)
                        #expect(large.fields["content-type"] == "application/octet-stream")
                        #expect(large.fields["accept-ranges"] == "bytes")
                        #expect(large.content == LargeFile.bytes(0..<LargeFile.count))
                        #expect(try client.receiveResponse().text == "GET \(next) ")
                    }
                }
            }
            // The task that has stopped the server lets go of it in its own time.
            while file.openCount > 0, !Task.isCancelled { await Task.yield() }
        }

        @Test(arguments: [
            ("bytes=0-0", 0..<1), ("bytes=1000000-3999999", 1_000_000..<4_000_000),
            ("bytes=-10", (LargeFile.count - 10)..<LargeFile.count),
            ("bytes=5242879-", (LargeFile.count - 1)..<LargeFile.count),
        ])
        func `part of a large file is sent`(range: String, bytes: Range<Int>) async throws {
            try await file.serve { server in
                try await server.client { client in
                    let part = try client.fetch("/large.bin", "Range: \(range)")
                    #expect(part.status == 206)
                    let (first, last) = (bytes.lowerBound, bytes.upperBound - 1)
                    #expect(part.fields["content-range"] == "bytes \(first)-\(last)/\(LargeFile.count)")
                    #expect(part.content == LargeFile.bytes(bytes))
                    #expect(try client.fetch("/next").text == "GET /next ")
                }
            }
        }

        @Test func `several parts of a large file are answered by all of it, and none by 416`() async throws {
            try await file.serve { server in
                try await server.client { client in
                    let several = try client.fetch("/large.bin", "Range: bytes=0-0,10-10")
                    #expect(several.status == 200)
                    #expect(several.content.count == LargeFile.count)
                    let none = try client.fetch("/large.bin", "Range: bytes=5242880-")
                    #expect(none.status == 416)
                    #expect(none.fields["content-range"] == "bytes */5242880")
                }
            }
        }

        @Test func `HEAD of a large file, and 304, send nothing of it`() async throws {
            try await file.serve { server in
                try await server.client { client in
                    try client.send("HEAD /large.bin HTTP/1.1\r\nHost: h\r\n\r\n")
                    let head = try client.receiveResponse(hasContent: false)
                    #expect(head.fields["content-length"] == "\(LargeFile.count)")
                    let tag = try #require(head.fields["etag"])
                    #expect(try client.fetch("/large.bin", "If-None-Match: \(tag)").status == 304)
                    #expect(try client.fetch("/next").text == "GET /next ")
                }
            }
        }

        @Test func `a file that becomes shorter while it is sent ends the connection, never the length`() async throws {
            try await file.serve { server in
                let client = try TestClient(port: server.port, receiveBuffer: 65_536)
                try client.get("/large.bin")
                await server.responder.called.reaches(1)
                let first = try await onThread { try client.receiveExactly(1000) }
                #expect(String(decoding: first, as: UTF8.self).contains("Content-Length: \(LargeFile.count)\r\n"))
                #expect(truncate(file.path, 100_000) == 0)
                let count = try await onThread { () -> Int in
                    var count = 0
                    // The end may be a reset.
                    do {
                        while true {
                            let more = try client.receive()
                            if more.isEmpty { return count }
                            count += more.count
                        }
                    } catch TestClient.Failure.call("recv", _) {
                        return count
                    }
                }
                #expect(count < LargeFile.count)
                await server.untilConnections(0)
                #expect(try await server.client { try $0.fetch("/next").text } == "GET /next ")
            }
        }

        @Test func `a client that goes away, or does not read, lets go of the file and of the connection`() async throws
        {
            var limits = ServerLimits()
            limits.writeTimeout = .milliseconds(150)
            try await file.serve(limits) { server in
                for (count, resets) in [(1, false), (2, true)] {
                    var client: TestClient? = try TestClient(port: server.port, receiveBuffer: 65_536)
                    try client?.get("/large.bin")
                    await server.responder.called.reaches(count)
                    if resets {
                        client?.resetOnClose()
                        client = nil
                    }
                    await server.untilConnections(0)
                    withExtendedLifetime(client) {}
                }
            }
            // The task that has stopped the server lets go of it in its own time.
            while file.openCount > 0, !Task.isCancelled { await Task.yield() }
        }

        @Test func `others are served while a fast client takes large files`() async throws {
            try await file.serve { server in
                let greedy = try TestClient(port: server.port)
                for _ in 0..<40 { try greedy.get("/large.bin") }
                async let taken = onThread {
                    var count = 0
                    for _ in 0..<40 { count += try greedy.receiveResponse().content.count }
                    return count
                }
                for _ in 0..<100 {
                    #expect(try await server.client { try $0.fetch("/other").text } == "GET /other ")
                }
                #expect(try await taken == 40 * LargeFile.count)
            }
        }

        @Test func `what is over the limits of memory is kept open instead`() throws {
            var limits = StaticFiles.MemoryLimits()
            limits.file = LargeFile.count
            do {
                let files = try StaticFiles(directory: file.folder, memory: limits)
                #expect(file.openCount == 0, "a file at the limit is in memory")
                withExtendedLifetime(files) {}
            }
            limits.file = LargeFile.count - 1
            do {
                let files = try StaticFiles(directory: file.folder, memory: limits)
                #expect(file.openCount == 1, "one byte more is not")
                withExtendedLifetime(files) {}
            }
            limits.file = LargeFile.count
            limits.total = LargeFile.count - 1
            let files = try StaticFiles(directory: file.folder, memory: limits)
            #expect(file.openCount == 1, "nor is one for which there is no room in all")
            withExtendedLifetime(files) {}
        }
    }
}
