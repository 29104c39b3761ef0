import Testing

/// `GET /join/ID`, and coming back to it.
struct InvitationTests {
    @Test func `a guest comes from the invitation into the room by a name and two presses`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            let guest = site.visitor()
            expectRedirect(try await guest.get("/join/\(room)"), to: "/?next=%2Fjoin%2F\(room)")
            let landing = try await guest.get("/?next=%2Fjoin%2F\(room)")
            #expect(landing.hiddenFields["next"] == "/join/\(room)")
            expectRedirect(
                try await guest.post("/register", ["username": "ratna", "next": "/join/\(room)"]), to: "/join/\(room)")
            let invitation = try await guest.get("/join/\(room)")
            expectPage(invitation, 200, "kopi", "Room ID: \(room) | Type: Group | Members: 1", "Masuk ruang")
            expectRedirect(try await guest.post("/room/join", invitation.hiddenFields), to: "/room/\(room)")
            try await guest.say("hai", in: room)
            expectRedirect(try await guest.get("/join/\(room)"), to: "/room/\(room)")
        }
    }

    @Test func `a program gets an object, and nothing of who is in the room`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let room = try await people[0].makeRoom()
            let invitation = try await people[1].getJSON("/join/\(room)")
            #expect(invitation["id"].int == room && invitation["type"].string == "group")
            #expect(invitation["label"].string == "Room \(room)" && invitation["members"].int == 1)
            #expect(invitation["can_join"].bool == true)
            #expect(try await !people[1].get("/join/\(room)").contains("alice"))
            let dm = try await people[0].makeRoom("dm", with: "bob")
            #expect(try await people[2].getJSON("/join/\(dm)")["can_join"].bool == false)
            #expect(try await people[1].getJSON("/join/\(dm)")["can_join"].bool == true)
            let page = try await people[2].get("/join/\(dm)")
            expectPage(page, 200, "DM ini sudah berisi dua orang.")
            #expect(!page.contains("action=\"/room/join\""))
            try expectProblem(try await people[2].get("/join/999", as: .json), 404)
            #expect(try await people[2].get("/join/999").status == 404)
            #expect(try await people[2].get("/join/0").status == 404)
        }
    }

    @Test func `a stranger's page of a room has the button, where there is a place`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let group = try await people[0].makeRoom()
            let dm = try await people[0].makeRoom("dm", with: "bob")
            let page = try await people[2].get("/room/\(group)")
            expectPage(page, 403, "action=\"/room/join\"")
            #expect(page.hiddenFields["room_id"] == "\(group)")
            let full = try await people[2].get("/room/\(dm)")
            expectPage(full, 403)
            #expect(!full.contains("action=\"/room/join\""))
        }
    }

    @Test func `whoever leaves is told so, and can come back`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            try await people[1].join(room)
            let response = try await people[1].post("/room/\(room)/leave")
            expectRedirect(response, to: "/dashboard?left=\(room)")
            let page = try await people[1].get("/dashboard?left=\(room)")
            expectPage(page, 200, "Anda keluar dari <bdi>kopi</bdi>.", "Masuk lagi")
            #expect(page.hiddenFields["room_id"] == "\(room)")
            try await people[1].join(room)
            for left in ["\(room)", "999", "x", ""] {
                #expect(try await !people[1].get("/dashboard?left=\(left)").contains("Anda keluar"))
            }
        }
    }

    @Test(arguments: [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "/logout", "/%6cogout",
        "/logout?x",
        "/./logout", "/room/../logout", "/room/7/../../logout", "/room/7\r\nSet-Cookie: a=b", "room/7", "/nowhere", "*",
        "",
        "/room/7/send", "/css/style.css", "javascript:alert(1)", "/room/\(String(repeating: "7", count: 2000))",
        " /dashboard",
    ])
    func `what is no page of this site is ignored`(next: String) async throws {
        try await TestSite.with { site in
            let visitor = site.visitor()
            let query = "/?next=" + Client.encode(next)
            #expect(try await visitor.get(query).hiddenFields["next"] == nil)
            expectRedirect(try await visitor.post("/register", ["username": "ratna", "next": next]), to: "/dashboard")
            expectRedirect(try await visitor.get(query), to: "/dashboard")
            expectRedirect(
                try await site.visitor().post("/login", ["username": "ratna", "next": next]), to: "/dashboard")
        }
    }

    @Test func `a page of this site is where one goes on to, also after an error`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let target = "/room/\(room)?before=9"
            let visitor = site.visitor()
            expectRedirect(try await visitor.get(target), to: "/?next=" + "%2Froom%2F\(room)%3Fbefore%3D9")
            let failed = try await visitor.post("/login", ["username": "nobody", "next": target])
            #expect(failed.status == 404 && failed.hiddenFields["next"] == target)
            #expect(failed.contains("Daftar sebagai <bdi>nobody</bdi>") && failed.contains("formaction=\"/register\""))
            expectRedirect(try await visitor.post("/login", ["username": "alice", "next": target]), to: target)
            #expect(try await !visitor.post("/login", ["username": "  "]).contains("Daftar sebagai"))
        }
    }
}
