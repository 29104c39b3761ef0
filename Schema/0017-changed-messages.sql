-- Outside a transaction: the index messages_room_id_change
CREATE INDEX CONCURRENTLY messages_room_id_change ON messages (room_id, change) WHERE change IS NOT NULL;
