import Testing

/// What people do, in short.
extension Client {
    /// Who this is; nil when nobody is logged in.
    func name() async throws -> String? {
        let response = try await get("/dashboard", as: .json)
        return response.status == 200 ? try response.json()["user"]["username"].string : nil
    }

    /// The person's id.
    func id() async throws -> Int64 { try #require(try await getJSON("/dashboard")["user"]["id"].int) }

    /// Makes a room, or finds the dm that there is, and gives its id.
    @discardableResult
    func makeRoom(_ type: String = "group", name: String = "", with other: String = "") async throws -> Int64 {
        let response = try await post("/room/create", ["type": type, "name": name, "with": other], as: .json)
        try #require([200, 201].contains(response.status), "\(response)")
        return try #require(try response.json()["id"].int)
    }

    func join(_ room: Int64) async throws {
        let response = try await post("/room/join", ["room_id": "\(room)"])
        try #require(response.status == 303, "\(response)")
    }

    func leave(_ room: Int64) async throws {
        let response = try await post("/room/\(room)/leave")
        try #require(response.status == 303, "\(response)")
    }

    /// Sends a message and gives it as it was stored.
    @discardableResult
    func say(_ content: String, in room: Int64, clientID: String? = nil) async throws -> JSON {
        var form = ["content": content]
        form["client_id"] = clientID
        let response = try await post("/room/\(room)/send", form, as: .json)
        try #require(response.status == 201, "\(response)")
        return try response.json()
    }

    /// Answers a message and gives the reply as it was stored.
    @discardableResult
    func reply(_ content: String, to message: Int64, in room: Int64, clientID: String? = nil) async throws -> JSON {
        var form = ["content": content, "reply_to": "\(message)"]
        form["client_id"] = clientID
        let response = try await post("/room/\(room)/send", form, as: .json)
        try #require(response.status == 201, "\(response)")
        return try response.json()
    }

    /// Gives a message other words.
    func edit(_ message: Int64, in room: Int64, to content: String) async throws -> Response {
        try await post("/room/\(room)/message/\(message)/edit", ["content": content], as: .json)
    }

    func delete(_ message: Int64, in room: Int64) async throws -> Response {
        try await post("/room/\(room)/message/\(message)/delete", as: .json)
    }

    /// What the room says, by `GET /room/ID/messages`.
    func messages(in room: Int64, _ query: String = "") async throws -> JSON {
        try await getJSON("/room/\(room)/messages\(query)")
    }

    /// The contents of the room's messages.
    func contents(in room: Int64, _ query: String = "") async throws -> [String] {
        try await messages(in: room, query)["messages"].elements.compactMap(\.["content"].string)
    }

    /// Waits for messages after that one.
    func wait(in room: Int64, after: Int64, seconds: Int = 30, as format: Format = .json) async throws -> OpenRequest {
        try await begin("/room/\(room)/messages?after=\(after)&wait=\(seconds)", as: format)
    }
}
