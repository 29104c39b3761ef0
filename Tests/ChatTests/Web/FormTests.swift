import Testing

/// Forms that are none, or hold what is no text.
struct FormTests {
    /// Every field of every form, with what else makes the form good; ROOM stands for a room of alice's. With it, what
    /// only the page has on which the form was.
    static let fields: [(target: String, field: String, rest: String, page: String)] = [
        ("/register", "username", "", "register-error"), ("/login", "username", "", "login-error"),
        ("/room/create", "type", "", "create-error"), ("/room/create", "name", "&type=group", "create-error"),
        ("/room/create", "with", "&type=dm", "create-error"), ("/room/join", "room_id", "", "join-error"),
        ("/room/ROOM/send", "content", "", "class=\"composer\""),
        ("/room/ROOM/send", "client_id", "&content=hi", "class=\"composer\""),
        ("/room/ROOM/send", "anything", "&content=hi", "class=\"composer\""),
    ]

    static let spoilt = [
        ("NUL", "%00"), ("NUL in the middle", "a%00b"), ("NUL as it is", "a\0b"), ("no UTF-8", "%FF"),
        ("cut UTF-8", "%C3"), ("overlong", "%C0%80"), ("a surrogate", "%ED%A0%80"), ("beyond Unicode", "%F4%90%80%80"),
        ("a percent sign", "%"), ("half a percent-encoding", "a%4"), ("no hexadecimal", "%zz"), ("a sign in it", "%+1"),
    ]

    @Test(arguments: fields.indices) func `a field that holds no text is refused`(_ index: Int) async throws {
        let (target, field, rest, page) = Self.fields[index]
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let path = target.replacing("ROOM", with: "\(room)")
            for (name, value) in Self.spoilt {
                let content = "\(field)=\(value)\(rest)"
                let program = try await alice.post(path, content: content, as: .json)
                try expectProblem(program, 422)
                let browser = try await alice.post(path, content: content)
                expectPage(browser, 422, page)
                #expect(browser.status == 422, "\(name)")
            }
            #expect(try await site.int("SELECT count(*) FROM messages") == 0)
            #expect(try await site.int("SELECT count(*) FROM rooms") == 1)
            #expect(try await site.int("SELECT count(*) FROM users") == 1)
        }
    }

    @Test func `a form of another type is refused with a sentence that says so`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for (target, content, page) in [
                ("/register", "username=bob", "register-error"), ("/login", "username=alice", "login-error"),
                ("/room/create", "type=group", "create-error"), ("/room/join", "room_id=\(room)", "join-error"),
                ("/room/\(room)/send", "content=hi", "class=\"composer\""),
            ] {
                for type in [
                    nil, "", "text/plain", "application/json", "multipart/form-data; boundary=x", "nonsense",
                    "application/x-www-form-urlencoded; charset=iso-8859-1",
                ] {
                    let program = try await alice.post(target, content: content, type: type, as: .json)
                    try expectProblem(program, 415)
                    #expect(program.contains("application/x-www-form-urlencoded"))
                    expectPage(
                        try await alice.post(target, content: content, type: type), 415,
                        "application/x-www-form-urlencoded", page)
                }
            }
            #expect(try await site.int("SELECT count(*) FROM messages") == 0)
            #expect(try await site.int("SELECT count(*) FROM rooms") == 1)
            #expect(try await site.int("SELECT count(*) FROM users") == 1)
        }
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded",
        "application/x-www-form-urlencoded; charset=UTF-8", "application/x-www-form-urlencoded;charset=\"utf-8\"",
    ])
    func `a form in UTF-8 may say so`(_ type: String) async throws {
        try await TestSite.with { site in
            let response = try await site.visitor().post("/register", content: "username=al%69ce+", type: type)
            expectRedirect(response, to: "/dashboard")
        }
    }

    @Test func `the first of several values counts`() async throws {
        try await TestSite.with { site in
            let client = site.visitor()
            _ = try await client.post("/register", content: "&&username=alice&username=bob&x")
            #expect(try await client.name() == "alice")
        }
    }
}
