import Chat

// What rooms are called on the pages and for programs.

extension Room.Kind {
    var label: String {
        switch self {
        case .dm: "DM"
        case .group: "Group"
        }
    }
}

extension Room {
    /// Its name, or the people in it, or its number.
    fileprivate func label(people: String?) -> String { name ?? people ?? "Room \(id)" }
}

extension Invitation {
    /// Who is in it, only its members see.
    var label: String { room.label(people: nil) }
}

extension RoomReading {
    var label: String { room.label(people: people) }
}

extension RoomSummary {
    var label: String { room.label(people: people) }
}
