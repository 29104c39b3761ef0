import HTTP
import Testing

struct CookieTests {
    @Test(
        arguments: [
            Row("only one", "s=1", "1"),
            Row("among others", "a=b; s=1; c=d", "1"),
            Row("without spaces", "a=b;s=1;c=d", "1"),
            Row("with more white space", "a=b ;\t s = 1 ; c", "1"),
            Row("the first of two", "s=1; s=2", "1"),
            Row("equals sign in the value", "s=a=b==", "a=b=="),
            Row("empty value", "s=; a=b", ""),
            Row("quotes stay", "s=\"1\"", "\"1\""),
            Row("a longer name", "ss=1; xs=2", nil),
            Row("another case", "S=1", nil),
            Row("no equals sign", "s; a=b", nil),
            Row("name in a value", "a=s=1", nil),
            Row("empty", "", nil),
            Row("only semicolons", ";;;", nil),
        ] as [Row<String, String?>])
    func `a cookie is found by its name`(row: Row<String, String?>) throws {
        let fields = try fields(("Cookie", row.input))
        #expect(HTTPCookies.value(named: "s", in: fields) == row.expected)
        #expect(HTTPCookies.valueBytes(named: "s", in: fields).map(Array.init) == row.expected.map { Array($0.utf8) })
    }

    @Test func `cookies may be on two lines or absent`() throws {
        let fields = try fields(("Cookie", "a=1"), ("Cookie", "s=2"))
        #expect(HTTPCookies.value(named: "s", in: fields) == "2")
        #expect(HTTPCookies.value(named: "s", in: HTTPFields()) == nil)
    }

    @Test func `of several of a name each is offered until one is taken`() throws {
        let fields = try fields(("Cookie", "s=1; a=b; s=2; S=5"), ("Cookie", "s=3; s=4"))
        var offered: [String] = []
        HTTPCookies.search("s", in: fields) { value in
            offered.append(String(decoding: value, as: UTF8.self))
            return value.elementsEqual("3".utf8)
        }
        #expect(offered == ["1", "2", "3"])
        HTTPCookies.search("s", in: fields) { value in
            offered.append(String(decoding: value, as: UTF8.self))
            return false
        }
        #expect(offered == ["1", "2", "3", "1", "2", "3", "4"])
    }

    @Test func `a cookie is written with its attributes`() {
        let session = SetCookie(name: "s", value: "abc", maxAge: 2_592_000, secure: true)
        #expect(session.fieldValue == "s=abc; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax")
        let plain = SetCookie(name: "s", value: "", path: nil, httpOnly: false, sameSite: nil)
        #expect(plain.fieldValue == "s=")
        let strict = SetCookie(name: "s", value: "1", maxAge: 0, path: "/a", httpOnly: false, sameSite: .strict)
        #expect(strict.fieldValue == "s=1; Max-Age=0; Path=/a; SameSite=Strict")
    }

    @Test func `no part of a cookie adds an attribute`() {
        let cookie = SetCookie(
            name: "s;=x\r\n", value: "a; Domain=b,\"\\\r\né", path: "/;x\r\n", sameSite: SetCookie.SameSite.none)
        #expect(cookie.fieldValue == "s x".replacing(" ", with: "") + "=aDomain=b; Path=/x; HttpOnly; SameSite=None")
    }
}
