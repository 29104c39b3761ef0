-- Outside a transaction: the index room_members_user_id_room_id
CREATE UNIQUE INDEX CONCURRENTLY room_members_user_id_room_id ON room_members (user_id, room_id);
