import Glibc

/// Sends a row's bytes on a connection of their own and compares what comes back.
struct ConformanceExchange {
    /// How the bytes are sent; the outcome must not depend on it.
    enum Cutting: Hashable, Sendable, CaseIterable {
        case whole
        /// Byte by byte; what is long in pieces, 2,000 or so.
        case bytes
        /// In two pieces, cut where the row's name and this number say.
        case halves1, halves2, halves3
    }

    private static let probe = "GET /probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"

    let row: ConformanceRow
    let cutting: Cutting
    private let client: TestClient

    init(_ row: ConformanceRow, _ cutting: Cutting, port: UInt16) throws {
        self.row = row
        self.cutting = cutting
        client = try TestClient(port: port)
    }

    /// Throws what differs from the expectation.
    func run() throws {
        var reader = ResponseReader(client)
        try sendRow()
        if case .clientEnds = row.expected.ending { client.shutdownWriting() }
        if case .awaited(let content) = row.expected.continuation {
            let interim = try reader.next(isForHead: false)
            guard interim.status == 100 else { throw ResponseReader.Failure("\(interim.status) instead of 100") }
            try client.send(ConformanceRow.bytes(of: content))
        }
        for (index, answer) in row.expected.answers.enumerated() {
            var response = try reader.next(isForHead: answer.isForHead)
            if response.status == 100, index == 0, case .possible = row.expected.continuation {
                response = try reader.next(isForHead: answer.isForHead)
            }
            try check(response, against: answer, isLast: index == row.expected.answers.count - 1)
        }
        switch row.expected.ending {
        case .persists:
            try client.send(Self.probe)
            let response = try reader.next(isForHead: false)
            guard response.status == 200, response.content.elementsEqual("GET /probe @probe".utf8) else {
                throw ResponseReader.Failure("the next request is answered \(response)")
            }
        case .closes: try sendToClosing(Array(Self.probe.utf8))
        case .clientEnds: break
        }
        try reader.end()
    }

    private func sendRow() throws {
        let bytes = row.bytes
        var start = 0
        for end in cuts(of: bytes.count) + [bytes.count] {
            if case .closes = row.expected.ending {
                try sendToClosing(bytes[start..<end])
            } else {
                try client.send(bytes[start..<end])
            }
            start = end
        }
    }

    /// Sends to a server that may have closed already; its last answer must be there to read all the same.
    private func sendToClosing(_ bytes: some Collection<UInt8>) throws {
        do {
            try client.send(bytes)
        } catch TestClient.Failure.call("send", let code) where code == EPIPE || code == ECONNRESET {
            return
        }
    }

    private func cuts(of count: Int) -> [Int] {
        guard count > 1 else { return [] }
        switch cutting {
        case .whole: return []
        case .bytes: return Array(stride(from: 1, to: count, by: (count + 2047) / 2048))
        case .halves1: return [cut(of: count, 1)]
        case .halves2: return [cut(of: count, 2)]
        case .halves3: return [cut(of: count, 3)]
        }
    }

    /// A place from 1 on that is always the same for this row, by FNV-1a.
    private func cut(of count: Int, _ seed: UInt64) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
        for byte in row.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return 1 + Int((hash >> 16) % UInt64(count - 1))
    }

    private func check(
        _ response: ResponseReader.Response, against answer: ConformanceExpectation.Answer, isLast: Bool
    ) throws {
        var differences: [String] = []
        if response.status != answer.status { differences.append("status \(response.status)") }
        let content = String(decoding: response.content, as: UTF8.self)
        if let expected = answer.content {
            if answer.isForHead {
                let length = response.values(of: "content-length")
                if length != ["\(expected.utf8.count)"] { differences.append("length \(length)") }
            } else if content != expected {
                differences.append("content “\(content)”")
            }
        }
        for (name, value) in answer.needed where response.values(of: name) != [value] {
            differences.append("\(name): \(response.values(of: name))")
        }
        for name in answer.forbidden where !response.values(of: name).isEmpty { differences.append("\(name) at all") }
        let saysClose = response.values(of: "connection").contains("close")
        switch row.expected.ending {
        case .persists where saysClose: differences.append("Connection: close")
        case .closes where saysClose != isLast: differences.append("connection: \(saysClose ? "close" : "none")")
        default: break
        }
        guard differences.isEmpty else {
            let text = differences.joined(separator: ", ")
            throw ResponseReader.Failure("\(text) instead of \(answer); it said “\(content)”")
        }
    }
}
