import Testing

@testable import Chat

struct CaseFoldingTests {
    /// Every code point that a name may begin with, and every mark.
    private static let allowed = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
        (try? Username("a\(scalar)")) != nil  // refused ones are not looked at
    }

    @Test func `the folding is that of Unicode's file, for every code point that the file knows`() {
        // FNV-1a of the lines "code;folding" of the C and F lines of CaseFolding-15.0.0.txt, in their order.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var count = 0
        for scalar in (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init) {
            guard let age = scalar.properties.age, age.major <= 15 else { continue }
            let folding = scalar.fullCaseFolding.map { String($0.value, radix: 16) }.joined(separator: " ")
            let code = String(scalar.value, radix: 16)
            guard folding != code else { continue }
            count += 1
            for byte in "\(code);\(folding)\n".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        #expect(count == 1_530)
        #expect(hash == 0x0ca2_f127_1c00_95f5)
    }

    @Test func `a key's key is itself, and a name's other spellings have its key`() {
        #expect(Self.allowed.count > 130_000)
        for scalar in Self.allowed {
            let text = "a\(scalar)b"
            let key = text.caseFolded
            #expect(key.caseFolded.unicodeScalars.elementsEqual(key.unicodeScalars), "\(scalar.value)")
            #expect(key.composed.unicodeScalars.elementsEqual(key.unicodeScalars), "\(scalar.value)")
            #expect(text.composed.caseFolded.unicodeScalars.elementsEqual(key.unicodeScalars), "\(scalar.value)")
            let upper = "a\(scalar.properties.uppercaseMapping)b".caseFolded
            let isDotless = scalar == "ı"
            #expect(upper.unicodeScalars.elementsEqual(key.unicodeScalars) != isDotless, "\(scalar.value)")
            let lower = "a\(scalar.properties.lowercaseMapping)b".caseFolded
            #expect(lower.unicodeScalars.elementsEqual(key.unicodeScalars), "\(scalar.value)")
        }
    }

    @Test(arguments: [
        ("case", "alice", "ALICE"), ("three sigmas", "ΣΊΣΥΦΟΣ", "σίσυφος"), ("sharp s", "STRASSE", "straße"),
        ("capital sharp s", "straẞe", "straße"), ("Cherokee's young small letters", "ꭰꮃ", "ᎠᎳ"),
        ("Cherokee's old small letters", "ᏸ", "Ᏸ"), ("Georgian's capitals", "ᲐᲑ", "აბ"), ("long s", "ſ", "S"),
        ("kelvin", "\u{212A}", "k"), ("a ligature", "ﬁ", "FI"), ("a digraph in title case", "ǅ", "ǆ"),
        ("a composed accent", "É", "e\u{301}"), ("the order of marks", "a\u{304}\u{323}", "A\u{323}\u{304}"),
        ("iota below", "ᾳ", "ΑΙ"), ("the dotted I", "İlgaz", "i\u{307}lgaz"), ("micro", "µ", "μ"),
    ])
    func `names that Unicode calls the same have one key`(_ name: String, one: String, other: String) throws {
        #expect(try Username(one).key.unicodeScalars.elementsEqual(try Username(other).key.unicodeScalars))
    }

    @Test func `the four Turkish i are three letters`() throws {
        let keys = try ["ılgaz", "ilgaz", "Ilgaz", "İlgaz"].map { Array(try Username($0).key.utf8) }
        #expect(Set(keys).count == 3)
        #expect(keys[1] == keys[2], "without a language I is the capital of i")
    }
}
