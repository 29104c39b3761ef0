-- Outside a transaction: the index users_name_key
CREATE UNIQUE INDEX CONCURRENTLY users_name_key ON users (name_key);
