/// How statements look whether somebody is in a room.
enum Membership {
    /// In a FROM clause, after what `room` and `person` name: the row of `room_members` as `member`, or nulls.
    ///
    /// It is looked for by both at once, and by nothing less, for `LIMIT` has the planner take the two as they come. Left
    /// to choose it finds all rooms of the person first, or all members of the room, and throws thousands away.
    static func join(room: String, person: String) -> String {
        """
        LEFT JOIN LATERAL (
            SELECT room_id, user_id FROM room_members
            WHERE room_members.room_id = \(room) AND room_members.user_id = \(person) LIMIT 1
        ) AS member ON true
        """
    }
}
