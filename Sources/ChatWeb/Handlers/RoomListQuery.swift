import Chat
import HTTP

/// What part of the list of rooms is asked for, in the query of `/my-rooms`.
struct RoomListQuery: Sendable {
    var place = RoomList.Place.top
    /// How many rooms; nil when the client does not say.
    var limit: Int64?

    var count: Int64 { limit ?? ChatLimits.defaultPageSize }

    /// The part that follows `list`, which was asked for by this; nil when there is none.
    func next(after list: RoomList) -> RoomListQuery? {
        list.next.map { RoomListQuery(place: $0, limit: limit) }
    }

    /// The query that asks for it.
    var text: String { "before=\(place.text)" + (limit.map { "&limit=\($0)" } ?? "") }
    /// The target that does.
    var target: String { "/my-rooms?\(text)" }
}

extension RoomListQuery {
    /// - Throws: `HTTPError` 422 for a `before` that no list has given, or a `limit` that is out of range.
    init(_ query: HTTPForm) throws {
        limit = try query.integer("limit", in: 1...ChatLimits.maxPageSize)
        guard let text = query["before"] else { return }
        guard let place = RoomList.Place(text) else {
            throw HTTPError(
                .unprocessableContent, "before harus seperti dalam tautan ke bagian daftar berikutnya, misalnya 41-7.",
                field: "before")
        }
        self.place = place
    }
}

extension RoomList.Place {
    /// As a target has it: the two numbers with a hyphen between them.
    var text: String { "\(number)-\(room)" }

    /// Reads `text`; nil for anything that is no place.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = PositiveInteger.parseOrZero(String(parts[0])),
            let room = PositiveInteger.parse(String(parts[1]))
        else { return nil }
        self.init(number: number, room: room)
    }
}
