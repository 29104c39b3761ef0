import Chat
import HTMLTemplate
import HTTP

extension ChatApplication {
    /// What was asked for in a query, checked.
    private struct MessageQuery {
        let range: RoomHistory.Range
        let wait: Duration?

        init(_ query: HTTPForm) throws {
            let limit = try query.integer("limit", in: 1...ChatLimits.maxPageSize) ?? ChatLimits.defaultPageSize
            let after = try query.integer("after", in: 0 ... .max)
            let before = try query.integer("before", in: 0 ... .max)
            let wait = try query.integer("wait", in: 0...ChatLimits.maxWait) ?? 0
            switch (after, before) {
            case (nil, nil): range = .newest(limit: limit)
            case (let after?, nil): range = .after(after, limit: limit)
            case (nil, let before?): range = .before(before, limit: limit)
            case (_?, _?):
                throw HTTPError(.unprocessableContent, "after dan before tidak dapat dipakai bersama.", field: "before")
            }
            self.wait = wait > 0 && after != nil ? .seconds(wait) : nil
        }
    }

    func readMessages(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let query = try MessageQuery(context.query())
        let reading = try await station.reader.read(
            query.range, of: context.room, wait: query.wait, for: session)
        let batch = reading.batch
        guard context.format(first: .json) == .html else {
            return batch.renderings.value(.json) { HTTPResponse.messages(batch) }
        }
        let isAmongSenders = batch.messages.contains { $0.senderID == reading.viewer.id }
        let reader = isAmongSenders ? reading.viewer.id : nil
        let pages = try pages()
        let make = {
            let fragment = MessagesFragment(messages: pages.blocks(of: batch.messages, for: reader))
            var response = HTTPResponse.html(pages.messages.renderInParts(fragment))
            response.fields[.cursor] = String(batch.cursor)
            response.fields[.hasMore] = batch.hasMore ? "true" : "false"
            response.fields[.members] = String(batch.room.memberCount)
            return response
        }
        return pages.areKept ? batch.renderings.value(.html(for: reader), make: make) : make()
    }

    func sendMessage(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        var typed = ""
        var reply: Int64?
        do {
            let form = try context.form()
            typed = form.text("content")
            reply = PositiveInteger.parse(form.text("reply_to"))
            let submission = try Submission(session: session, room: context.room, form: form)
            switch try await station.writer.store(submission) {
            case .stored(let message, let isNew):
                guard context.format() == .html else { return .message(message, status: isNew ? .created : .ok) }
                return .redirect(to: "/room/\(context.room)")
            case .refused(let refusal): throw refusal
            case .busy: throw Refusal.busy
            }
        } catch let error as any AnsweredError where error.answer.isAboutForm && context.format() == .html {
            let answer = error.answer
            let reading = try await station.reader.read(
                .newest(limit: ChatLimits.defaultPageSize), of: context.room, for: session)
            var quote: Quote?
            if let reply { quote = try await self.quote(of: reply, in: context.room, for: session) }
            return try roomPage(
                reading, for: session, status: answer.status, content: typed, error: answer.sentence, reply: quote)
        }
    }

    func checkHealth(_ context: RequestContext) async throws -> HTTPResponse {
        try await HealthCheck.run(in: station.database)
        return .text("ok\n")
    }
}

extension Submission {
    /// - Throws: `Refusal` for content that breaks a rule, `HTTPError` 422 for a `client_id` that is no UUID and a
    ///   `reply_to` that is no id.
    fileprivate init(session: SessionToken, room: Int64, form: HTTPForm) throws {
        let content = try MessageContent(in: form)
        var clientID = UUIDBytes()
        if let text = form["client_id"], !text.isEmpty {
            guard let uuid = UUIDBytes(text) else {
                throw HTTPError(.unprocessableContent, "client_id harus berupa UUID.", field: "client_id")
            }
            clientID = uuid
        }
        let replyTo = try form["reply_to"].flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let id = PositiveInteger.parse(text) else {
                throw HTTPError(
                    .unprocessableContent, "reply_to harus berupa bilangan dari 1 sampai \(Int64.max).",
                    field: "reply_to")
            }
            return id
        }
        self.init(session: session, room: room, content: content, clientID: clientID, replyTo: replyTo)
    }
}

extension MessageContent {
    /// The field `content`.
    /// - Throws: `Refusal` for what breaks a rule.
    init(in form: HTTPForm) throws {
        do {
            try self.init(form.text("content"))
        } catch {
            throw Refusal.invalidContent(error)
        }
    }
}

extension HTTPFieldName {
    /// Of a fragment of messages, what JSON has as `cursor`, `has_more` and `room.members`.
    fileprivate static let cursor = named("Obrolan-Cursor")
    fileprivate static let hasMore = named("Obrolan-Has-More")
    fileprivate static let members = named("Obrolan-Members")

    private static func named(_ name: String) -> HTTPFieldName {
        guard let name = HTTPFieldName(name) else { preconditionFailure("\(name) is no token") }
        return name
    }
}

extension Renderings.Kind {
    fileprivate static let json = Renderings.Kind(format: 0, reader: nil)

    /// - Parameter reader: who is among the senders, and sees other bytes than the others for that.
    fileprivate static func html(for reader: Int64?) -> Renderings.Kind { .init(format: 1, reader: reader) }
}
