import FoundationEssentials
package import PostgreSQL

/// What people do to their own messages after they were sent.
///
/// Each is one statement that is the authorization, too. It takes the account and the membership before it takes the
/// message: so once a leave is answered, nothing of that person changes in the room. The trigger then takes the room's
/// lock and draws the number by which whoever follows the room is told.
package enum MessageChange {
    /// - Parameters:
    ///   - assignments: what an own message gets.
    ///   - condition: which it must meet for that, of `found`; others stay as they are.
    ///   - tooLate: whether its time is over, of `found`.
    private static func statement(set assignments: String, if condition: String, tooLate: String) -> PostgresStatement {
        PostgresStatement(
            """
            WITH viewer AS MATERIALIZED (
                \(Viewer.query("users.id AS user_id, username", token: "$1"))
                FOR KEY SHARE OF users
            ), member AS MATERIALIZED (
                SELECT member.room_id, member.user_id FROM viewer
                JOIN room_members AS member ON member.room_id = $2 AND member.user_id = viewer.user_id
                FOR KEY SHARE OF member
            ), found AS MATERIALIZED (
                SELECT messages.* FROM member
                JOIN messages ON messages.room_id = member.room_id AND messages.sender_id = member.user_id
                WHERE messages.id = $3
                FOR NO KEY UPDATE OF messages
            ), changed AS (
                UPDATE messages SET \(assignments) FROM found
                WHERE messages.room_id = found.room_id AND messages.id = found.id AND \(condition)
                RETURNING messages.*
            ), present AS (
                SELECT * FROM changed UNION ALL SELECT * FROM found WHERE NOT EXISTS (SELECT FROM changed)
            )
            SELECT EXISTS (SELECT FROM rooms WHERE id = $2) AS is_room, EXISTS (SELECT FROM member) AS is_member,
                EXISTS (SELECT FROM messages WHERE room_id = $2 AND id = $3) AS is_message,
                coalesce((SELECT \(tooLate) FROM found), false) AS is_too_late,
                present.id, present.room_id, viewer.user_id AS sender_id, viewer.username AS sender, present.content,
                present.created_at, present.client_id, present.change, present.edited_at, present.deleted_at IS NOT NULL AS is_deleted,
                \(Quote.columns)
            FROM viewer LEFT JOIN present ON true
            \(Quote.join(room: "present.room_id", id: "present.reply_to"))
            """, lane: .write)
    }

    private static let tooLate = "created_at < now() - $5 * interval '1 microsecond'"

    private static let editStatement = statement(
        set: "content = $4, edited_at = clock_timestamp()",
        if: "found.deleted_at IS NULL AND found.content <> $4 AND NOT found.\(tooLate)", tooLate: tooLate)

    private static let deleteStatement = statement(
        set: "content = '', deleted_at = clock_timestamp()", if: "found.deleted_at IS NULL", tooLate: "false")

    /// Gives one's own message other words; the same words change nothing.
    /// - Parameter window: how long after it was sent that is possible.
    /// - Returns: the message as it is now.
    /// - Throws: `Refusal`: not logged in, no such room, not a member, no such message, not one's own, deleted, too late.
    package static func edit(
        _ id: Int64, in room: Int64, to content: MessageContent, within window: Duration, by session: SessionToken,
        in database: PostgresPool
    ) async throws -> Message {
        let (message, isTooLate) = try await run(
            editStatement,
            [.bytes(session.bytes), .int(room), .int(id), .utf8(content.utf8), .int(window.microseconds)], in: database)
        if message.isDeleted { throw Refusal.isDeleted }
        if isTooLate { throw Refusal.tooLateToEdit }
        return message
    }

    /// Deletes one's own message: nothing of its words stays, and its place does. Once more changes nothing.
    /// - Returns: what is left of it.
    /// - Throws: `Refusal`: not logged in, no such room, not a member, no such message, not one's own.
    package static func delete(
        _ id: Int64, in room: Int64, by session: SessionToken, in database: PostgresPool
    ) async throws -> Message {
        try await run(deleteStatement, [.bytes(session.bytes), .int(room), .int(id)], in: database).message
    }

    private static func run(
        _ statement: PostgresStatement, _ parameters: [PostgresParameter], in database: PostgresPool
    ) async throws -> (message: Message, isTooLate: Bool) {
        let rows = try await database.change(statement, parameters)
        guard let row = rows.first else { throw Refusal.notLoggedIn }
        var columns = PostgresColumns(row)
        guard try columns.bool("is_room") else { throw Refusal.noSuchRoom }
        guard try columns.bool("is_member") else { throw Refusal.notAMember }
        guard try columns.bool("is_message") else { throw Refusal.noSuchMessage }
        let isTooLate = try columns.bool("is_too_late")
        guard let message = try Message(&columns) else { throw Refusal.notOnesOwn }
        return (message, isTooLate)
    }
}

extension Duration {
    /// Whole microseconds.
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

extension Message {
    /// Whether its sender may still edit it, by this machine's clock: for what is offered. What is allowed the database
    /// tells.
    package func mayBeEdited(within window: Duration) -> Bool {
        let age = Date.now.timeIntervalSince1970 - Double(createdAt) / 1_000_000
        return !isDeleted && age <= Double(window.microseconds) / 1_000_000
    }
}
