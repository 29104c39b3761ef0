-- One sequence of numbers for all that a room's readers follow: a message's id, its last change, the room's last change.

-- The number that was drawn when the message was last changed; null when it never was.
ALTER TABLE messages ADD COLUMN change bigint;
-- The number that was drawn when the room itself was last changed: its name, who is in it.
ALTER TABLE rooms ADD COLUMN change bigint NOT NULL DEFAULT 0;

-- Rooms that have changed, and whose number of that may have been drawn too soon.
CREATE TABLE unannounced_rooms (room_id bigint PRIMARY KEY REFERENCES rooms);

-- Counts up with what the numbers of rooms do not tell.
CREATE TABLE epoch (number bigint NOT NULL);
CREATE UNIQUE INDEX epoch_is_one ON epoch ((true));
INSERT INTO epoch VALUES (1);

-- Versions of before there were steps apply all of their schema at each start, and some of them would put their own
-- function in the place of this one. So it has another name, and theirs is a procedure's, by which the server refuses
-- them.
DROP TRIGGER count_added_members ON room_members;
DROP TRIGGER count_removed_members ON room_members;
DROP FUNCTION count_members();
CREATE PROCEDURE count_members() LANGUAGE sql AS '';

CREATE FUNCTION note_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The lock under which messages get their numbers, or one of them could overtake this. Of more rooms than these the
    -- locks would fill the server's table of locks.
    IF (SELECT count(DISTINCT room_id) FROM changed) <= 64 THEN
        PERFORM pg_advisory_xact_lock(room_id) FROM (SELECT DISTINCT room_id FROM changed ORDER BY room_id) AS room;
    ELSE
        INSERT INTO unannounced_rooms SELECT DISTINCT room_id FROM changed ORDER BY room_id ON CONFLICT DO NOTHING;
    END IF;
    UPDATE rooms SET change = nextval('messages_id_seq'),
            member_count = member_count + CASE TG_OP WHEN 'INSERT' THEN changed.number ELSE -changed.number END
        FROM (SELECT room_id, count(*) AS number FROM changed GROUP BY room_id) AS changed
        WHERE rooms.id = changed.room_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER note_added_members AFTER INSERT ON room_members
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_members();
CREATE TRIGGER note_removed_members AFTER DELETE ON room_members
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_members();

CREATE FUNCTION number_room_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(NEW.id);
    NEW.change := nextval('messages_id_seq');
    RETURN NEW;
END
$$;

CREATE TRIGGER number_room_change BEFORE UPDATE OF name, type ON rooms
    FOR EACH ROW WHEN ((OLD.name, OLD.type) IS DISTINCT FROM (NEW.name, NEW.type))
    EXECUTE FUNCTION number_room_change();

CREATE FUNCTION number_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(NEW.room_id);
    NEW.change := nextval('messages_id_seq');
    RETURN NEW;
END
$$;

CREATE TRIGGER number_message_change BEFORE UPDATE OF content, created_at ON messages
    FOR EACH ROW WHEN ((OLD.content, OLD.created_at) IS DISTINCT FROM (NEW.content, NEW.created_at))
    EXECUTE FUNCTION number_message_change();

CREATE FUNCTION begin_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE epoch SET number = number + 1;
    RETURN NULL;
END
$$;

-- At the end of the transaction, so that nobody holds this row for longer than a commit takes.
CREATE CONSTRAINT TRIGGER begin_epoch_for_name AFTER UPDATE OF username ON users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.username IS DISTINCT FROM NEW.username) EXECUTE FUNCTION begin_epoch();
CREATE CONSTRAINT TRIGGER begin_epoch_for_user AFTER DELETE ON users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.deleted_at IS NULL) EXECUTE FUNCTION begin_epoch();
CREATE TRIGGER begin_epoch AFTER DELETE OR TRUNCATE ON messages
    FOR EACH STATEMENT EXECUTE FUNCTION begin_epoch();
