-- Names are told apart by `name_key`, which the program fills: what it needs of Unicode is not the server's business
-- any more. Rules are made anew whatever they were, for rows to come; step 14 has the older rows follow.

ALTER TABLE users
    ADD COLUMN IF NOT EXISTS name_key text,
    ADD COLUMN IF NOT EXISTS deleted_at timestamptz,
    DROP CONSTRAINT IF EXISTS users_username_key,
    DROP CONSTRAINT IF EXISTS users_username_form,
    DROP CONSTRAINT IF EXISTS users_username_length,
    DROP CONSTRAINT IF EXISTS users_username_characters,
    DROP CONSTRAINT IF EXISTS users_deleted_have_no_name,
    ADD CONSTRAINT users_username_length CHECK (char_length(username) BETWEEN 1 AND 32) NOT VALID,
    ADD CONSTRAINT users_username_characters CHECK (username !~ '[[:space:][:cntrl:]]') NOT VALID,
    ADD CONSTRAINT users_deleted_have_no_name CHECK (deleted_at IS NULL OR name_key IS NULL) NOT VALID;
DROP INDEX IF EXISTS users_username_key;

-- Ends an account: its name, its sessions, its memberships. Its messages are for the program to take its name from, a
-- few at a time: until then `deleted_at` tells that they have no sender. Gives a row with the account alone and one for
-- each room that it was in; none when it was deleted before.
--
-- A function, because each of its statements sees what others have committed by then. Once the account's row is taken,
-- nobody can be added to it any more: whoever gives it a session or a membership takes its row first. Rooms come after,
-- in the order of their ids, so that those who wait for each other never do so in a circle.
CREATE OR REPLACE FUNCTION delete_account(account bigint) RETURNS TABLE (person bigint, room bigint)
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users SET deleted_at = now(), username = ':' || id, name_key = NULL
        WHERE id = account AND deleted_at IS NULL RETURNING id INTO person;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN NEXT;
    DELETE FROM sessions WHERE user_id = account;
    PERFORM FROM rooms WHERE id IN (SELECT room_id FROM room_members WHERE user_id = account)
        ORDER BY id FOR NO KEY UPDATE;
    RETURN QUERY DELETE FROM room_members WHERE user_id = account RETURNING user_id, room_id;
END
$$;
