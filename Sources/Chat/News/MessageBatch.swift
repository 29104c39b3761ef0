import HTTP
import Synchronization

/// Messages that several held requests are answered with: what is made of them is made once.
final class MessageBatch: Sendable {
    let room: Room
    /// In the order of their ids.
    let messages: [Message]
    let hasMore: Bool

    /// What makes one answer differ from another: its form, and for HTML the reader, if one of the messages is theirs.
    struct Form: Hashable {
        let isHTML: Bool
        let ownSender: Int64?
    }

    private let responses = Mutex<[Form: HTTPResponse]>([:])

    init(room: Room, messages: [Message], hasMore: Bool) {
        self.room = room
        self.messages = messages
        self.hasMore = hasMore
    }

    /// Those of them with greater ids than `cursor`, at most `limit`.
    func part(after cursor: Int64, limit: Int64) -> MessageBatch {
        let newer = messages.drop { $0.id <= cursor }
        if newer.count == messages.count, newer.count <= limit { return self }
        return MessageBatch(
            room: room, messages: Array(newer.prefix(Int(limit))), hasMore: hasMore || newer.count > limit)
    }

    /// The answer in that form, made by `make` when it is the first.
    func response(_ form: Form, make: () -> HTTPResponse) -> HTTPResponse {
        responses.withLock { responses in
            if let response = responses[form] { return response }
            let response = make()
            responses[form] = response
            return response
        }
    }
}
