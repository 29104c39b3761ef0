import Chat
import HTMLTemplate

/// A room as a file, a part after the other.
struct RoomFile: Sendable {
    /// What it can be; the raw value is what a request calls it, and how such files' names end.
    enum Format: String {
        case text = "txt"
        case html
        case json

        var mediaType: String {
            switch self {
            case .text: "text/plain; charset=utf-8"
            case .html: "text/html; charset=utf-8"
            case .json: "application/json"
            }
        }
    }

    private let format: Format
    private let pages: Pages
    private let exportedAt: Timestamp
    private var previous: Message?
    private var hasEnded = false

    /// - Parameter microseconds: when it is made, since 1970-01-01T00:00:00Z.
    init(_ format: Format, pages: Pages, at microseconds: Int64) {
        self.format = format
        self.pages = pages
        exportedAt = Timestamp(microseconds: microseconds)
    }

    /// What comes before the first messages, with them.
    mutating func beginning(_ reading: RoomReading) -> [UInt8] {
        switch format {
        case .text:
            let room = reading.room
            let head = """
                \(reading.label)
                Room ID: \(room.id) | Type: \(room.kind.label) | Members: \(room.memberCount)
                Diunduh \(exportedAt.minute). Waktu dalam UTC.


                """
            return Array(head.utf8) + part(reading)
        case .html:
            return pages.exportBegin.render(ExportPage(reading: reading, exportedAt: exportedAt)) + part(reading)
        case .json:
            var json = JSONWriter()
            json.object { object in
                object.name("room")
                object.room(reading.room)
                object.name("exported_at")
                object.string(utf8: exportedAt.iso8601)
                object.name("messages")
                object.array { _ in }
            }
            // The two brackets are put back at the end.
            return json.bytes.dropLast(2) + part(reading)
        }
    }

    /// Messages that follow those before.
    mutating func part(_ reading: RoomReading) -> [UInt8] {
        var bytes: [UInt8] = []
        for message in reading.batch.messages {
            switch format {
            case .text: bytes += Self.text(of: message)
            case .html:
                let place = MessageView.Place(of: message, after: previous)
                bytes += pages.message.render(MessageView(message, at: place, isOwn: false))
            case .json:
                if previous != nil { bytes.append(UInt8(ascii: ",")) }
                var json = JSONWriter()
                json.message(message)
                bytes += json.bytes
            }
            previous = message
        }
        return bytes
    }

    /// What comes after the last; nil when it has come.
    mutating func end() -> [UInt8]? {
        if hasEnded { return nil }
        hasEnded = true
        switch format {
        case .text: return []
        case .html: return pages.exportEnd.render(ExportPage.End())
        case .json: return Array("]}\n".utf8)
        }
    }

    /// `[2026-01-31 10:05] alice: Hai`; its further lines are indented, so that none looks like another's message.
    private static func text(of message: Message) -> [UInt8] {
        let time = Timestamp(microseconds: message.createdAt).minute
        var bytes = Array("[\(time)] \(message.sender ?? "akun dihapus"): ".utf8)
        for byte in message.isDeleted ? Array("Pesan dihapus".utf8) : message.content {
            bytes.append(byte)
            if byte == UInt8(ascii: "\n") { bytes += "    ".utf8 }
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

/// What stands around the messages of a room as a page of its own.
struct ExportPage: TemplateContext {
    let reading: RoomReading
    let exportedAt: Timestamp

    static let fields: TemplateFields<ExportPage> = [
        .text("label") { $0.reading.label },
        .record("room") { RoomHeading(reading: $0.reading) },
        .utf8("exported_at") { $0.exportedAt.iso8601 },
        .text("exported_label") { $0.exportedAt.minute },
    ]

    struct End: TemplateContext {
        static let fields: TemplateFields<End> = []
    }
}
