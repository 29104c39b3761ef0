import Chat
import HTMLTemplate
import HTTP
import QRCode

extension ChatApplication {
    /// What room somebody is invited to. Whoever is not logged in does that first, and comes back.
    func showInvitation(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let invitation = try await Invitation.read(context.room, for: session, in: station.database)
        guard context.format() == .html else { return .invitation(invitation) }
        if invitation.isMember { return .redirect(to: "/room/\(context.room)") }
        return try page(of: invitation, poster: nil, session)
    }

    /// The invitation as it is put on a wall. Members make it, so it leads nobody on.
    func showPoster(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let invitation = try await Invitation.read(context.room, for: session, in: station.database)
        guard context.format() == .html else { return .invitation(invitation) }
        return try page(of: invitation, poster: url(of: "/join/\(context.room)", context), session)
    }

    /// The invitation's address for cameras.
    func showQRCode(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        _ = try await Invitation.read(context.room, for: session, in: station.database)
        guard let code = QRCode(url(of: "/join/\(context.room)", context)) else {
            throw HTTPError(.unprocessableContent, "Alamat ini terlalu panjang untuk kode QR.")
        }
        return .picture(of: code)
    }

    private func page(
        of invitation: Invitation, poster: String?, _ session: SessionToken
    ) throws -> HTTPResponse {
        let pages = try pages()
        let user = PageFrame.User(viewer: invitation.viewer, session: session)
        let page = InvitationPage(
            frame: pages.frame(title: invitation.label, user: user), invitation: invitation, poster: poster)
        return .html(pages.invitation.renderInParts(page))
    }

    /// Says that somebody is not in the room, with the button that leads in where there is a place.
    func outsiderPage(_ context: RequestContext, _ session: SessionToken) async throws -> HTTPResponse {
        let answer = Refusal.notAMember.answer
        let invitation = try await Invitation.read(context.room, for: session, in: station.database)
        let pages = try pages()
        let user = PageFrame.User(viewer: invitation.viewer, session: session)
        var page = ErrorPage(
            frame: pages.frame(title: answer.status.heading, user: user), status: answer.status.code,
            message: answer.sentence)
        if invitation.canJoin { page.room = context.room }
        return .html(pages.error.renderInParts(page), status: answer.status)
    }
}
