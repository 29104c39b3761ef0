"""Those who ask the program."""
import hashlib
import http.client

from obrolan_testing.client import JSON, Client


def token(person):
    return hashlib.sha256(person.to_bytes(8, "big")).digest()


def make_sessions(cluster, people):
    """A session, with the token of `token`, for each of those whose ids the query `people` gives."""
    cluster.psql(f"INSERT INTO sessions (token_hash, user_id) SELECT sha256(sha256(int8send(id))), id "
                 f"FROM ({people}) AS person (id) ON CONFLICT DO NOTHING")
    cluster.psql("VACUUM ANALYZE sessions")


class Person(Client):
    """Whose every question has to be answered as expected; with a number, somebody with the session of `make_sessions`."""

    def __init__(self, port, number=None):
        super().__init__(port, session=token(number).hex() if number else None)
        self.number = number

    def ask(self, method, target, form=None, accept=JSON, expect=(200, 201, 303)):
        return super().ask(method, target, form, accept).require(*expect)

    def page(self, target):
        return self.get(target, accept="text/html").content


def status_of(connection):
    """Waits for the answer to a request that was held."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    answer.read()
    connection.close()
    return answer.status
