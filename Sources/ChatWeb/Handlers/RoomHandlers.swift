import Chat
import HTMLTemplate
import HTTP

extension ChatApplication {
    func showDashboard(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let list = try await RoomList.read(for: session, in: station.database)
        guard context.format() == .html else { return .rooms(list, next: RoomListQuery().next(after: list)) }
        return try await dashboard(list, of: session, left: try await roomLeft(context, session))
    }

    /// The room that somebody has just left, to which there is a way back; nil when that is not so, or not any more.
    private func roomLeft(_ context: RequestContext, _ session: SessionToken) async throws -> Invitation? {
        guard let id = PositiveInteger.parse(try context.query().text("left")) else { return nil }
        do {
            let invitation = try await Invitation.read(id, for: session, in: station.database)
            return invitation.isMember ? nil : invitation
        } catch Refusal.noSuchRoom {
            return nil
        }
    }

    func showMyRooms(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let query = try RoomListQuery(context.query())
        let list = try await RoomList.read(after: query.place, limit: query.count, for: session, in: station.database)
        let next = query.next(after: list)
        guard context.format() == .html else { return .rooms(list, next: next) }
        let pages = try pages()
        let page = MyRoomsPage(
            frame: pages.frame(title: "Ruang saya", user: PageFrame.User(viewer: list.viewer, session: session)),
            rooms: list.rooms,
            isOlder: query.place != .top, next: next)
        return .html(pages.myRooms.renderInParts(page))
    }

    func createRoom(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        var form: HTTPForm?
        do {
            let typed = try context.form()
            form = typed
            let (room, isNew) = try await createRoom(typed, session)
            guard context.format() == .html else { return .room(room, status: isNew ? .created : .ok) }
            return .redirect(to: "/room/\(room.id)")
        } catch let error as any AnsweredError where error.answer.status != .unauthorized && context.format() == .html {
            let answer = error.answer
            let creation = DashboardPage.Creation(
                isDM: form?["type"] == Room.Kind.dm.rawValue, name: form?["name"] ?? "", other: form?["with"] ?? "",
                error: answer.sentence)
            let list = try await RoomList.read(for: session, in: station.database)
            return try await dashboard(list, of: session, status: answer.status, creation: creation)
        }
    }

    private func createRoom(_ form: HTTPForm, _ session: SessionToken) async throws -> (room: Room, isNew: Bool) {
        guard let kind = Room.Kind(rawValue: form.text("type")) else {
            throw HTTPError(.unprocessableContent, "Jenis ruang harus dm atau group.", field: "type")
        }
        let name = try Refusal.checking(Refusal.invalidRoomName) { () throws(RoomName.Problem) in
            try RoomName(form.text("name"))
        }
        let typedOther = form.text("with")
        // A group has no second person: the field that the page hides then may still be filled in.
        guard kind == .dm, !typedOther.isBlank else {
            return try await Room.create(kind, name: name, other: nil, by: session, in: station.database)
        }
        let other = try Refusal.checking(Refusal.invalidOther) { () throws(Username.Problem) in
            try Username(typedOther)
        }
        return try await Room.create(kind, name: name, other: other, by: session, in: station.database)
    }

    func joinRoom(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        var typed = ""
        do {
            typed = try context.form().text("room_id")
            guard let id = PositiveInteger.parse(typed.trimmed) else {
                throw HTTPError(.unprocessableContent, "Room ID harus berupa angka, misalnya 7.", field: "room_id")
            }
            let room = try await Room.join(id, by: session, in: station.database)
            await station.publish([.room(id)])
            guard context.format() == .html else { return .room(room) }
            return .redirect(to: "/room/\(id)")
        } catch let error as any AnsweredError where error.answer.status != .unauthorized && context.format() == .html {
            let answer = error.answer
            let list = try await RoomList.read(for: session, in: station.database)
            return try await dashboard(
                list, of: session, status: answer.status, joining: .init(id: typed, error: answer.sentence))
        }
    }

    func leaveRoom(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        try await Room.leave(context.room, by: session, in: station.database)
        await station.publish([.room(context.room)])
        guard context.format() == .html else { return .jsonObject { _ in } }
        return .redirect(to: "/dashboard?left=\(context.room)")
    }

    func showRoom(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let limit = ChatLimits.defaultPageSize
        let before = try context.query().integer("before", in: 1 ... .max)
        let reading: RoomReading
        do {
            reading = try await station.reader.read(
                before.map { .before($0, limit: limit) } ?? .newest(limit: limit), of: context.room, for: session)
        } catch Refusal.notAMember where context.format() == .html {
            return try await outsiderPage(context, session)
        }
        guard context.format() == .html else { return .room(reading.room) }
        guard let reply = try context.query().integer("reply", in: 1 ... .max) else {
            return try roomPage(reading, for: session)
        }
        guard let quote = try await quote(of: reply, in: context.room, for: session) else {
            let answer = Refusal.noSuchQuote.answer
            return try roomPage(reading, for: session, status: answer.status, error: answer.sentence)
        }
        return try roomPage(reading, for: session, reply: quote)
    }

    /// What a message is quoted by; nil when there is none that could be answered.
    func quote(of message: Int64, in room: Int64, for session: SessionToken) async throws -> Quote? {
        let reading = try await station.reader.read(.one(message), of: room, for: session)
        return reading.batch.messages.first.flatMap { $0.isDeleted ? nil : Quote($0) }
    }

    /// The room's page, perhaps with what could not be sent, or with what is to be answered.
    func roomPage(
        _ reading: RoomReading, for session: SessionToken, status: HTTPStatus = .ok, content: String = "",
        error: String? = nil, reply: Quote? = nil
    ) throws -> HTTPResponse {
        let pages = try pages()
        let page = ChatPage(
            frame: pages.frame(title: reading.label, user: PageFrame.User(viewer: reading.viewer, session: session)),
            reading: reading, messages: pages.blocks(of: reading.batch.messages, for: reading.viewer.id),
            content: content, error: error, reply: reply, editWindow: station.editWindow)
        return .html(pages.chat.renderInParts(page), status: status)
    }

    private func dashboard(
        _ list: RoomList, of session: SessionToken, status: HTTPStatus = .ok,
        creation: DashboardPage.Creation = .init(),
        joining: DashboardPage.Joining = .init(), left: Invitation? = nil
    ) async throws -> HTTPResponse {
        let sessions = try await Sessions.read(for: session, in: station.database)
        let pages = try pages()
        let page = DashboardPage(
            frame: pages.frame(title: "Beranda", user: PageFrame.User(viewer: list.viewer, session: session)),
            rooms: list.rooms,
            next: RoomListQuery().next(after: list), sessions: sessions.items, creation: creation, joining: joining,
            left: left)
        return .html(pages.dashboard.renderInParts(page), status: status)
    }
}

extension Refusal {
    /// Turns the rule that something typed breaks into the refusal that says where it was typed.
    static func checking<Value, Problem: Error>(
        _ refusal: (Problem) -> Refusal, _ body: () throws(Problem) -> Value
    ) throws(Refusal) -> Value {
        do {
            return try body()
        } catch {
            throw refusal(error)
        }
    }
}
