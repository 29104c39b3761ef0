"""A large database, made by the server itself: the same rows each time.

Everything follows from its number by a hash, so that nothing has to be looked up: the k-th member of room r is the
person number 1 + (7919 r + 37 k) mod people, and the n-th message is in a room and by a member that n tells. Messages of
different rooms lie mixed up, as time brings them.
"""
from dataclasses import dataclass

from obrolan_testing.cluster import psql
from obrolan_testing.machine import ROOT

#: What has a role in the tests.
HEAVY = 1  # a person who is in BUSY_ROOMS rooms
TALKATIVE = 2  # a person who has sent every second message of room LOUD
LOUD = 1  # a room that has a tenth of all messages
CROWD = 2  # a room with many members
BUSY_ROOMS = 5_000
MEMBERS_OF_BUSY = 100

STRIDE = 37


@dataclass(frozen=True)
class Size:
    messages: int
    rooms: int
    people: int

    @classmethod
    def scaled(cls, scale):
        """Of 10 million messages, 100,000 rooms and 100,000 people; the busy rooms and who is in them stay."""
        return cls(messages=max(int(10_000_000 * scale), 100_000), rooms=max(int(100_000 * scale), 40_000),
                   people=max(int(100_000 * scale), 40_000))

    @property
    def crowd(self):
        return 10_000


# A number below `count` that `n` and `seed` tell.
def chosen(n, seed, count):
    return f"((hashint8extended({n}, {seed}) & 4611686018427387903) % {count})"


def member(room, k, people):
    """The k-th member of a room, from 0."""
    return (f"CASE WHEN {k} = 0 AND {room} <= {BUSY_ROOMS} THEN {HEAVY} WHEN {k} = 1 AND {room} = {LOUD} "
            f"THEN {TALKATIVE} ELSE 1 + ({room} * 7919 + {k} * {STRIDE}) % {people} END")


# Two of three of the other rooms are dms.
SIZE_OF_ROOM = f"""CASE WHEN r = {CROWD} THEN %(crowd)s WHEN r <= {BUSY_ROOMS} THEN {MEMBERS_OF_BUSY}
    WHEN r %% 3 > 0 THEN 2 ELSE 3 + r %% 40 END"""

# What people say: short words, sentences, and now and then a page, in several scripts.
PHRASES = (
    "Iya", "Baik, nanti saya kabari", "Besok jadi kumpul di balai desa jam tujuh?", "Sudah sampai mana?",
    "Jangan lupa bawa buku catatan dan uang kas bulan ini ya", "ꦱꦸꦒꦼꦁꦌꦚ꧀ꦗꦁ", "صباح الخير يا أصدقاء", "大家好,今天几点见面?",
    "नमस्ते, कल मिलते हैं", "Привет! Когда начинаем?", "👍🏽👍🏽 mantap", "ᮞᮙ᮪ᮕᮥᮛᮞᮥᮔ᮪", "Oke", "Terima kasih banyak, sangat membantu",
    "Kalau hujan kita pindah ke dalam saja, kursinya cukup untuk tiga puluh orang", "Ada yang lihat kunci motor saya?",
)
NAMES = ("budi", "siti", "agus", "dewi", "rina", "joko", "मोहन", "علي", "小明", "иван", "ayu", "putri", "wayan", "ꦗꦏ")


def literals(texts):
    return "ARRAY[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"


def script(size):
    """SQL for psql that fills the tables of `schema.sql`, which have to be empty, and gathers the statistics."""
    values = {"messages": size.messages, "rooms": size.rooms, "people": size.people, "crowd": size.crowd}
    return f"""
\\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';
SET client_min_messages = warning;
SET jit = off;
BEGIN;
-- Neither foreign keys nor triggers: what is made here fits together.
SET LOCAL session_replication_role = replica;
-- The large tables' indexes are made from the rows at once, after them. What they are the schema tells.
CREATE TEMP TABLE saved AS
    SELECT 1 AS place, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS remove,
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
    FROM pg_constraint
    WHERE conrelid IN ('messages'::regclass, 'room_members'::regclass) AND contype IN ('p', 'u')
    UNION ALL
    SELECT 2, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid IN ('messages'::regclass, 'room_members'::regclass)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
    UNION ALL
    -- By the primary key, so they go before it and come after it.
    SELECT 3, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE confrelid = 'messages'::regclass AND contype = 'f';
DO $$ DECLARE step record;
BEGIN FOR step IN SELECT remove FROM saved ORDER BY place DESC LOOP EXECUTE step.remove; END LOOP; END $$;

INSERT INTO users (id, username, created_at)
    SELECT n, ({literals(NAMES)})[1 + n % {len(NAMES)}] || n, timestamptz '2023-01-01 00:00+00' + n * interval '5 min'
    FROM generate_series(1, {size.people}::bigint) AS n;

INSERT INTO room_members (room_id, user_id, joined_at)
    SELECT DISTINCT ON (r, person) r, person, timestamptz '2024-01-01 00:00+00' + r * interval '7 s' + k * interval '1 min'
    FROM generate_series(1, {size.rooms}::bigint) AS r
    CROSS JOIN LATERAL generate_series(0, {SIZE_OF_ROOM % values} - 1) AS k
    CROSS JOIN LATERAL (SELECT {member('r', 'k', size.people)} AS person) AS member
    ORDER BY r, person, k;

INSERT INTO rooms (id, type, name, created_at, member_count)
    SELECT r, CASE WHEN r > {BUSY_ROOMS} AND r % 3 > 0 THEN 'dm' ELSE 'group' END,
        CASE WHEN r % 3 = 0 AND r % 2 = 0 THEN 'Kelas ' || r END, timestamptz '2024-01-01 00:00+00' + r * interval '7 s', people
    FROM (SELECT room_id AS r, count(*) AS people FROM room_members GROUP BY room_id ORDER BY room_id) AS counted;

-- A fiftieth of the rooms is silent, and the first ones are the liveliest.
INSERT INTO messages (id, room_id, sender_id, content, created_at, client_id)
    SELECT n, r, {member('r', 'k', size.people)},
        CASE WHEN n % 1000 = 7 THEN left(repeat(phrase || ' ', 4000 / char_length(phrase) + 1), 3999) || '.'
            WHEN n % 100 = 7 THEN repeat(phrase || '. ', 12) ELSE phrase || ' ' || n END,
        timestamptz '2025-01-01 00:00+00' + n * interval '3 s', md5(n::text)::uuid
    FROM generate_series(1, {size.messages}::bigint) AS n
    CROSS JOIN LATERAL (SELECT 1 + ({chosen('n', 1, 1_000_000)} / 1e6)::float8 ^ 2 * {size.rooms - 1} AS drawn) AS u
    CROSS JOIN LATERAL (SELECT CASE WHEN n % 10 = 0 THEN {LOUD} ELSE floor(drawn)::bigint END AS nearly) AS v
    CROSS JOIN LATERAL (SELECT nearly - (nearly % 50 = 0)::int AS r) AS w
    CROSS JOIN LATERAL (SELECT CASE WHEN r = {LOUD} AND n % 20 = 0 THEN 1
        ELSE {chosen('n', 2, f'({SIZE_OF_ROOM % values})')} END AS k) AS x
    CROSS JOIN LATERAL (SELECT ({literals(PHRASES)})[1 + {chosen('n', 3, len(PHRASES))}] AS phrase) AS y;


DO $$ DECLARE step record;
BEGIN FOR step IN SELECT make FROM saved ORDER BY place LOOP EXECUTE step.make; END LOOP; END $$;
-- What the trigger would have noted.
INSERT INTO latest_messages (room_id, message_id)
    SELECT room_id, latest.id FROM (SELECT id AS room_id FROM rooms ORDER BY id) AS room CROSS JOIN LATERAL (
        SELECT id FROM messages WHERE messages.room_id = room.room_id ORDER BY id DESC LIMIT 1) AS latest;
SELECT setval(pg_get_serial_sequence('users', 'id'), {size.people}), setval(pg_get_serial_sequence('rooms', 'id'),
    {size.rooms}), setval(pg_get_serial_sequence('messages', 'id'), {size.messages}) \\g /dev/null
COMMIT;
VACUUM (ANALYZE) users, rooms, room_members, messages, latest_messages;
"""


def populate(url, size):
    """Makes the tables in a database if it has none, and fills them.

    Raises `RuntimeError` when there is somebody in it, or when psql fails.
    """
    if psql(url, "SELECT to_regclass('schema_step') IS NULL") == "t":
        psql(url, (ROOT / "schema.sql").read_text())
    if psql(url, "SELECT EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM rooms)") != "f":
        raise RuntimeError("there is somebody in that database")
    psql(url, script(size))
