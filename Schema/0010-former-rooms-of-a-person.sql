-- Outside a transaction
-- The first version's; every version since has one that begins with the same column, and left this one behind.
DROP INDEX CONCURRENTLY IF EXISTS room_members_user_id;
