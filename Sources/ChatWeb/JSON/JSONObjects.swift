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
            object.string(utf8: Timestamp(microseconds: account.createdAt).iso8601)
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
            object.string(utf8: message.content)
            object.name("created_at")
            object.string(utf8: Timestamp(microseconds: message.createdAt).iso8601)
        }
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
                object.string(utf8: Timestamp(microseconds: last.createdAt).iso8601)
            }
        }
    }
}

extension HTTPResponse {
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
