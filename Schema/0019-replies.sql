-- Outside a transaction: the index messages_room_id_reply_to
CREATE INDEX CONCURRENTLY messages_room_id_reply_to ON messages (room_id, reply_to) WHERE reply_to IS NOT NULL;
