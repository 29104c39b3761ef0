import HTTP
import Testing

struct MessageTests {
    @Test func `methods are case-sensitive tokens`() {
        #expect(HTTPMethod("GET") == .get)
        #expect(HTTPMethod("get") != .get)
        #expect(HTTPMethod("") == nil)
        #expect(HTTPMethod("A B") == nil)
        let safe: [HTTPMethod] = [.get, .head, .options, .trace]
        let unsafe: [HTTPMethod] = [.post, .put, .delete, .patch, .connect]
        #expect(safe.filter(\.isSafe) == safe)
        #expect(unsafe.filter(\.isSafe) == [])
    }

    @Test func `field names are tokens without regard to case`() {
        #expect(HTTPFieldName("content-TYPE") == .contentType)
        #expect(Set([HTTPFieldName("ETag"), HTTPFieldName("etag"), HTTPFieldName("Age")]).count == 2)
        #expect(HTTPFieldName("^") != HTTPFieldName("~"))
        for name in ["", "a b", "a:", "é", "a\r\nb", "a\u{0}"] { #expect(HTTPFieldName(name) == nil) }
    }

    @Test func `the tokens of names are exactly those of RFC 9110`() {
        let allowed = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8(0)..<128 {
            let name = String(decoding: [byte], as: UTF8.self)
            #expect((HTTPFieldName(name) != nil) == allowed.contains(byte), "\(byte)")
        }
    }

    @Test func `fields are found, joined, replaced and removed`() throws {
        var fields = try fields(("Vary", "a"), ("X", "1"), ("vary", "b"), ("Cookie", "c=1"), ("Cookie", "d=2"))
        #expect(fields[.vary] == "a, b")
        #expect(fields[.cookie] == "c=1; d=2")
        #expect(fields[.host] == nil)
        #expect(fields.values(of: .vary) == ["a", "b"])
        #expect(fields.values(of: .host) == [])
        #expect(fields.firstValueBytes(of: .vary).map(Array.init) == Array("a".utf8))
        #expect(fields.firstValueBytes(of: .host) == nil)
        #expect(fields.contains(.vary) && !fields.contains(.host))
        #expect(fields.count == 5 && !fields.isEmpty)
        fields[.vary] = "c"
        #expect(fields.map { "\($0.name)=\($0.value)" } == ["X=1", "Cookie=c=1", "Cookie=d=2", "Vary=c"])
        fields[.cookie] = nil
        #expect(fields.map(\.name) == ["X", "Vary"])
        fields.append("s=1", for: .setCookie)
        fields.append("t=2", for: .setCookie)
        #expect(fields[.setCookie] == "s=1")
        #expect(fields.values(of: .setCookie) == ["s=1", "t=2"])
    }

    @Test(arguments: [
        Row("plain", "a b", "a b"),
        Row("CRLF and a field", "a\r\nSet-Cookie: x=y", "a  Set-Cookie: x=y"),
        Row("NUL", "a\u{0}b", "a b"),
        Row("DEL", "a\u{7F}b", "a b"),
        Row("tab stays", "a\tb", "a\tb"),
        Row("white space around", " \ta\t ", "a"),
        Row("only controls", "\r\n", ""),
        Row("controls around", "\r\na\r\n", "a"),
        Row("Unicode", "é", "é"),
    ])
    func `a value can never end its line`(row: Row<String, String>) {
        var fields = HTTPFields()
        fields.append(row.input, for: .location)
        #expect(fields[.location] == row.expected)
        #expect(fields.count == 1)
    }

    @Test func `statuses have their phrases`() {
        #expect(HTTPStatus.ok.code == 200 && HTTPStatus.ok.reasonPhrase == "OK")
        #expect(HTTPStatus.contentTooLarge.reasonPhrase == "Content Too Large")
        #expect(HTTPStatus(code: 422) == .unprocessableContent)
        #expect(HTTPStatus(code: 299).reasonPhrase == "")
        for code in (100...599) as ClosedRange<UInt16> {
            #expect(HTTPStatus(code: code).allowsContent == (code >= 200 && ![204, 205, 304].contains(code)))
        }
    }

    @Test func `a request's authority is that of the target or of Host`() throws {
        #expect(try HTTPRequest(.get, "http://t/", fields: fields(("Host", "h"))).authority == "t")
        #expect(try HTTPRequest(.get, "/", fields: fields(("Host", "h"))).authority == "h")
        #expect(HTTPRequest().authority == nil)
        #expect(try HTTPRequest(.get, "/").keepsAlive)
        #expect(try !HTTPRequest(.get, "/", fields: fields(("Connection", "close"))).keepsAlive)
        #expect(!HTTPRequest(version: .http10).keepsAlive)
    }
}
