import Testing

@testable import Chat

struct HexadecimalTests {
    @Test func `every byte is written as two digits and read back`() throws {
        let all = Array(UInt8.min ... .max)
        let text = Hexadecimal.text(all)
        #expect(text.utf8.count == 512)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hexadecimal.bytes(Array(text.utf8)[...]) == all)
        #expect(Hexadecimal.bytes(Array(text.uppercased().utf8)[...]) == all)
        #expect(Hexadecimal.bytes([]) == [])
    }

    @Test(arguments: ["a", "abc", "0g", "g0", "0 ", "+1", "0x", "/0", ":0", "@0", "`0", "é0"])
    func `anything but pairs of digits is refused`(_ text: String) {
        #expect(Hexadecimal.bytes(Array(text.utf8)[...]) == nil)
    }
}
