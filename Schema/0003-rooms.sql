-- The rules are made anew whatever they were, for rows to come; step 13 has the older rows follow, and counts members.

ALTER TABLE rooms
    ADD COLUMN IF NOT EXISTS name text,
    ADD COLUMN IF NOT EXISTS member_count bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT IF EXISTS rooms_type,
    DROP CONSTRAINT IF EXISTS rooms_name,
    DROP CONSTRAINT IF EXISTS rooms_dm_is_for_two,
    ADD CONSTRAINT rooms_type CHECK (type IN ('dm', 'group')) NOT VALID,
    ADD CONSTRAINT rooms_name CHECK (char_length(name) BETWEEN 1 AND 64 AND btrim(name,
        U&' \0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007'
        '\2008\2009\200A\2028\2029\202F\205F\3000') = name) NOT VALID,
    ADD CONSTRAINT rooms_dm_is_for_two CHECK (member_count >= 0 AND (type <> 'dm' OR member_count <= 2)) NOT VALID;

CREATE OR REPLACE FUNCTION refuse_to_delete_rooms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rooms are never deleted' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE OR REPLACE TRIGGER refuse_to_delete_rooms BEFORE DELETE ON rooms
    FOR EACH ROW EXECUTE FUNCTION refuse_to_delete_rooms();

-- Here, because what refers to rooms locks them.
-- The newest message of each room that has any: a list of thousands of rooms is put in order by these few pages, which
-- are read over and over, and not by as many places of the index of all messages. Changed by every send, so there is
-- room for the next version of a row in its page, and none of its columns but the key is in an index.
CREATE TABLE IF NOT EXISTS latest_messages (
    room_id bigint PRIMARY KEY REFERENCES rooms,
    message_id bigint NOT NULL
) WITH (fillfactor = 50);
