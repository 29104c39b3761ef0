import Chat
import HTTP

// What programs see of the chat's values.

extension JSONWriter {
    mutating func account(_ account: Account) {
        object { object in
            object.name("id")
            object.number(account.id)
            object.name("username")
            object.string(account.name)
            object.name("created_at")
            object.timestamp(account.createdAt)
        }
    }

    mutating func room(_ room: Room, _ more: (inout JSONWriter) -> Void = { _ in }) {
        object { object in
            object.name("id")
            object.number(room.id)
            object.name("type")
            object.string(room.kind.rawValue)
            object.name("name")
            object.string(room.name)
            object.name("members")
            object.number(room.memberCount)
            more(&object)
        }
    }

    mutating func message(_ message: Message) {
        object { object in
            object.name("id")
            object.number(message.id)
            object.name("sender")
            object.string(message.sender)
            object.name("sender_id")
            object.number(message.senderID)
            object.name("content")
            object.string(utf8: message.isDeleted ? nil : message.content)
            object.name("created_at")
            object.timestamp(message.createdAt)
            object.state(editedAt: message.editedAt, isDeleted: message.isDeleted, quote: message.quote)
        }
    }

    /// What has become of a message, and what it answers.
    private mutating func state(editedAt: Int64?, isDeleted: Bool, quote: Quote?) {
        name("edited_at")
        timestamp(editedAt)
        name("deleted")
        bool(isDeleted)
        name("reply_to")
        guard let quote else { return null() }
        object { object in
            object.name("id")
            object.number(quote.id)
            object.name("sender")
            object.string(quote.sender)
            object.name("content")
            object.string(utf8: quote.content)
        }
    }

    private mutating func timestamp(_ microseconds: Int64?) {
        string(utf8: microseconds.map { Timestamp(microseconds: $0).iso8601 })
    }

    mutating func summary(_ summary: RoomSummary) {
        room(summary.room) { object in
            object.name("label")
            object.string(summary.label)
            object.name("last_message")
            guard let last = summary.lastMessage else { return object.null() }
            object.object { object in
                object.name("sender")
                object.string(last.sender)
                object.name("content")
                object.string(last.content)
                object.name("created_at")
                object.timestamp(last.createdAt)
                object.state(editedAt: last.editedAt, isDeleted: last.content == nil, quote: last.quote)
            }
        }
    }
}

extension HTTPResponse {
    static func invitation(_ invitation: Invitation) -> HTTPResponse {
        jsonObject { object in
            object.name("id")
            object.number(invitation.room.id)
            object.name("type")
            object.string(invitation.room.kind.rawValue)
            object.name("label")
            object.string(invitation.label)
            object.name("members")
            object.number(invitation.room.memberCount)
            object.name("can_join")
            object.bool(invitation.canJoin)
        }
    }

    static func room(_ room: Room, status: HTTPStatus = .ok) -> HTTPResponse { json(status: status) { $0.room(room) } }

    static func message(_ message: Message, status: HTTPStatus) -> HTTPResponse {
        json(status: status) { $0.message(message) }
    }

    /// - Parameter next: what asks for the older part.
    static func rooms(_ list: RoomList, next: RoomListQuery?) -> HTTPResponse {
        jsonObject { object in
            object.name("user")
            object.object { object in
                object.name("id")
                object.number(list.viewer.id)
                object.name("username")
                object.string(list.viewer.name)
            }
            object.name("rooms")
            object.array { array in for room in list.rooms { array.summary(room) } }
            object.name("next")
            object.string(next?.target)
        }
    }

    static func messages(_ batch: MessageBatch) -> HTTPResponse {
        jsonObject { object in
            object.name("room")
            object.room(batch.room)
            object.name("messages")
            object.array { array in for message in batch.messages { array.message(message) } }
            object.name("cursor")
            object.number(batch.cursor)
            object.name("has_more")
            object.bool(batch.hasMore)
        }
    }
}
