-- Messages that are edited, deleted, or replies. What stands here locks the table for a moment, however large it is: the
-- rules hold for what is written from now on, and 0020 looks at what is there.
--
-- A deleted message has no words instead of null, because processes of the version before go on reading it.
ALTER TABLE messages
    ADD COLUMN edited_at timestamptz,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN reply_to bigint,
    DROP CONSTRAINT messages_content_length,
    DROP CONSTRAINT messages_content_blank,
    ADD CONSTRAINT messages_content_length
        CHECK (char_length(content) BETWEEN 1 AND 4000 OR deleted_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT messages_content_blank CHECK (btrim(content,
        U&' \0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007'
        '\2008\2009\200A\2028\2029\202F\205F\3000') <> '' OR deleted_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT messages_deleted_say_nothing CHECK (deleted_at IS NULL OR content = '') NOT VALID,
    ADD CONSTRAINT messages_reply_is_later CHECK (reply_to < id) NOT VALID,
    ADD CONSTRAINT messages_reply_to_fkey FOREIGN KEY (room_id, reply_to) REFERENCES messages (room_id, id)
        ON DELETE SET NULL (reply_to) NOT VALID;

DROP TRIGGER number_message_change ON messages;
CREATE TRIGGER number_message_change
    BEFORE UPDATE OF content, created_at, edited_at, deleted_at, reply_to ON messages
    FOR EACH ROW WHEN ((OLD.content, OLD.created_at, OLD.edited_at, OLD.deleted_at, OLD.reply_to)
        IS DISTINCT FROM (NEW.content, NEW.created_at, NEW.edited_at, NEW.deleted_at, NEW.reply_to))
    EXECUTE FUNCTION number_message_change();
