-- The rules are made anew whatever they were, for rows to come; step 15 has the older rows follow. Line ends are one
-- of them again, now that no message has a CR before an LF.
--
-- A table without `client_id` is written anew, and its indexes are made while it is locked: that is one which no
-- version has made, and which nobody serves.

ALTER TABLE messages
    ADD COLUMN IF NOT EXISTS client_id uuid NOT NULL DEFAULT gen_random_uuid(),
    ALTER COLUMN created_at SET DEFAULT clock_timestamp(),
    DROP CONSTRAINT IF EXISTS messages_content_length,
    DROP CONSTRAINT IF EXISTS messages_content_blank,
    DROP CONSTRAINT IF EXISTS messages_content_line_ends,
    ADD CONSTRAINT messages_content_length CHECK (char_length(content) BETWEEN 1 AND 4000) NOT VALID,
    ADD CONSTRAINT messages_content_blank CHECK (btrim(content,
        U&' \0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007'
        '\2008\2009\200A\2028\2029\202F\205F\3000') <> '') NOT VALID,
    ADD CONSTRAINT messages_content_line_ends CHECK (position(E'\r\n' IN content) = 0) NOT VALID;
CREATE UNIQUE INDEX IF NOT EXISTS messages_sender_id_client_id ON messages (sender_id, client_id);

DO $$
DECLARE
    former name;
BEGIN
    SELECT conname INTO former FROM pg_constraint
        WHERE conrelid = 'messages'::regclass AND contype = 'p' AND array_length(conkey, 1) = 1;
    IF FOUND THEN
        -- The first version had this index beside its key: it becomes the key as it is, which takes no time.
        CREATE UNIQUE INDEX IF NOT EXISTS messages_room_id_id ON messages (room_id, id);
        EXECUTE format(
            'ALTER TABLE messages DROP CONSTRAINT %I,
                ADD CONSTRAINT messages_pkey PRIMARY KEY USING INDEX messages_room_id_id', former);
    END IF;
END
$$;

-- Once a statement, for all that it has stored. Those who send to one room take turns by its lock before, so nobody
-- waits here; the order of the rooms is that of the locks.
CREATE OR REPLACE FUNCTION note_latest_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO latest_messages AS latest (room_id, message_id)
        SELECT room_id, max(id) FROM stored GROUP BY room_id ORDER BY room_id
        ON CONFLICT (room_id) DO UPDATE SET message_id = EXCLUDED.message_id
        WHERE latest.message_id < EXCLUDED.message_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER note_latest_messages AFTER INSERT ON messages
    REFERENCING NEW TABLE AS stored FOR EACH STATEMENT EXECUTE FUNCTION note_latest_messages();
