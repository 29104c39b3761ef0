-- Outside a transaction
-- The first version's; the key is the same by now. Where the second version made the key it left this one behind.
DROP INDEX CONCURRENTLY IF EXISTS messages_room_id_id;
