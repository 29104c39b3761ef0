import HTTP
import Testing

struct ConditionalRequestTests {
    private static let older = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let same = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let newer = "Sun, 06 Nov 1994 08:49:38 GMT"
    private static let lastModified: Int64 = 784_111_777

    struct Condition: Sendable {
        var method = HTTPMethod.get
        var lines: [(String, String)]
        var tag: String? = "\"a\""
        var hasDate = true
        var exists = true

        init(_ lines: (String, String)..., method: HTTPMethod = .get, tag: String? = "\"a\"") {
            self.lines = lines
            self.method = method
            self.tag = tag
        }

        var without: Condition { with { $0.exists = false } }
        var undated: Condition { with { $0.hasDate = false } }

        private func with(_ change: (inout Condition) -> Void) -> Condition {
            var copy = self
            change(&copy)
            return copy
        }
    }

    @Test(
        arguments: [
            Row("no condition", Condition(), .proceed),
            Row("none match: same", Condition(("If-None-Match", "\"a\"")), .notModified),
            Row("none match: HEAD", Condition(("If-None-Match", "\"a\""), method: .head), .notModified),
            Row("none match: POST", Condition(("If-None-Match", "\"a\""), method: .post), .preconditionFailed),
            Row("none match: other", Condition(("If-None-Match", "\"b\"")), .proceed),
            Row("none match: weak is enough", Condition(("If-None-Match", "W/\"a\"")), .notModified),
            Row("none match: list", Condition(("If-None-Match", "\"b\", ,\"a\"")), .notModified),
            Row(
                "none match: two lines", Condition(("If-None-Match", "\"b\""), ("If-None-Match", "\"a\"")), .notModified
            ),
            Row("none match: comma in a tag", Condition(("If-None-Match", "\"a,b\""), tag: "\"a,b\""), .notModified),
            Row("none match: any", Condition(("If-None-Match", "*")), .notModified),
            Row("none match: any of nothing", Condition(("If-None-Match", "*")).without, .proceed),
            Row("none match: PUT of something new", Condition(("If-None-Match", "*"), method: .put).without, .proceed),
            Row("none match: PUT over something", Condition(("If-None-Match", "*"), method: .put), .preconditionFailed),
            Row("none match: unquoted", Condition(("If-None-Match", "a")), .proceed),
            Row("none match: small w", Condition(("If-None-Match", "w/\"a\"")), .proceed),
            Row("none match: no comma", Condition(("If-None-Match", "\"b\" \"a\"")), .proceed),
            Row("none match: no tag to compare", Condition(("If-None-Match", "\"a\""), tag: nil), .proceed),
            Row(
                "none match beats the date", Condition(("If-None-Match", "\"b\""), ("If-Modified-Since", newer)),
                .proceed),
            Row("modified since: same", Condition(("If-Modified-Since", same)), .notModified),
            Row("modified since: newer", Condition(("If-Modified-Since", newer)), .notModified),
            Row("modified since: older", Condition(("If-Modified-Since", older)), .proceed),
            Row("modified since: invalid", Condition(("If-Modified-Since", "yesterday")), .proceed),
            Row("modified since: POST", Condition(("If-Modified-Since", same), method: .post), .proceed),
            Row("modified since: no date to compare", Condition(("If-Modified-Since", same)).undated, .proceed),
            Row("match: same", Condition(("If-Match", "\"a\""), method: .put), .proceed),
            Row("match: other", Condition(("If-Match", "\"b\""), method: .put), .preconditionFailed),
            Row("match: other for GET", Condition(("If-Match", "\"b\"")), .preconditionFailed),
            Row("match: weak is not enough", Condition(("If-Match", "W/\"a\"")), .preconditionFailed),
            Row("match: weak on our side", Condition(("If-Match", "W/\"a\""), tag: "W/\"a\""), .preconditionFailed),
            Row("match: any", Condition(("If-Match", "*")), .proceed),
            Row("match: any of nothing", Condition(("If-Match", "*")).without, .preconditionFailed),
            Row("match: malformed", Condition(("If-Match", "\"a\", x")), .preconditionFailed),
            Row("match beats the date", Condition(("If-Match", "\"a\""), ("If-Unmodified-Since", older)), .proceed),
            Row("match, then none match", Condition(("If-Match", "*"), ("If-None-Match", "\"a\"")), .notModified),
            Row("unmodified since: older", Condition(("If-Unmodified-Since", older)), .preconditionFailed),
            Row("unmodified since: same", Condition(("If-Unmodified-Since", same)), .proceed),
            Row("unmodified since: newer", Condition(("If-Unmodified-Since", newer)), .proceed),
            Row("unmodified since: invalid", Condition(("If-Unmodified-Since", "x")), .proceed),
        ] as [Row<Condition, ConditionalRequest.Outcome>])
    func `preconditions are evaluated in their order`(row: Row<Condition, ConditionalRequest.Outcome>) throws {
        var fields = HTTPFields()
        for (name, value) in row.input.lines { fields.append(value, for: try #require(HTTPFieldName(name))) }
        let tag = row.input.tag.flatMap { EntityTag(parsing: Array($0.utf8)) }
        #expect((tag == nil) == (row.input.tag == nil))
        let outcome = ConditionalRequest.evaluate(
            method: row.input.method, fields: fields, entityTag: tag,
            lastModified: row.input.hasDate ? Self.lastModified : nil, exists: row.input.exists)
        #expect(outcome == row.expected)
    }

    @Test func `entity tags are made, written and compared`() throws {
        let strong = try #require(EntityTag("x"))
        let weak = try #require(EntityTag("x", isWeak: true))
        #expect(strong.fieldValue == "\"x\"" && weak.fieldValue == "W/\"x\"")
        #expect(strong.stronglyMatches(strong) && strong.weaklyMatches(weak))
        #expect(!strong.stronglyMatches(weak) && !weak.stronglyMatches(weak))
        #expect(EntityTag("") != nil)
        for text in ["a\"b", "a b", "a\r\nb", "\u{7F}"] { #expect(EntityTag(text) == nil) }
        for text in ["x", "\"x", "x\"", "W\"x\"", "W/x", "\"x\"y", " \"x\"", ""] {
            #expect(EntityTag(parsing: Array(text.utf8)) == nil)
        }
    }

    @Test(
        arguments: [
            Row("first bytes", "bytes=0-4", .parts([0..<5])),
            Row("unit in capitals", "BYTES=0-4", .parts([0..<5])),
            Row("to the end", "bytes=5-", .parts([5..<10])),
            Row("last byte", "bytes=9-9", .parts([9..<10])),
            Row("beyond the end", "bytes=5-99999999999999999999", .parts([5..<10])),
            Row("suffix", "bytes=-3", .parts([7..<10])),
            Row("suffix longer than all", "bytes=-11", .parts([0..<10])),
            Row("empty suffix", "bytes=-0", .notSatisfiable),
            Row("after the end", "bytes=10-", .notSatisfiable),
            Row("far after the end", "bytes=99999999999999999999-", .notSatisfiable),
            Row("backwards", "bytes=5-4", .whole),
            Row("several", "bytes=0-1,3-4", .parts([0..<2, 3..<5])),
            Row("several in their order", "bytes=-1, 0-0", .parts([9..<10, 0..<1])),
            Row("several that touch", "bytes=0-1,2-4", .parts([0..<5])),
            Row("several that overlap", "bytes=8-,0-0,7-8", .parts([7..<10, 0..<1])),
            Row("one that joins two", "bytes=0-1,5-6,2-4", .parts([0..<7])),
            Row("one beyond the end among others", "bytes=20-,0-0", .parts([0..<1])),
            Row("all beyond the end", "bytes=20-,30-31,-0", .notSatisfiable),
            Row("one malformed among others", "bytes=0-0,x", .whole),
            Row(
                "as many as may be", "bytes=" + Array(repeating: "0-0", count: 16).joined(separator: ","),
                .parts([0..<1])),
            Row("too many", "bytes=" + Array(repeating: "0-0", count: 17).joined(separator: ","), .whole),
            Row("other unit", "lines=0-4", .whole),
            Row("no range", "bytes=", .whole),
            Row("only a hyphen", "bytes=-", .whole),
            Row("no digits", "bytes=a-b", .whole),
            Row("sign", "bytes=+1-2", .whole),
        ] as [Row<String, RangeRequest>])
    func `a range is read`(row: Row<String, RangeRequest>) throws {
        let fields = try fields(("Range", row.input))
        let range = RangeRequest(method: .get, fields: fields, length: 10, entityTag: nil, lastModified: nil)
        #expect(range == row.expected)
        let head = RangeRequest(method: .head, fields: fields, length: 10, entityTag: nil, lastModified: nil)
        #expect(head == .whole)
    }

    @Test(arguments: [
        Row("strong tag", "\"a\"", true), Row("other tag", "\"b\"", false), Row("weak tag", "W/\"a\"", false),
        Row("exact date", same, true), Row("newer date", newer, false), Row("older date", older, false),
        Row("nonsense", "x", false),
    ])
    func `a range counts only while its condition holds`(row: Row<String, Bool>) throws {
        let fields = try fields(("Range", "bytes=0-0"), ("If-Range", row.input))
        let tag = EntityTag("a")
        let range = RangeRequest(
            method: .get, fields: fields, length: 10, entityTag: tag, lastModified: Self.lastModified)
        #expect(range == (row.expected ? .parts([0..<1]) : .whole))
        let unknown = RangeRequest(method: .get, fields: fields, length: 10, entityTag: nil, lastModified: nil)
        #expect(unknown == .whole)
    }

    @Test func `a part is named with its length`() {
        #expect(RangeRequest.contentRange(of: 5..<10, length: 20) == "bytes 5-9/20")
        #expect(RangeRequest.unsatisfiedContentRange(length: 20) == "bytes */20")
    }

    @Test func `several parts are written with a boundary between them`() {
        let content = MultipartByteRanges.content(
            [0..<2, 4..<5], of: Array("abcde".utf8), mediaType: "text/plain", boundary: "X")
        let expected =
            "--X\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/5\r\n\r\nab\r\n"
            + "--X\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-4/5\r\n\r\ne\r\n--X--\r\n"
        #expect(String(decoding: content, as: UTF8.self) == expected)
        #expect(MultipartByteRanges.makeBoundary() != MultipartByteRanges.makeBoundary())
    }
}
