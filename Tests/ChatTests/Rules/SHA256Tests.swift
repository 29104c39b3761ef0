import PostgreSQL
import Testing

@testable import Chat
@testable import ChatWeb

struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the examples of NIST`(_ message: String, _ digest: String) {
        #expect(Hexadecimal.text(SHA256.digest(of: Array(message.utf8))) == digest)
    }

    @Test func `PostgreSQL makes the same, whatever the length leaves for the padding`() async throws {
        try await TestSite.with { site in
            for length in [1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000] {
                let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                let rows = try await site.query("SELECT encode(sha256($1), 'hex')", [.bytes(message)])
                #expect(try rows[0].text(0) == Hexadecimal.text(SHA256.digest(of: message)), "\(length)")
            }
        }
    }
}
