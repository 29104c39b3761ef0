-- Outside a transaction
-- Has the accounts of before the rules follow them, so that they can be renamed and deleted. What no name may have is
-- an underscore, as where the program renames somebody, and what is too long is cut: the person is called something
-- else then, which the log tells, with what it was. The program makes of it a name that nobody else has.
DO $$
DECLARE
    faulty bigint[];
    was text;
    given text;
BEGIN
    SELECT array_agg(id ORDER BY id) INTO faulty FROM users
        WHERE char_length(username) NOT BETWEEN 1 AND 32 OR username ~ '[[:space:][:cntrl:]]'
            OR deleted_at IS NOT NULL AND name_key IS NOT NULL;
    FOR place IN 1..coalesce(array_length(faulty, 1), 0) LOOP
        SELECT username INTO was FROM users WHERE id = faulty[place] FOR NO KEY UPDATE;
        CONTINUE WHEN NOT FOUND;
        given := left(regexp_replace(normalize(was), '[[:space:][:cntrl:]]', '_', 'g'), 32);
        IF given = '' THEN
            given := 'pengguna';
        END IF;
        IF given <> was THEN
            RAISE WARNING 'the name of user % is not possible any more, and has become %; it was: %',
                faulty[place], given, was;
        END IF;
        UPDATE users SET username = given, name_key = NULL WHERE id = faulty[place];
        IF place % 100 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
    COMMIT;

    SET LOCAL lock_timeout = '5s';
    ALTER TABLE users VALIDATE CONSTRAINT users_username_length, VALIDATE CONSTRAINT users_username_characters,
        VALIDATE CONSTRAINT users_deleted_have_no_name;
    COMMIT;

    -- The program gives keys to all names next, whose owners cannot send meanwhile. Of columns that nobody has looked at
    -- the planner thinks that hardly any is null, and would read all names without a key for each of them.
    SET LOCAL lock_timeout = '5s';
    ANALYZE users (name_key, deleted_at);
END
$$;
