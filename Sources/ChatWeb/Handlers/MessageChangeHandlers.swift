import Chat
import HTMLTemplate
import HTTP

/// What people do with messages that are there already.
extension ChatApplication {
    /// A message by itself, with what can be done with it: where a browser has no script.
    func showMessage(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let (reading, message) = try await read(context, session)
        guard context.format() == .html else { return .message(message, status: .ok) }
        return try messagePage(reading, message, for: session)
    }

    func editMessage(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        var typed: String?
        do {
            let form = try context.form()
            typed = form.text("content")
            let message = try await MessageChange.edit(
                context.message, in: context.room, to: MessageContent(in: form), within: station.editWindow,
                by: session,
                in: station.database)
            return await answer(context, with: message)
        } catch let error as any AnsweredError where error.answer.isAboutForm && context.format() == .html {
            let (reading, message) = try await read(context, session)
            return try messagePage(
                reading, message, for: session, status: error.answer.status, typed: typed, error: error.answer.sentence)
        }
    }

    func deleteMessage(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let message = try await MessageChange.delete(
            context.message, in: context.room, by: session, in: station.database)
        return await answer(context, with: message)
    }

    /// Tells everybody, also when nothing has changed: whoever changed it before may have died before it told.
    private func answer(_ context: RequestContext, with message: Message) async -> HTTPResponse {
        await station.publish([.room(context.room)])
        guard context.format() == .html else { return .message(message, status: .ok) }
        return .redirect(to: "/room/\(context.room)#pesan-\(message.id)")
    }

    private func read(
        _ context: RequestContext, _ session: SessionToken
    ) async throws -> (reading: RoomReading, message: Message) {
        let reading = try await station.reader.read(.one(context.message), of: context.room, for: session)
        guard let message = reading.batch.messages.first else { throw Refusal.noSuchMessage }
        return (reading, message)
    }

    private func messagePage(
        _ reading: RoomReading, _ message: Message, for session: SessionToken, status: HTTPStatus = .ok,
        typed: String? = nil, error: String? = nil
    ) throws -> HTTPResponse {
        let pages = try pages()
        let page = MessagePage(
            frame: pages.frame(
                title: "Pesan di \(reading.label)", user: PageFrame.User(viewer: reading.viewer, session: session)),
            reading: reading, message: message, rendered: pages.blocks(of: [message], for: reading.viewer.id),
            mayEdit: message.senderID == reading.viewer.id
                && message.mayBeEdited(within: station.editWindow), typed: typed, error: error)
        return .html(pages.oneMessage.renderInParts(page), status: status)
    }
}
