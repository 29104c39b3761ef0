"""What people do, so that every statement of the program is made, and by those for whom it could cost the most."""
import socket
import time
from itertools import islice

from bounds import WAITING
from people import Person, make_sessions, status_of
from population import BUSY_ROOMS, CROWD, HEAVY, LOUD

#: How many people have a session before anything is done.
SESSIONS = 5_000
#: Who waits together in one room.
TOGETHER = 1_000
#: Bytes of a page with 50 rooms.
MAX_PAGE = 60_000
#: How often each scenario is done.
ROUNDS = 3


class Scenarios:
    """Each method that begins with `do_` is one; its name is the rest with spaces. It is done three times, and each
    time with others where what it does can be done once."""

    def __init__(self, cluster, port, log, size):
        self.cluster = cluster
        self.port = port
        self.log = log
        self.size = size
        # In a database that was used before some have deleted their accounts: they are in no room.
        ordinary = (f"SELECT id FROM users WHERE id <= {SESSIONS} "
                    "AND EXISTS (SELECT FROM room_members WHERE user_id = users.id)")
        make_sessions(cluster, ordinary)
        self._ordinary = (int(row) for row in cluster.psql(f"{ordinary} AND id > 2000 ORDER BY id").split())
        #: Of the large room, for those who wait there.
        self._crowd = iter(self.members(CROWD, TOGETHER * ROUNDS))
        make_sessions(cluster, f"SELECT user_id FROM room_members WHERE room_id = {CROWD}")
        #: Of somebody who is in 5,000: in none of them anybody has waited before.
        self._quiet_rooms = iter(range(100, BUSY_ROOMS))
        self.heavy = self.person(HEAVY)

    def all(self):
        return [(name.removeprefix("do_").replace("_", " ").replace("5000", "5,000"), getattr(self, name))
                for name in vars(type(self)) if name.startswith("do_")]

    def person(self, number):
        return Person(self.port, number)

    def ordinary(self):
        """Somebody with a session, another one each time."""
        return self.person(next(self._ordinary))

    def visitor(self):
        return Person(self.port)

    def members(self, room, count):
        """The ids of the newest members."""
        rows = self.cluster.psql(f"SELECT user_id FROM room_members WHERE room_id = {room} ORDER BY user_id DESC LIMIT {count}")
        return [int(row) for row in rows.split()]

    # Accounts

    def do_register_and_log_out(self):
        person = self.visitor()
        person.post("/register", {"username": f"baru{time.time_ns()}"})
        person.page("/")
        person.post("/logout")

    def do_log_in(self):
        name = self.cluster.psql(f"SELECT username FROM users WHERE id = {HEAVY}")
        self.visitor().post("/login", {"username": name})

    def do_give_a_name_its_key(self):
        """As a process of an earlier version adds one."""
        self.cluster.psql(f"INSERT INTO users (username) VALUES ('lama{time.time_ns()}')")
        self.visitor().post("/login", {"username": "siapa-pun"}, expect=(404,))

    def do_end_the_other_sessions(self):
        self.ordinary().post("/logout/others")

    def do_delete_an_account(self):
        self._delete(self.ordinary())

    def do_delete_the_account_with_the_most_rooms(self):
        person = self.ordinary()
        self.cluster.psql(
            f"INSERT INTO room_members (room_id, user_id) SELECT room_id, {person.number} FROM room_members "
            f"JOIN rooms ON rooms.id = room_id WHERE user_id = {HEAVY} AND type = 'group' ON CONFLICT DO NOTHING")
        self._delete(person)

    def _delete(self, person):
        """Comes back when it has no message any more."""
        person.post("/account/delete")
        deadline = time.monotonic() + 60
        while self.cluster.psql(f"SELECT count(*) FROM users WHERE id = {person.number}") != "0":
            if time.monotonic() > deadline:
                raise RuntimeError("the account's row is still there")
            time.sleep(0.05)

    # Lists of rooms

    def do_the_rooms_of_somebody(self):
        person = self.ordinary()
        person.page("/dashboard")
        person.get("/my-rooms")

    def do_the_rooms_of_somebody_who_is_in_5000(self):
        assert len(self.heavy.page("/dashboard")) < MAX_PAGE
        assert len(self.heavy.page("/my-rooms")) < MAX_PAGE
        next_part = self.heavy.get("/my-rooms").json["next"]
        self.heavy.page(next_part)
        # The oldest of all.
        self.heavy.get("/my-rooms?before=40-1")

    def do_the_most_rooms_of_somebody_who_is_in_5000(self):
        self.heavy.get("/my-rooms?limit=200")

    # Rooms

    def do_make_a_room(self):
        name = self.cluster.psql("SELECT username FROM users WHERE id = 1999")
        self.ordinary().post("/room/create", {"type": "group", "name": "Arisan"})
        self.ordinary().post("/room/create", {"type": "dm", "with": name})

    def do_join_and_leave_a_room_of_ten_thousand(self):
        person = self.ordinary()
        person.post("/room/join", {"room_id": CROWD})
        person.post(f"/room/{CROWD}/leave")

    def do_somebody_is_invited_and_names_the_room(self):
        person = self.ordinary()
        person.page(f"/join/{CROWD}")
        person.post("/room/join", {"room_id": CROWD})
        person.post(f"/room/{CROWD}/name", {"name": f"Alun-alun {person.number}"})

    def do_somebody_in_5000_joins_and_leaves(self):
        room = self.cluster.psql("SELECT max(id) FROM rooms WHERE type = 'group'")
        self.heavy.post("/room/join", {"room_id": room})
        self.heavy.post(f"/room/{room}/leave")

    # Reading

    def do_read_the_room_with_the_most_messages(self):
        self.heavy.page(f"/room/{LOUD}")
        self.heavy.page(f"/room/{LOUD}?before={self.size.messages // 2}")
        self.heavy.get(f"/room/{LOUD}/messages?after={self.size.messages // 2}")
        self.heavy.get(f"/room/{LOUD}/messages?before={self.size.messages // 2}")
        self.heavy.get(f"/room/{LOUD}/messages?after={self.size.messages * 2}")

    def do_read_the_room_with_the_most_members(self):
        self.heavy.page(f"/room/{CROWD}")
        self.heavy.get(f"/room/{CROWD}/messages?after=0")

    def do_the_largest_page_of_messages(self):
        self.heavy.get(f"/room/{LOUD}/messages?limit=200")

    def do_read_a_room_without_messages(self):
        self.heavy.page("/room/50")
        self.heavy.get("/room/50/messages?after=0")

    # Sending and waiting

    def do_send_a_message(self):
        for room in (LOUD, CROWD, 77):
            self.heavy.post(f"/room/{room}/send", {"content": "Sudah sampai?"})

    def do_answer_edit_and_delete_a_message(self):
        for room in (LOUD, CROWD, 77):
            first = self.heavy.post(f"/room/{room}/send", {"content": "Sudah sampai?"}).json["id"]
            reply = self.heavy.post(f"/room/{room}/send", {"content": "Sudah", "reply_to": first}).json["id"]
            self.heavy.page(f"/room/{room}?reply={first}")
            self.heavy.page(f"/room/{room}/message/{reply}")
            self.heavy.post(f"/room/{room}/message/{first}/edit", {"content": "Sudah sampai rumah?"})
            self.heavy.post(f"/room/{room}/message/{first}/delete")
            self.heavy.page(f"/room/{room}")

    def do_a_message_for_one_who_waits(self):
        self._wait_and_send([self.heavy], next(self._quiet_rooms))

    def do_a_message_for_a_thousand_who_wait(self):
        self._wait_and_send([self.person(next(self._crowd)) for _ in range(TOGETHER)], CROWD)

    def _wait_and_send(self, people, room):
        after = self.heavy.get(f"/room/{room}/messages?limit=1").json["cursor"]
        held = self._hold([(person, room, after) for person in people])
        self.heavy.post(f"/room/{room}/send", {"content": "Halo"})
        for connection in held:
            assert status_of(connection) == 200

    def do_somebody_in_5000_waits_in_many_rooms(self):
        """And hears no other process any more, so that it is asked what everybody has missed."""
        held = self._hold([(self.heavy, room, self.size.messages * 2) for room in islice(self._quiet_rooms, WAITING)])
        self.cluster.psql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE query LIKE 'LISTEN%' OR query LIKE 'SELECT ''listening%'")
        self.log.until("RoomLook.statement", len(held))
        for connection in held:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _hold(self, wanted):
        """Has people wait, and comes back when all of them do: when each was looked for."""
        self.log.until("RoomLook.statement", 0)
        held = [person.hold(room, after) for person, room, after in wanted]
        self.log.until("RoomLook.statement", len(wanted))
        return held

    # Others

    def do_ask_for_health(self):
        self.visitor().get("/healthz", accept="*/*")
