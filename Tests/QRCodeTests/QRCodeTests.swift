import Testing

@testable import QRCode

struct QRCodeTests {
    /// The pattern in three of the corners, by which a camera finds the code (ISO/IEC 18004 section 6.3.3).
    private static let finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]

    private static func rows(_ code: QRCode) -> [[Character]] {
        (0..<code.width).map { y in (0..<code.width).map { code.isDark[y * code.width + $0] ? "#" : "." } }
    }

    @Test(arguments: [("a", 21), (String(repeating: "a", count: 14), 21), (String(repeating: "a", count: 15), 25)])
    func `a code is the smallest that holds the text, and is found by its corners`(_ text: String, width: Int) throws {
        let code = try #require(QRCode(text))
        #expect(code.width == width)
        let rows = Self.rows(code)
        for (y, x) in [(0, 0), (0, width - 7), (width - 7, 0)] {
            #expect((0..<7).map { String(rows[y + $0][x..<(x + 7)]) } == Self.finder)
        }
        #expect(rows[width - 8][8] == "#", "the dark module")
    }

    @Test func `as much fits as the standard says, and nothing else is taken`() {
        #expect(QRCode(String(repeating: "a", count: 2_331))?.width == 177)
        #expect(QRCode(String(repeating: "a", count: 2_332)) == nil)
        #expect(QRCode("") == nil)
        #expect(QRCode("a\0b") == nil)
    }

    @Test func `the runs are all that is dark, once`() throws {
        let code = try #require(QRCode("http://127.0.0.1:8080/join/7"))
        var isDark = [Bool](repeating: false, count: code.width * code.width)
        code.forEachRun { x, y, length in
            #expect(x == 0 || !code.isDark[y * code.width + x - 1], "a run begins where it is light before")
            for place in x..<(x + length) {
                #expect(!isDark[y * code.width + place])
                isDark[y * code.width + place] = true
            }
        }
        #expect(isDark == code.isDark)
    }
}
