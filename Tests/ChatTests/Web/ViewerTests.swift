import FoundationEssentials
import HTTP
import PostgreSQL
import Testing

@testable import ChatWeb

/// Whose page it is: `viewer` in every form, and heeded by every endpoint.
struct ViewerTests {
    // MARK: The pages

    /// The forms of a page, from tag to tag.
    private static func forms(in page: Response) -> [String] {
        page.text.components(after: "<form").map { rest in
            String(rest[..<(rest.firstRange(of: "</form>")?.lowerBound ?? rest.endIndex)])
        }
    }

    private static func value(of field: String, in form: String) -> String? {
        form.components(after: "name=\"\(field)\" value=\"").first.map { String($0.prefix { $0 != "\"" }) }
    }

    @Test func `every form of every page says for whom it was made`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let alice = people[0]
            let (room, other) = (try await alice.makeRoom(), try await people[1].makeRoom())
            let id = "\(try await alice.id())"
            let message = try #require(try await alice.say("hello", in: room)["id"].int)
            var pages: [Response] = []
            for target in [
                "/dashboard", "/my-rooms", "/room/\(room)", "/room/\(other)", "/room/7", "/nowhere",
                "/room/\(room)/message/\(message)", "/room/\(room)/details", "/join/\(other)",
                "/dashboard?left=\(other)",
            ] {
                pages.append(try await alice.get(target))
            }
            pages.append(try await alice.get("/logout", fields: [("User-Agent", "Mozilla/5.0")]))
            for (target, form) in [
                ("/room/create", ["type": "triangle"]), ("/room/join", ["room_id": "x"]),
                ("/room/\(room)/send", ["content": " "]), ("/room/\(other)/send", ["content": "hi"]),
                ("/room/\(other)/leave", [:]), ("/room/join", ["room_id": "\(room)", "viewer": "1"]),
            ] {
                pages.append(try await alice.post(target, form))
            }
            var count = 0
            for form in pages.flatMap(Self.forms) {
                #expect(form.contains("method=\"post\""))
                #expect(Self.value(of: "viewer", in: form) == id, "\(form)")
                #expect(Self.value(of: "token", in: form)?.utf8.count == 32)
                count += 1
            }
            #expect(count >= 4 + 2 + 1 + 4 + 4 + 2, "dashboards, rooms and the question whether to log out have forms")
            #expect(Self.forms(in: try await site.visitor().get("/")).count == 2)
        }
    }

    @Test func `no template but the landing page's has a form that does not say so`() throws {
        let folder = "\(TestSite.root)/Templates"
        var count = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where path.hasSuffix(".html") {
            guard path != "index.html" else { continue }
            let template = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
            for rest in template.components(after: "<form") {
                let form = rest[..<(rest.firstRange(of: "</form>")?.lowerBound ?? rest.endIndex)]
                #expect(form.contains("{% include \"components/viewer.html\" %}"), "\(path): <form\(form)")
                count += 1
            }
        }
        #expect(count >= 7)
    }

    @Test func `the token of the forms gives the session away to nobody`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let secret = String(try #require(alice.cookie).dropFirst("obrolan_session=".count))
            let page = try await alice.get("/dashboard")
            let token = try #require(Self.forms(in: page).compactMap { Self.value(of: "token", in: $0) }.first)
            #expect(!page.contains(secret) && !secret.contains(token))
            let digest = try await site.query("SELECT encode(token_hash, 'hex') FROM sessions")
            #expect(try !digest[0].text(0).contains(token), "nor what the database has")
            #expect(try await site.visitor(cookie: "obrolan_session=\(token)\(token)").name() == nil)
        }
    }

    // MARK: The endpoints

    /// What a route takes, so that it would act if it were not for `viewer`.
    private static func form(of pattern: String, other: Int64) -> [String: String] {
        switch pattern {
        case "/register": ["username": "mallory"]
        case "/login": ["username": "alice"]
        case "/room/create": ["type": "group"]
        case "/room/join": ["room_id": "\(other)"]
        case "/room/{id:int}/send", "/room/{id:int}/message/{message:int}/edit": ["content": "spam"]
        default: [:]
        }
    }

    /// What a target needs besides.
    private static func query(of pattern: String) -> String { pattern.hasSuffix("/export") ? "&format=txt" : "" }

    private static func target(of route: Route, room: Int64, message: Int64) -> String {
        route.pattern.replacing("{id:int}", with: "\(room)").replacing("{message:int}", with: "\(message)")
    }

    @Test(arguments: Route.all.indices)
    func `no endpoint does anything for a page of somebody else`(_ index: Int) async throws {
        let route = Route.all[index]
        try await TestSite.with { site in
            let people = try await site.people("alice", "budi")
            // Alice's page, in the browser where budi is logged in now.
            let (alice, budi) = (try await people[0].id(), people[1])
            let (room, other) = (try await budi.makeRoom(), try await people[0].makeRoom())
            let message = try #require(try await budi.say("hello", in: room)["id"].int)
            let before = try await Self.fingerprint(site)
            let cookie = budi.cookie
            let target = Self.target(of: route, room: room, message: message)
            var form = Self.form(of: route.pattern, other: other)
            form["viewer"] = "\(alice)"

            for format in [Client.Format.json, .html] {
                let responses =
                    route.method == .post
                    ? [
                        try await budi.post(target, form, as: format),
                        try await budi.post(
                            "\(target)?viewer=\(alice)", Self.form(of: route.pattern, other: other), as: format),
                        try await budi.post(
                            target, content: "viewer=\(try await budi.id())&viewer=\(alice)", as: format),
                    ] : [try await budi.get("\(target)?viewer=\(alice)\(Self.query(of: route.pattern))", as: format)]
                for response in responses {
                    #expect(response.values(of: "set-cookie").isEmpty)
                    if format == .json {
                        try expectProblem(response, 409)
                        #expect(try response.json()["code"].string == "other_viewer")
                    } else {
                        expectPage(response, 409, "orang lain", "budi", "href=\"/dashboard\"")
                    }
                }
                if format == .html, let typed = form["content"] {
                    #expect(responses[0].contains("\(typed)</textarea>"), "what was typed is not lost")
                }
            }
            #expect(budi.cookie == cookie)
            #expect(try await budi.name() == "budi")
            #expect(try await Self.fingerprint(site) == before)
        }
    }

    @Test(arguments: Route.all.indices)
    func `a page of one's own acts, and one whose session is over is told so`(_ index: Int) async throws {
        let route = Route.all[index]
        try await TestSite.with { site in
            let people = try await site.people("alice", "budi")
            let alice = people[0]
            let id = try await alice.id()
            let (room, other) = (try await alice.makeRoom(), try await people[1].makeRoom())
            let message = try #require(try await alice.say("hello", in: room)["id"].int)
            let target = Self.target(of: route, room: room, message: message)
            var form = Self.form(of: route.pattern, other: other)
            form["viewer"] = "\(id)"
            let former = site.visitor(cookie: alice.cookie)
            let ask = { (client: Client) in
                route.method == .post
                    ? try await client.post(target, form, as: .json)
                    : try await client.get("\(target)?viewer=\(id)\(Self.query(of: route.pattern))", as: .json)
            }
            let own = try await ask(alice)
            #expect([200, 201, 303].contains(own.status), "\(own)")
            _ = try await site.query("DELETE FROM sessions")
            guard case .session = route.handler else { return }
            try expectProblem(try await ask(former), 401)
        }
    }

    @Test(arguments: ["0", "-1", "budi", "", "9223372036854775808", "1 "])
    func `a viewer that is no id is refused by every endpoint`(_ viewer: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for route in Route.all {
                let target = Self.target(of: route, room: room, message: 1)
                let value = Client.encode(viewer)
                let response =
                    route.method == .post
                    ? try await alice.post(target, ["viewer": viewer], as: .json)
                    : try await alice.get("\(target)?viewer=\(value)", as: .json)
                try expectProblem(response, 422, field: "viewer")
            }
            #expect(try await alice.name() == "alice")
        }
    }

    @Test func `a form that cannot be read does nothing, also where nothing is read from it`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for target in ["/room/\(room)/leave", "/account/delete", "/logout"] {
                try expectProblem(try await alice.post(target, content: "viewer=%zz", as: .json), 422)
                expectPage(try await alice.post(target, content: "viewer=%zz"), 422)
            }
            #expect(try await alice.messages(in: room)["room"]["members"].int == 1)
        }
    }

    private static func fingerprint(_ site: TestSite) async throws -> [Int64] {
        var counts: [Int64] = []
        for table in [
            "users", "rooms", "room_members", "messages", "messages WHERE change IS NOT NULL", "sessions",
        ] {
            counts.append(try await site.int("SELECT count(*) FROM \(table)"))
        }
        return counts
    }
}
