-- What one poll has to know: whose session is this, is that person in the room, is there anything newer?
SELECT users.id, users.username, member.user_id IS NOT NULL AS is_member,
    EXISTS (SELECT FROM messages WHERE messages.room_id = :room AND messages.id > :last) AS is_newer
FROM sessions
JOIN users ON users.id = sessions.user_id
LEFT JOIN room_members AS member ON member.room_id = :room AND member.user_id = sessions.user_id
WHERE token_hash = sha256(:token) AND expires_at > now();
