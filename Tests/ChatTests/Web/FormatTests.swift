import Testing

struct FormatTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        /// What is answered to it by pages, and by the messages of a room.
        let page: String
        let messages: String

        init(_ accept: String, page: String, messages: String) {
            (testDescription, self.page, self.messages) = (accept, page, messages)
        }
    }

    static let rows = [
        Row("application/json", page: "json", messages: "json"), Row("text/html", page: "html", messages: "html"),
        Row("*/*", page: "html", messages: "json"), Row("", page: "html", messages: "json"),
        Row("application/json, text/html;q=0.9", page: "json", messages: "json"),
        Row("text/html, application/json;q=0.9", page: "html", messages: "html"),
        Row("application/json, */*;q=0.1", page: "json", messages: "json"),
        Row("text/html, */*;q=0.8", page: "html", messages: "html"),
        Row("image/png", page: "html", messages: "json"), Row("nonsense", page: "html", messages: "json"),
    ]

    @Test(arguments: rows) func `a client is answered in the form that its Accept prefers`(_ row: Row) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let format = Client.Format.accept(row.testDescription)
            for path in ["/dashboard", "/my-rooms", "/room/\(room)", "/room/7", "/nowhere"] {
                let type = try #require(try await alice.get(path, as: format)["content-type"])
                #expect(type.contains(row.page), "\(path)")
            }
            for path in ["/room/\(room)/messages", "/room/7/messages", "/room/\(room)/messages?limit=0"] {
                let type = try #require(try await alice.get(path, as: format)["content-type"])
                #expect(type.contains(row.messages), "\(path)")
            }
            let posted = try await alice.post("/room/\(room)/send", ["content": "hi"], as: format)
            #expect(posted.status == (row.page == "json" ? 201 : 303))
        }
    }
}
