-- Outside a transaction
-- Has the rooms of before the rules follow them, so that every change of such a room is possible: leaving it, say. A dm
-- of more than two becomes a group, because nobody is to be put out of it, and so does a room of an unknown type, which
-- the pages take for one. A name loses the white space around it; one that is too long, which no version has let
-- anybody give, is cut, and the log has all of it. Members are counted anew, because a version that counted them
-- otherwise may have been at work beside another.
DO $$
DECLARE
    white_space constant text := U&' \0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007'
        '\2008\2009\200A\2028\2029\202F\205F\3000';
    faulty bigint[];
    was record;
    shown text;
BEGIN
    SELECT array_agg(id ORDER BY id) INTO faulty FROM rooms
        LEFT JOIN (SELECT room_id, count(*) AS number FROM room_members GROUP BY room_id) AS counted
            ON counted.room_id = rooms.id
        WHERE type NOT IN ('dm', 'group') OR member_count <> coalesce(number, 0) OR type = 'dm' AND number > 2
            OR char_length(name) NOT BETWEEN 1 AND 64 OR btrim(name, white_space) <> name;
    FOR place IN 1..coalesce(array_length(faulty, 1), 0) LOOP
        -- Whoever joins or leaves waits with the count, and is in it afterwards: a statement of its own counts those
        -- who were there when the row was taken.
        SELECT type, name INTO was FROM rooms WHERE id = faulty[place] FOR NO KEY UPDATE;
        shown := nullif(btrim(left(btrim(was.name, white_space), 64), white_space), '');
        IF char_length(btrim(was.name, white_space)) > 64 THEN
            RAISE WARNING 'the name of room % was too long, and has been cut; it was: %', faulty[place], was.name;
        END IF;
        UPDATE rooms SET type = CASE WHEN type = 'dm' AND number <= 2 THEN 'dm' ELSE 'group' END, name = shown,
                member_count = number
            FROM (SELECT count(*) AS number FROM room_members WHERE room_id = faulty[place]) AS counted
            WHERE id = faulty[place];
        IF place % 100 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
    COMMIT;

    -- Reads all rows; the lock that it takes is in the way of nobody who reads or writes, and waiting for it neither.
    SET LOCAL lock_timeout = '5s';
    ALTER TABLE rooms VALIDATE CONSTRAINT rooms_type, VALIDATE CONSTRAINT rooms_name,
        VALIDATE CONSTRAINT rooms_dm_is_for_two;
END
$$;
