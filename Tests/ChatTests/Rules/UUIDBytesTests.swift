import Testing

@testable import Chat

struct UUIDBytesTests {
    private static let text = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

    @Test func `a UUID is read in either case and written in the lower`() throws {
        let uuid = try #require(UUIDBytes(Self.text))
        #expect(uuid.bytes.prefix(5) == [0xF8, 0x1D, 0x4F, 0xAE, 0x7D])
        #expect(uuid.text == Self.text)
        #expect(UUIDBytes(Self.text.uppercased()) == uuid)
    }

    @Test(arguments: [
        ("empty", ""), ("one digit less", "f81d4fae-7dec-11d0-a765-00a0c91e6bf"),
        ("one digit more", "f81d4fae-7dec-11d0-a765-00a0c91e6bf60"), ("no hyphens", "f81d4fae7dec11d0a76500a0c91e6bf6"),
        ("a hyphen elsewhere", "f81d4fa-e7dec-11d0-a765-00a0c91e6bf6"),
        ("no digit", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("braces", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"), ("a space", " f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("a scheme", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("hyphens only", "--------------------------------"), ("five groups of nothing", "----"),
    ])
    func `any other form is refused`(_ name: String, text: String) {
        #expect(UUIDBytes(text) == nil)
    }

    @Test func `new ones are random UUIDs of version 4`() {
        let uuids = (0..<100).map { _ in UUIDBytes() }
        #expect(Set(uuids).count == 100)
        for uuid in uuids {
            #expect(uuid.bytes[6] >> 4 == 4)
            #expect(uuid.bytes[8] >> 6 == 0b10)
        }
    }
}
