-- Outside a transaction: the index room_members_room_id_joined_at
CREATE INDEX CONCURRENTLY room_members_room_id_joined_at ON room_members (room_id, joined_at, user_id);
