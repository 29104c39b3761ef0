-- Outside a transaction
-- The newest message of each room of before there was the trigger. Whoever sends at the same time is right: what the
-- trigger has stored stays, and what is stored here gives way to it.
DO $$
DECLARE
    last bigint := -9223372036854775808;
    following bigint;
BEGIN
    LOOP
        SELECT max(id) INTO following FROM (SELECT id FROM rooms WHERE id > last ORDER BY id LIMIT 1000) AS chunk;
        EXIT WHEN following IS NULL;
        INSERT INTO latest_messages (room_id, message_id)
            SELECT rooms.id, latest.id FROM rooms CROSS JOIN LATERAL (
                SELECT id FROM messages WHERE room_id = rooms.id ORDER BY id DESC LIMIT 1) AS latest
            WHERE rooms.id > last AND rooms.id <= following
                AND NOT EXISTS (SELECT FROM latest_messages WHERE room_id = rooms.id)
            ORDER BY rooms.id
            ON CONFLICT DO NOTHING;
        COMMIT;
        last := following;
    END LOOP;
END
$$;
