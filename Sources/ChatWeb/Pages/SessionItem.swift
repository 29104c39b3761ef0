import Chat
import HTMLTemplate

/// A session in the list of one's sessions.
struct SessionItem: TemplateContext {
    let session: Sessions.Item

    static let fields: TemplateFields<SessionItem> = [
        .flag("is_own") { $0.session.isOwn },
        .utf8("begun_at") { $0.time.iso8601 },
        .text("begun_at_label") { $0.time.date },
    ]

    private var time: Timestamp { Timestamp(microseconds: session.begunAt) }
}
