import HTMLTemplate

/// Messages that follow each other, rendered: as many as are compressed at once.
struct MessageBlock: TemplateContext {
    /// By `components/message.html`.
    let html: [UInt8]

    static let fields: TemplateFields<MessageBlock> = [.utf8("html") { $0.html }.sharedApart]
}

/// What is appended to a page's messages, or put before them.
struct MessagesFragment: TemplateContext {
    let messages: [MessageBlock]

    static let fields: TemplateFields<MessagesFragment> = [.list("message_blocks") { $0.messages }]
}
