"""Those who ask the program."""
import hashlib
import http.client
import json
import socket
import urllib.parse


def token(person):
    return hashlib.sha256(person.to_bytes(8, "big")).digest()


def make_sessions(cluster, people):
    """A session, with the token of `token`, for each of those whose ids the query `people` gives."""
    cluster.psql(f"INSERT INTO sessions (token_hash, user_id) SELECT sha256(sha256(int8send(id))), id "
                 f"FROM ({people}) AS person (id) ON CONFLICT DO NOTHING")
    cluster.psql("VACUUM ANALYZE sessions")


class Person:
    def __init__(self, port, cookie_name, number=None):
        self.port = port
        self._cookie_name = cookie_name
        self.number = number
        self.cookie = f"{cookie_name}={token(number).hex()}" if number else None

    def _fields(self, accept):
        fields = {"Accept": accept}
        if self.cookie:
            fields["Cookie"] = self.cookie
        return fields

    def ask(self, method, target, form=None, accept="application/json", expect=(200, 201, 303)):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        fields = self._fields(accept)
        body = None
        if method == "POST":
            body = urllib.parse.urlencode(form or {})
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, target, body, fields)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status not in expect:
            raise RuntimeError(f"{method} {target} was answered {answer.status}: {content[:300]!r}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        return json.loads(content) if accept == "application/json" and content[:1] == b"{" else content

    def get(self, target, **options):
        return self.ask("GET", target, **options)

    def page(self, target):
        return self.ask("GET", target, accept="text/html")

    def post(self, target, form=None, **options):
        return self.ask("POST", target, form, **options)

    def hold(self, room, after):
        """Asks for news, and leaves the answer for later; gives the socket."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sendall((f"GET /room/{room}/messages?after={after}&wait=30 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            f"Accept: application/json\r\nCookie: {self.cookie}\r\n\r\n").encode())
        return connection


def status_of(connection):
    """Waits for the answer to a request that was held."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    answer.read()
    connection.close()
    return answer.status
