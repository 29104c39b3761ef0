-- Outside a transaction
-- Reads all rows; the lock that it takes is in the way of nobody who reads or writes, and waiting for it neither.
DO $$
BEGIN
    SET LOCAL lock_timeout = '5s';
    ALTER TABLE messages VALIDATE CONSTRAINT messages_content_length, VALIDATE CONSTRAINT messages_content_blank,
        VALIDATE CONSTRAINT messages_deleted_say_nothing, VALIDATE CONSTRAINT messages_reply_is_later,
        VALIDATE CONSTRAINT messages_reply_to_fkey;
END
$$;
