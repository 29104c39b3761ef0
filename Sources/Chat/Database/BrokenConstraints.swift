import PostgreSQL

/// What it means that a rule of the schema was broken: the one place that knows, for all statements that write.
enum BrokenConstraints {
    /// By the constraint's name. Those that are not here no request can break; if one does, it is a mistake of the
    /// program's.
    static let refusals: [String: Refusal] = [
        "users_name_key": .usernameTaken,
        "users_username_length": .invalidUsername(.tooLong),
        "rooms_dm_is_for_two": .dmIsFull,
        // The account was deleted, or the room was never there.
        "sessions_user_id_fkey": .notLoggedIn,
        "room_members_user_id_fkey": .notLoggedIn,
        "messages_sender_id_fkey": .notLoggedIn,
        "room_members_room_id_fkey": .noSuchRoom,
        "messages_room_id_fkey": .noSuchRoom,
        "messages_reply_to_fkey": .noSuchQuote,
    ]
}

extension PostgresPool {
    /// Runs a statement that writes.
    /// - Throws: `Refusal` when a rule of the schema forbids it that `BrokenConstraints` knows, `PostgresError` otherwise.
    func change(_ statement: PostgresStatement, _ parameters: [PostgresParameter]) async throws -> PostgresResult {
        do {
            return try await query(statement, parameters)
        } catch {
            throw error.constraint.flatMap { BrokenConstraints.refusals[$0] } ?? error
        }
    }
}
