import Chat
import HTMLTemplate
import HTTP

extension ChatApplication {
    func showRoomDetails(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let reading = try await station.reader.read(.newest(limit: 1), of: context.room, for: session)
        guard context.format() == .html else { return .room(reading.room) }
        return try roomDetails(reading, context, session)
    }

    func renameRoom(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        var typed = ""
        do {
            typed = try context.form().text("name")
            let name = try Refusal.checking(Refusal.invalidRoomName) { () throws(RoomName.Problem) in
                try RoomName(typed)
            }
            try await Room.rename(context.room, to: name, by: session, in: station.database)
            await station.publish([.room(context.room)])
            guard context.format() == .html else {
                return .room(try await station.reader.read(.newest(limit: 1), of: context.room, for: session).room)
            }
            return .redirect(to: "/room/\(context.room)")
        } catch let error as any AnsweredError where error.answer.isAboutForm && context.format() == .html {
            let answer = error.answer
            let reading = try await station.reader.read(.newest(limit: 1), of: context.room, for: session)
            return try roomDetails(
                reading, context, session, status: answer.status, name: typed, error: answer.sentence)
        }
    }

    private func roomDetails(
        _ reading: RoomReading, _ context: RequestContext, _ session: SessionToken, status: HTTPStatus = .ok,
        name: String? = nil, error: String? = nil
    ) throws -> HTTPResponse {
        let pages = try pages()
        let page = RoomDetailsPage(
            frame: pages.frame(title: reading.label, user: PageFrame.User(viewer: reading.viewer, session: session)),
            reading: reading, invitation: url(of: "/join/\(context.room)", context), name: name, error: error)
        return .html(pages.roomDetails.renderInParts(page), status: status)
    }

    /// A path of this site with the scheme and the host by which the client came, which `OwnHosts` has let through.
    func url(of path: String, _ context: RequestContext) -> String {
        let isSecure = hasSecureCookies || context.request.isSecure
        return (isSecure ? "https://" : "http://") + (context.request.authority ?? "localhost") + path
    }
}
