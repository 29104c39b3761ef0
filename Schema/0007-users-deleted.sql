-- Outside a transaction: the index users_deleted
CREATE INDEX CONCURRENTLY users_deleted ON users (id) WHERE deleted_at IS NOT NULL;
