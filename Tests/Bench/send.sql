-- One message, as it would be stored without others beside it: by one statement and one commit, in the room's order.
\set room random(:first_room, :last_room)
WITH writer AS MATERIALIZED (
    SELECT sessions.user_id FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE token_hash = sha256(:token) AND expires_at > now() AND deleted_at IS NULL
), room AS MATERIALIZED (
    SELECT user_id, pg_advisory_xact_lock(:room) FROM writer
), ready AS MATERIALIZED (
    SELECT member.room_id, member.user_id
    FROM room
    CROSS JOIN LATERAL (
        SELECT member.room_id, member.user_id FROM room_members AS member
        JOIN rooms ON rooms.id = member.room_id
        JOIN users ON users.id = member.user_id
        WHERE member.room_id = :room AND member.user_id = room.user_id
        FOR KEY SHARE OF member, rooms, users
    ) AS member
)
INSERT INTO messages (room_id, sender_id, content, client_id)
SELECT room_id, user_id, 'Hai semua! Ini sebuah pesan.', gen_random_uuid() FROM ready
ON CONFLICT (sender_id, client_id) DO NOTHING
RETURNING id, sender_id, content, client_id, created_at;
