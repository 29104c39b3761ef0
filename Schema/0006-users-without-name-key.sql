-- Outside a transaction: the index users_without_name_key
CREATE INDEX CONCURRENTLY users_without_name_key ON users (id) WHERE name_key IS NULL AND deleted_at IS NULL;
