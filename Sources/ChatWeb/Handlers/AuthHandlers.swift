import Chat
import HTMLTemplate
import HTTP

extension ChatApplication {
    func showLanding(_ context: RequestContext) async throws -> HTTPResponse {
        let next = try next(context.query())
        if let session = context.session, try await station.reader.viewer(of: session) != nil {
            return .redirect(to: next?.target ?? Self.home)
        }
        return try landing(.ok, next: next)
    }

    func register(_ context: RequestContext) async throws -> HTTPResponse {
        var typed = ""
        var next: ReturnPath?
        do {
            let form = try context.form()
            typed = form.text("username")
            next = self.next(form)
            let session = SessionToken()
            let entrance = try await Account.register(
                Self.username(typed), session: session, ending: context.session, in: station.database)
            return await welcome(entrance, session, status: .created, next, context)
        } catch let error as any AnsweredError where context.format() == .html {
            let answer = error.answer
            return try landing(answer.status, next: next, register: .init(username: typed, error: answer.sentence))
        }
    }

    func logIn(_ context: RequestContext) async throws -> HTTPResponse {
        var typed = ""
        var next: ReturnPath?
        do {
            let form = try context.form()
            typed = form.text("username")
            next = self.next(form)
            let session = SessionToken()
            let entrance = try await Account.logIn(
                Self.username(typed), session: session, ending: context.session, in: station.database)
            return await welcome(entrance, session, status: .ok, next, context)
        } catch let error as any AnsweredError where context.format() == .html {
            let answer = error.answer
            // Who has no account yet makes it with one press.
            let offers = answer.status == .notFound
            return try landing(
                answer.status, next: next, logIn: .init(username: typed, error: answer.sentence, offersRegister: offers)
            )
        }
    }

    func logOut(_ context: RequestContext) async throws -> HTTPResponse {
        // Of several cookies all, or the browser would be logged in by the next.
        for session in context.sessions { try await end(session) }
        return goodbye(context)
    }

    func logOutOthers(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let person = try await Sessions.endOthers(than: session, in: station.database)
        await station.publish([.person(person)])
        guard context.format() == .html else { return .jsonObject { _ in } }
        return .redirect(to: Self.home)
    }

    /// For a browser that may have been led here by another site: a page with the button.
    func askWhetherToLogOut(_ viewer: Viewer, _ session: SessionToken) throws -> HTTPResponse {
        let pages = try pages()
        let user = PageFrame.User(viewer: viewer, session: session)
        return .html(pages.leaving.renderInParts(LeavingPage(frame: pages.frame(title: "Keluar?", user: user))))
    }

    func deleteAccount(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        guard let (person, rooms) = try await Account.delete(session, in: station.database) else {
            throw Refusal.notLoggedIn
        }
        await station.publish([.person(person)] + rooms.map(News.room))
        await station.seeToWhatIsLeft()
        return goodbye(context)
    }

    // MARK: Parts

    private static func username(_ typed: String) throws(Refusal) -> Username {
        do {
            return try Username(typed)
        } catch {
            throw .invalidUsername(error)
        }
    }

    private static let home = "/dashboard"

    /// Where the form, or the address, says that one goes on to.
    private func next(_ form: HTTPForm) -> ReturnPath? { ReturnPath(form.text("next"), among: routes) }

    private func landing(
        _ status: HTTPStatus, next: ReturnPath?, logIn: IndexPage.Form = .init(), register: IndexPage.Form = .init()
    ) throws -> HTTPResponse {
        let pages = try pages()
        let page = IndexPage(
            frame: pages.frame(title: "Obrolan", user: nil), next: next?.target, logIn: logIn, register: register)
        return .html(pages.index.renderInParts(page), status: status)
    }

    /// Gives the browser its session, and tells whose the one was that it had.
    private func welcome(
        _ entrance: Account.Entrance, _ session: SessionToken, status: HTTPStatus, _ next: ReturnPath?,
        _ context: RequestContext
    ) async -> HTTPResponse {
        if let former = entrance.former { await station.publish([.person(former)]) }
        let cookie = SessionCookie.setting(session, isSecure: hasSecureCookies || context.request.isSecure)
        guard context.format() == .json else { return .redirect(to: next?.target ?? Self.home).setting(cookie: cookie) }
        return HTTPResponse.json(status: status) { $0.account(entrance.account) }.setting(cookie: cookie)
    }

    private func end(_ session: SessionToken) async throws {
        guard let person = try await Account.logOut(session, in: station.database) else { return }
        await station.publish([.person(person)])
    }

    private func goodbye(_ context: RequestContext) -> HTTPResponse {
        let cookie = SessionCookie.clearing(isSecure: hasSecureCookies || context.request.isSecure)
        guard context.format() == .json else { return .redirect(to: "/").setting(cookie: cookie) }
        return HTTPResponse.jsonObject { _ in }.setting(cookie: cookie)
    }
}
