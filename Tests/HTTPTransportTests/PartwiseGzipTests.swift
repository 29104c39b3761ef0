import HTTP
import TestSupport
import Testing

@testable import HTTPTransport

struct PartwiseGzipTests {
    private static func shared(_ text: String) -> (text: [UInt8], isShared: Bool) { (Array(text.utf8), true) }
    private static func personal(_ text: String) -> (text: [UInt8], isShared: Bool) { (Array(text.utf8), false) }
    private static let markup = String(repeating: "<li class=\"message\">Hai semua!</li>\n", count: 40)

    private static func compress(_ texts: [(text: [UInt8], isShared: Bool)], by gzip: PartwiseGzip) -> [UInt8]? {
        var content: [UInt8] = []
        let parts = texts.map { text, isShared in
            content += text
            return HTTPContentParts.Part(end: content.count, isShared: isShared)
        }
        guard let compressed = gzip.compress(content, HTTPContentParts(parts)) else { return nil }
        #expect(Gunzip.restore(compressed) == content)
        return compressed
    }

    @Test func `any parts in any order are what they were`() {
        var random = SeededGenerator(seed: 7)
        let gzip = PartwiseGzip(maxByteCount: 1 << 20)
        // Texts of few letters repeat themselves, and some come again.
        let texts: [[UInt8]] = (0..<40).map { _ in
            let letters = UInt8(random.size(upTo: 200))
            return (0..<random.size(upTo: 90_000)).map { _ in UInt8(random.below(Int(letters))) }
        }
        var count = 0
        for _ in 0..<300 {
            let parts = (0..<random.below(12)).map { _ in (texts[random.below(texts.count)], !random.once(in: 2)) }
            if Self.compress(parts, by: gzip) != nil { count += 1 }
        }
        #expect(count > 100, "most are smaller")
    }

    @Test(arguments: [
        [shared(markup)], [shared(markup), shared(markup)], [personal("alice"), shared(markup)],
        [shared(markup), personal("alice")], [personal("a"), personal("b"), shared(markup), shared("c")],
        [shared(markup), personal(String(repeating: "x", count: 0xFFFF)), shared(markup)],
        [shared(markup), personal(String(repeating: "x", count: 0x10000)), shared(markup)],
        [shared(markup), personal(String(repeating: "x", count: 200_000))],
    ])
    func `parts begin and end where they may`(_ parts: [(text: [UInt8], isShared: Bool)]) throws {
        let gzip = PartwiseGzip(maxByteCount: 1 << 20)
        let first = try #require(Self.compress(parts, by: gzip))
        #expect(Self.compress(parts, by: gzip) == first, "the second time it is there already")
    }

    @Test func `what is one person's stands as it is, and its length alone tells`() throws {
        let gzip = PartwiseGzip(maxByteCount: 1 << 20)
        let guess = "token=0123456789abcdef"
        func length(_ secret: String) throws -> Int {
            let compressed = try #require(
                Self.compress([Self.shared(Self.markup + guess), Self.personal(secret), Self.shared(guess)], by: gzip))
            #expect(compressed.firstRange(of: Array(secret.utf8)) != nil)
            return compressed.count
        }
        #expect(try length(guess) == length("token=fedcba9876543210"))
    }

    @Test func `parts that have nothing in common with each other are compressed apart`() throws {
        let gzip = PartwiseGzip(maxByteCount: 1 << 20)
        let other = "Rapat besok pukul sepuluh di balai desa, jangan lupa membawa daftar hadir."
        func length(_ texts: String...) throws -> Int {
            try #require(Self.compress([Self.shared(Self.markup)] + texts.map(Self.shared), by: gzip)).count
        }
        #expect(try length(other, other) - length(other) == length(other) - length())
    }

    @Test func `what would not become smaller is left alone`() {
        let gzip = PartwiseGzip(maxByteCount: 1 << 20)
        var random = SeededGenerator(seed: 3)
        let noise = (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(Self.compress([(noise, true)], by: gzip) == nil)
        #expect(Self.compress([(Array(Self.markup.utf8), false)], by: gzip) == nil)
        #expect(Self.compress([], by: gzip) == nil)
    }

    @Test func `a thousand texts take no more memory than they may, and those that are asked for stay`() throws {
        let bound = 200_000
        let parts = DeflatedParts(maxByteCount: bound)
        let favourite = Array(Self.markup.utf8)
        let first = try #require(parts.part(for: favourite[...]))
        for number in 0..<1000 {
            let text = Array((Self.markup + "\(number)").utf8)
            #expect(try #require(parts.part(for: text[...])).is(text[...]))
            #expect(parts.part(for: favourite[...]) === first)
            #expect(parts.byteCount <= bound)
        }
        #expect(parts.byteCount > bound / 4)
    }

    @Test func `a text's key tells it from those that differ by one bit`() {
        var random = SeededGenerator(seed: 11)
        for count in [0, 1, 7, 31, 32, 33, 64, 1000] {
            let text = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var keys: Set = [TextKey.key(of: text[...]), TextKey.key(of: (text + [0])[...])]
            #expect(keys.count == 2)
            for bit in 0..<8 * count {
                var other = text
                other[bit / 8] ^= 1 << (bit % 8)
                #expect(keys.insert(TextKey.key(of: other[...])).inserted)
            }
        }
    }
}
