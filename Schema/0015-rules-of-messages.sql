-- Outside a transaction
-- Has the messages of before the rules follow them, so that their sender's account can be deleted. Nothing that
-- somebody wrote is lost. CRs before an LF go, as where a message is sent. Of a message that is too long the first
-- 4,000 characters stay where they are, and the others follow at the end of the room as messages of the same person, now:
-- the numbers behind it belong to other messages, which browsers know by them. One that is nothing but white space
-- shows a sign for each character of it, or one where there was none: it keeps its place, its sender and its time.
DO $$
DECLARE
    white_space constant text := U&' \0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007'
        '\2008\2009\200A\2028\2029\202F\205F\3000';
    sign constant text := U&'\2423';
    rooms_of_faulty bigint[];
    faulty bigint[];
    was record;
    rest text;
    part text;
    is_first boolean;
BEGIN
    SELECT array_agg(room_id ORDER BY room_id, id), array_agg(id ORDER BY room_id, id)
        INTO rooms_of_faulty, faulty FROM messages
        WHERE char_length(content) NOT BETWEEN 1 AND 4000 OR position(E'\r\n' IN content) > 0
            OR btrim(content, white_space) = '';
    FOR place IN 1..coalesce(array_length(faulty, 1), 0) LOOP
        SELECT sender_id, content INTO was FROM messages
            WHERE room_id = rooms_of_faulty[place] AND id = faulty[place] FOR NO KEY UPDATE;
        CONTINUE WHEN NOT FOUND;
        rest := regexp_replace(was.content, E'\r+\n', E'\n', 'g');
        is_first := true;
        LOOP
            part := left(rest, 4000);
            rest := substr(rest, 4001);
            IF btrim(part, white_space) = '' THEN
                part := translate(part, white_space, repeat(sign, char_length(white_space)));
                part := coalesce(nullif(part, ''), sign);
            END IF;
            IF is_first THEN
                UPDATE messages SET content = part WHERE room_id = rooms_of_faulty[place] AND id = faulty[place];
            ELSE
                -- Numbers of a room are drawn under its lock, and it is held until they can be seen.
                PERFORM pg_advisory_xact_lock(rooms_of_faulty[place]);
                INSERT INTO messages (room_id, sender_id, content)
                    VALUES (rooms_of_faulty[place], was.sender_id, part);
            END IF;
            EXIT WHEN rest = '';
            is_first := false;
        END LOOP;
        -- A room's lock is not kept for another message.
        IF place % 100 = 0 OR NOT is_first THEN
            COMMIT;
        END IF;
    END LOOP;
    COMMIT;

    SET LOCAL lock_timeout = '5s';
    ALTER TABLE messages VALIDATE CONSTRAINT messages_content_length, VALIDATE CONSTRAINT messages_content_blank,
        VALIDATE CONSTRAINT messages_content_line_ends;
END
$$;
