import HTTP
import Testing

struct RouterTests {
    private static func router() throws -> Router<String> {
        var router = Router<String>()
        try router.add(.get, "/", "home")
        try router.add(.get, "/room/{id:int}", "room")
        try router.add(.post, "/room/{id:int}/send", "send")
        try router.add(.get, "/room/{id:int}/messages", "messages")
        try router.add(.post, "/room/create", "create")
        try router.add(.get, "/room/{name}/info", "info")
        try router.add(.get, "/css/{path...}", "css")
        try router.add(.get, "/css/main.css", "main")
        try router.add(.get, "/slash/", "slash")
        try router.add(.get, "/user/{name}", "user")
        try router.add(.get, "/user/{a}/{b:int}", "both")
        try router.add(.get, "/own", "own")
        try router.add(.head, "/own", "own head")
        try router.add(.options, "/own", "own options")
        try router.add(.put, "/only", "only")
        return router
    }

    private static func describe(_ match: Router<String>.Match, _ names: [String] = ["id", "name", "path", "a", "b"])
        -> String
    {
        switch match {
        case .found(let value, let parameters):
            let found = names.compactMap { name in parameters.string(name).map { "\(name)=\($0)" } }
            return ([value] + found).joined(separator: " ")
        case .methodNotAllowed(let allowed): return "405 " + allowed.map(\.rawValue).joined(separator: " ")
        case .options(let allowed): return "204 " + allowed.map(\.rawValue).joined(separator: " ")
        case .notFound: return "404"
        }
    }

    @Test(arguments: [
        Row("root", "GET /", "home"),
        Row("number", "GET /room/7", "room id=7"),
        Row("largest number", "GET /room/9223372036854775807", "room id=9223372036854775807"),
        Row("number too large", "GET /room/9223372036854775808", "404"),
        Row("number of many digits", "GET /room/99999999999999999999999", "404"),
        Row("zero", "GET /room/0", "404"),
        Row("leading zero", "GET /room/07", "404"),
        Row("plus", "GET /room/+7", "404"),
        Row("minus", "GET /room/-7", "404"),
        Row("letters", "GET /room/x", "404"),
        Row("digits and letters", "GET /room/7x", "404"),
        Row("encoded digit", "GET /room/%37", "room id=7"),
        Row("no number", "GET /room/", "404"),
        Row("trailing slash", "GET /room/7/", "404"),
        Row("number in the middle", "GET /room/7/messages", "messages id=7"),
        Row("literal beats a number", "POST /room/create", "create"),
        Row("other method of the literal", "GET /room/create", "405 OPTIONS POST"),
        Row("back to a parameter", "GET /room/create/info", "info name=create"),
        Row("number back to text", "GET /room/7/info", "info name=7"),
        Row("other method", "GET /room/7/send", "405 OPTIONS POST"),
        Row("method nobody knows", "BREW /room/7", "405 GET HEAD OPTIONS"),
        Row("method in small letters", "get /", "405 GET HEAD OPTIONS"),
        Row("HEAD of GET", "HEAD /room/7", "room id=7"),
        Row("HEAD without GET", "HEAD /only", "405 OPTIONS PUT"),
        Row("HEAD of its own", "HEAD /own", "own head"),
        Row("OPTIONS of its own", "OPTIONS /own", "own options"),
        Row("OPTIONS", "OPTIONS /room/7", "204 GET HEAD OPTIONS"),
        Row("OPTIONS of a path that is not there", "OPTIONS /nothing", "404"),
        Row("OPTIONS of everything", "OPTIONS *", "204 GET HEAD OPTIONS POST PUT"),
        Row("asterisk for GET", "GET *", "404"),
        Row("rest", "GET /css/a/b.css", "css path=a/b.css"),
        Row("empty rest", "GET /css/", "css path="),
        Row("rest needs its slash", "GET /css", "404"),
        Row("encoded rest", "GET /css/a%20b/%2e%2e", "css path=a b/.."),
        Row("literal beats the rest", "GET /css/main.css", "main"),
        Row("longer than the literal", "GET /css/main.css/x", "css path=main.css/x"),
        Row("with its slash", "GET /slash/", "slash"),
        Row("without its slash", "GET /slash", "404"),
        Row("case counts", "GET /ROOM/7", "404"),
        Row("encoded literal", "GET /r%6Fom/7", "room id=7"),
        Row("encoded slash is no separator", "GET /room%2F7", "404"),
        Row("text", "GET /user/b%C3%A9", "user name=bé"),
        Row("text with an encoded slash", "GET /user/a%2Fb", "user name=a/b"),
        Row("text must not be empty", "GET /user/", "404"),
        Row("text that is not UTF-8 has no string", "GET /user/%FF", "user"),
        Row("text with NUL has no string", "GET /user/%00", "user"),
        Row("two parameters", "GET /user/x/3", "both a=x b=3"),
        Row("dot segments are ordinary", "GET /user/..", "user name=.."),
        Row("two slashes", "GET //", "404"),
        Row("no slash", "GET room", "404"),
        Row("empty", "GET ", "404"),
    ])
    func `a path is matched`(row: Row<String, String>) throws {
        let parts = row.input.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let method = try #require(HTTPMethod(parts[0]))
        #expect(Self.describe(try Self.router().match(method, path: parts[1])) == row.expected)
    }

    @Test func `numbers are given as numbers`() throws {
        guard case .found(_, let parameters) = try Self.router().match(.get, path: "/user/12/34") else {
            Issue.record("no route")
            return
        }
        #expect(parameters.int("a") == 12)
        #expect(parameters.int("b") == 34)
        #expect(parameters.int("c") == nil && parameters.string("c") == nil)
        guard case .found(_, let text) = try Self.router().match(.get, path: "/user/x") else {
            Issue.record("no route")
            return
        }
        #expect(text.int("name") == nil)
    }

    @Test func `the methods of a path may name its parameters differently`() throws {
        var router = Router<String>()
        try router.add(.get, "/{id}", "get")
        try router.add(.put, "/{name}", "put")
        #expect(Self.describe(router.match(.get, path: "/x")) == "get id=x")
        #expect(Self.describe(router.match(.put, path: "/x")) == "put name=x")
        #expect(Self.describe(router.match(.post, path: "/x")) == "405 GET HEAD OPTIONS PUT")
    }

    @Test(arguments: [
        "", "a", "a/b", "/{", "/}", "/{}", "/{:int}", "/{...}", "/{id:float}", "/{id:int", "/id}", "/a{id}", "/{id}a",
        "/{a}{b}", "/{p...}/b", "/{p...}/", "/{1a}", "/{a-b}", "/{a b}", "/a b", "/a?b", "/a#b", "/%41", "/é", "/{é}",
        "/{id:int...}",
    ])
    func `a malformed pattern is refused`(pattern: String) {
        var router = Router<Int>()
        #expect(throws: RouterError.malformedPattern(pattern)) { try router.add(.get, pattern, 1) }
        if case .found = router.match(.get, path: pattern) { Issue.record("added all the same") }
    }

    @Test func `two parameters of one name are refused`() {
        var router = Router<Int>()
        #expect(throws: RouterError.duplicateParameter(pattern: "/{a}/{a:int}", name: "a")) {
            try router.add(.get, "/{a}/{a:int}", 1)
        }
    }

    @Test func `two routes for the same paths are refused`() throws {
        var router = Router<Int>()
        try router.add(.get, "/a/{x}", 1)
        let error = RouterError.conflict(method: .get, pattern: "/a/{y}", existing: "/a/{x}")
        #expect(throws: error) { try router.add(.get, "/a/{y}", 2) }
        #expect(error.description == "The route GET /a/{y} means the same paths as GET /a/{x}.")
        try router.add(.post, "/a/{y}", 3)
        try router.add(.get, "/a/{x:int}", 4)
    }
}
