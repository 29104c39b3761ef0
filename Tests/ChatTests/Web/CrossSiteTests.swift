import Testing

@testable import ChatWeb

struct CrossSiteTests {
    static let foreign: [(name: String, fields: Client.Fields)] = [
        ("cross-site", [("Sec-Fetch-Site", "cross-site")]), ("same-site", [("Sec-Fetch-Site", "same-site")]),
        ("origin", [("Origin", "http://evil.example")]), ("null", [("Origin", "null")]),
        ("both", [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://evil.example")]),
        ("referer", [("Referer", "http://evil.example/")]),
    ]

    @Test(arguments: foreign.indices) func `a request of another site changes nothing`(_ index: Int) async throws {
        let fields = Self.foreign[index].fields
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            let bobs = try await bob.makeRoom()
            let cookie = alice.cookie
            for (method, target, form) in [
                ("POST", "/register", ["username": "mallory"]), ("POST", "/login", ["username": "bob"]),
                ("POST", "/logout", [:]), ("GET", "/logout", [:]), ("HEAD", "/logout", [:]),
                ("POST", "/room/create", ["type": "group"]), ("POST", "/room/join", ["room_id": "\(bobs)"]),
                ("POST", "/room/\(room)/leave", [:]), ("POST", "/room/\(room)/send", ["content": "spam"]),
                ("POST", "/account/delete", [:]),
            ] {
                for format in [Client.Format.html, .json] {
                    let response =
                        method == "POST"
                        ? try await alice.post(target, form, as: format, fields: fields)
                        : try await alice.send(method, target, as: format, fields: fields)
                    #expect(response.status == 403, "\(method) \(target)")
                    #expect(response["set-cookie"] == nil)
                    if method != "HEAD" {
                        guard format == .json else { expectPage(response, 403); continue }
                        try expectProblem(response, 403)
                        #expect(try response.json()["code"].string == "cross_site")
                    }
                }
            }
            #expect(alice.cookie == cookie)
            #expect(try await alice.name() == "alice")
            #expect(try await alice.contents(in: room).isEmpty)
            #expect(try await site.int("SELECT count(*) FROM users") == 2)
            #expect(try await site.int("SELECT count(*) FROM rooms") == 2)
            #expect(try await site.int("SELECT count(*) FROM room_members") == 2)
            #expect(try await site.int("SELECT count(*) FROM sessions") == 2)
            #expect(try await alice.get("/dashboard", fields: fields).status == 200, "a link from elsewhere works")
        }
    }

    @Test func `requests of this site and of programs pass`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let own = "http://127.0.0.1:\(site.port)"
            for fields: Client.Fields in [
                [], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], [("Origin", own)],
                [("Origin", "https://127.0.0.1:\(site.port)")], [("Referer", "\(own)/room/\(room)")],
                [("Sec-Fetch-Site", "same-origin"), ("Origin", own)],
            ] {
                let response = try await alice.post("/room/\(room)/send", ["content": "hi"], fields: fields)
                expectRedirect(response, to: "/room/\(room)")
                let browser = site.visitor()
                expectRedirect(
                    try await browser.post("/login", ["username": "alice"], fields: fields), to: "/dashboard")
                expectRedirect(try await browser.get("/logout", fields: fields), to: "/")
                #expect(try await browser.name() == nil)
            }
            #expect(try await alice.contents(in: room).count == 7)
        }
    }

    /// A proxy that sets `Referrer-Policy: no-referrer` has the browser send `Origin: null` from our own pages.
    @Test func `a page's forms work where the browser tells nothing, and a foreign page's guesses do not`() async throws
    {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let alice = people[0]
            let room = try await alice.makeRoom()
            let silent: [Client.Fields] = [
                [("Origin", "null"), ("User-Agent", "Mozilla/5.0")], [("User-Agent", "Mozilla/5.0")],
                [("Accept-Language", "id")],
            ]
            let own = try await alice.get("/room/\(room)").hiddenFields.filter { $0.key != "client_id" }
            let bobs = try await people[1].get("/dashboard").hiddenFields
            for fields in silent {
                for forged in [
                    [:], ["viewer": own["viewer"] ?? ""],
                    ["viewer": own["viewer"] ?? "", "token": bobs["token"] ?? ""],
                    ["token": ""], ["token": String(repeating: "0", count: 32)],
                ] {
                    var form = forged
                    form["content"] = "spam"
                    expectPage(try await alice.post("/room/\(room)/send", form, fields: fields), 403, "spam</textarea>")
                    for target in ["/logout", "/account/delete", "/room/\(room)/leave"] {
                        let response = try await alice.post(target, forged, as: .json, fields: fields)
                        try expectProblem(response, 403)
                        #expect(try response.json()["code"].string == "cross_site")
                    }
                }
                var form = own
                form["content"] = "hello"
                expectRedirect(
                    try await alice.post("/room/\(room)/send", form, fields: fields), to: "/room/\(room)")
            }
            #expect(try await alice.contents(in: room) == silent.map { _ in "hello" })
            #expect(try await alice.get("/room/\(room)").contains("<meta name=\"referrer\" content=\"same-origin\">"))
        }
    }

    @Test func `why a request was refused stands in the log, and no more often than it is read`() async throws {
        let lines = Lines()
        try await TestSite.with(refusals: RefusalLog { lines.add($0) }) { site in
            let alice = try await site.person("alice")
            for index in 0..<200 {
                let origin = "http://evil\(index % 2).example"
                let response = try await alice.post("/account/delete", fields: [("Origin", origin)])
                #expect(response.status == 403)
            }
            #expect(lines.all.count == 2, "\(lines.all)")
            for (index, line) in lines.all.enumerated() {
                #expect(
                    line.contains("POST /account/delete") && line.contains("Origin is \"http://evil\(index).example\""))
                #expect(line.contains("127.0.0.1:\(site.port)"), "what it was compared with")
            }
        }
    }

    @Test func `programs tell one refusal from another`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom()
            let foreign: Client.Fields = [("Sec-Fetch-Site", "cross-site")]
            let target = "/room/\(room)/send"
            let form = ["content": "hi"]
            let answers = [
                ("cross_site", try await people[1].post(target, form, as: .json, fields: foreign)),
                ("not_a_member", try await people[1].post(target, form, as: .json)),
                ("no_such_room", try await people[1].post("/room/7/send", form, as: .json)),
                ("not_logged_in", try await site.visitor().post(target, form, as: .json)),
                ("other_viewer", try await people[0].post(target, ["content": "hi", "viewer": "1"], as: .json)),
            ]
            for (code, response) in answers {
                let problem = try response.json()
                #expect(problem["code"].string == code, "\(response)")
                #expect(problem["detail"].string?.isEmpty == false)
            }
            #expect(try Set(answers.map { try $0.1.json()["detail"].string }).count == answers.count)
        }
    }
}
