import Testing

/// One row of the conformance table: bytes that a client sends on a fresh connection, and what must come back.
struct ConformanceRow: Sendable, CustomTestStringConvertible {
    /// Short and telling; of what the RFC leaves open, it says what this server chooses.
    let name: String
    /// The RFC and its section, such as `9112 3.2`.
    let section: String
    /// What is sent; each character is one byte: `\u{FF}` is the byte FF.
    let sent: String
    let expected: ConformanceExpectation

    init(_ name: String, _ section: String, _ sent: String, _ expected: ConformanceExpectation) {
        self.name = name
        self.section = section
        self.sent = sent
        self.expected = expected
    }

    var testDescription: String { "\(name) (RFC \(section))" }

    var bytes: [UInt8] { Self.bytes(of: sent) }

    static func bytes(of text: String) -> [UInt8] {
        // What is ASCII, as everything long is, needs no look at each character.
        let bytes = Array(text.utf8)
        guard bytes.count != text.unicodeScalars.count else { return bytes }
        return text.unicodeScalars.map { scalar in
            guard let byte = UInt8(exactly: scalar.value) else { preconditionFailure("no byte: \(scalar)") }
            return byte
        }
    }
}
