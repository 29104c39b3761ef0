import Chat
import HTTP

/// What is asked of every request before its handler is called, so that no handler can forget it.
extension ChatApplication {
    /// - Parameter context: becomes one with the session that counts, where there are several.
    /// - Returns: an answer when the handler is not to be called.
    /// - Throws: `HTTPError` and `Refusal` when the request must not be answered as it stands.
    func check(_ context: inout RequestContext, for route: Route) async throws -> HTTPResponse? {
        if let error = context.formError, !route.saysWhatIsWrongWithForm { throw error }
        let isSafe = context.request.method.isSafe
        // Asked here, because most requests have nothing to wait for.
        if context.sessions.count > 1 { context = try await choosingSession(of: context) }
        var hasToBeAsked = false
        if !isSafe || route.changesState { hasToBeAsked = try !isProven(context, isSafe: isSafe) }
        let claimed = try context.claimedViewers()
        if !claimed.isEmpty { try await check(claimed, of: context, for: route) }
        guard isSafe, route.changesState else { return nil }
        if context.isPrefetch { throw HTTPError.prefetch }
        // HEAD asks what GET would answer, and that is all.
        if context.request.method == .head { return .redirect(to: "/") }
        if hasToBeAsked, let session = context.session,
            let viewer = try await station.reader.viewer(of: session)
        {
            return try askWhetherToLogOut(viewer, session)
        }
        return nil
    }

    // MARK: From where

    /// Whether it is no other site that acts here; false when that cannot be told and a page can ask.
    private func isProven(_ context: RequestContext, isSafe: Bool) throws -> Bool {
        let verdict = OriginCheck.verdict(
            on: context.request, hasSession: context.session != nil, hasToken: context.hasFormToken)
        switch verdict {
        case .allowed: return true
        case .foreign(let reason):
            logRefusal(of: context, reason)
            throw HTTPError.crossSite
        case .unproven(let reason):
            // A page can ask, where pages are read; what follows a link sends no Origin.
            if isSafe, context.format() == .html, !context.request.fields.contains(.origin) { return false }
            logRefusal(of: context, reason)
            throw HTTPError.unknownSite
        }
    }

    private func logRefusal(of context: RequestContext, _ reason: String) {
        refusals.note("origin \(reason)") {
            "\(context.description): refused as another site's for the host "
                + "\(RefusalLog.shown(context.request.authority ?? "")): \(reason)"
        }
    }

    // MARK: For whom

    /// Of several cookies the one counts that is a session. Which that is, only the database knows.
    private func choosingSession(of context: RequestContext) async throws -> RequestContext {
        for (index, session) in context.sessions.enumerated() {
            guard let viewer = try await station.reader.viewer(of: session) else { continue }
            people.note(viewer.id, of: session)
            return context.choosing(session: index)
        }
        return context
    }

    /// A page acts for the person for whom it was made, or not at all: another may have logged in in the same browser
    /// since. Where there is no session there is nobody for whom it could act by mistake.
    private func check(_ claimed: [Int64], of context: RequestContext, for route: Route) async throws {
        guard let session = context.session else { return }
        if let person = people.person(of: session), claimed.allSatisfy({ $0 == person }) { return }
        guard let viewer = try await station.reader.viewer(of: session) else {
            if case .session = route.handler { throw Refusal.notLoggedIn }
            return
        }
        people.note(viewer.id, of: session)
        guard claimed.allSatisfy({ $0 == viewer.id }) else { throw HTTPError.otherViewer(than: viewer.name) }
    }
}
