import Chat
import HTMLTemplate

/// What a reply answers, above it or above the field where it is written.
///
/// It names its sender to everybody by name, also to the sender: so a message has as many forms as without it.
struct QuoteView: TemplateContext {
    let quote: Quote

    static let fields: TemplateFields<QuoteView> = [
        .number("id") { $0.quote.id },
        .optionalText("sender") { $0.quote.sender },
        .utf8("content") { $0.quote.content ?? [] },
        .flag("deleted") { $0.quote.content == nil },
    ]
}
