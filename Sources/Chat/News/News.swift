/// What the event loops and the processes tell each other. It is only ever a reason to look at the database: nothing is
/// known from it alone, so news that is wrong or comes twice does no harm.
package enum News: Hashable, Sendable {
    /// A room has new messages, or some that have changed, or is itself another: its name, who is in it.
    case room(Int64)
    /// A person has logged out somewhere, or is gone.
    case person(Int64)
}

extension News {
    /// One word of a notification's payload: a letter and an id.
    var word: String {
        switch self {
        case .room(let id): "r\(id)"
        case .person(let id): "p\(id)"
        }
    }

    /// Reads a `word`; nil for one that is none, such as a later version's.
    init?(word: some StringProtocol) {
        guard let id = Int64(word.dropFirst()) else { return nil }
        switch word.first {
        case "r": self = .room(id)
        case "p": self = .person(id)
        default: return nil
        }
    }
}
