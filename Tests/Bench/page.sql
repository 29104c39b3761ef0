-- What one page of a room has to know: whose session is this, is that person in the room, and its newest 50 messages.
SELECT users.id, users.username, rooms.type, rooms.name, rooms.member_count, message.*
FROM sessions
JOIN users ON users.id = sessions.user_id
JOIN rooms ON rooms.id = :room
JOIN room_members AS member ON member.room_id = rooms.id AND member.user_id = users.id
LEFT JOIN LATERAL (
    SELECT messages.id, sender.id AS sender_id, sender.username AS sender, content, messages.created_at, client_id
    FROM messages
    LEFT JOIN users AS sender ON sender.id = messages.sender_id AND sender.deleted_at IS NULL
    WHERE messages.room_id = member.room_id
    ORDER BY messages.id DESC LIMIT 51
) AS message ON true
WHERE token_hash = sha256(:token) AND expires_at > now()
ORDER BY message.id DESC;
