"""People who use the program by HTTP alone, as curl would."""
import http.client
import json
import socket
import ssl
import urllib.parse

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
COOKIE = "obrolan_session"
TIMEOUT_SECONDS = 60


def fields_of(session=None, accept=JSON, form=None, **more):
    """The header fields of a request, and its content. Further fields are named with underscores."""
    fields = {"Accept": accept} | {name.replace("_", "-"): value for name, value in more.items()}
    if session:
        fields["Cookie"] = f"{COOKIE}={session}"
    if form is None:
        return fields, None
    return fields | {"Content-Type": FORM}, urllib.parse.urlencode(form).encode()


def request_bytes(method, target, form=None, **options):
    """A whole request, for those who write it to a socket by themselves; the options are those of `fields_of`."""
    fields, content = fields_of(form=form, **options)
    if content is not None:
        fields["Content-Length"] = str(len(content))
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + (content or b"")


class UnexpectedAnswer(RuntimeError):
    """It had another status than it should."""


class Answer:
    def __init__(self, response, question):
        self.status = response.status
        self.fields = response.headers
        self.content = response.read()
        self._question = question

    @property
    def json(self):
        return json.loads(self.content)

    def require(self, *statuses):
        """Itself; raises `UnexpectedAnswer`."""
        if self.status not in (statuses or (200, 201)):
            raise UnexpectedAnswer(f"{self._question} was answered {self.status}: {self.content[:300]!r}")
        return self


class Client:
    """Somebody, with a session or without. Comes from `source`, an address of the loopback network, by TLS if there is a
    `certificate` to trust; on one connection for all requests if `keeps_alive`, and else on a new one for each, so that
    threads can share it and the program may be started anew."""

    def __init__(self, port, *, session=None, certificate=None, source="127.0.0.1", keeps_alive=False):
        self.port = port
        self.session = session
        self._source = source
        self._tls = ssl.create_default_context(cafile=certificate) if certificate else None
        self._connection = self._connect() if keeps_alive else None

    def _connect(self):
        options = {"timeout": TIMEOUT_SECONDS, "source_address": (self._source, 0)}
        if self._tls:
            return http.client.HTTPSConnection("127.0.0.1", self.port, context=self._tls, **options)
        return http.client.HTTPConnection("127.0.0.1", self.port, **options)

    def ask(self, method, target, form=None, accept=JSON, **fields):
        """Sends a request, whose further fields are named with underscores, and waits for the answer."""
        fields, content = fields_of(self.session, accept, form, **fields)
        connection = self._connection or self._connect()
        try:
            connection.request(method, target, content, fields)
            answer = Answer(connection.getresponse(), f"{method} {target}")
        finally:
            if not self._connection:
                connection.close()
        for cookie in answer.fields.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            if name == COOKIE:
                # Logging out leaves it empty.
                self.session = value or None
        return answer

    def get(self, target, **fields):
        return self.ask("GET", target, **fields)

    def post(self, target, form=None, **fields):
        return self.ask("POST", target, form or {}, **fields)

    def hold(self, room, after):
        """Asks for news, and leaves the answer for later; gives the socket."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS)
        connection.sendall(request_bytes("GET", f"/room/{room}/messages?after={after}&wait=30", session=self.session))
        return connection

    def hang_up(self):
        """Closes the connection while another thread waits for an answer on it."""
        self._connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        if self._connection:
            self._connection.close()

    # What follows has to be done, or raises `UnexpectedAnswer`.

    def register(self, name, **fields):
        """The cookie as it was set."""
        return self.post("/register", {"username": name}, **fields).require(201).fields["Set-Cookie"]

    def create_room(self, kind="group", **fields):
        return self.post("/room/create", {"type": kind, **fields}).require().json["id"]

    def join(self, room):
        self.post("/room/join", {"room_id": room}).require()

    def leave(self, room):
        self.post(f"/room/{room}/leave").require()

    def send(self, room, content, **fields):
        """The message."""
        return self.post(f"/room/{room}/send", {"content": content, **fields}).require().json

    def edit(self, room, message, content):
        """The message, as it is now."""
        return self.post(f"/room/{room}/message/{message}/edit", {"content": content}).require().json

    def delete(self, room, message):
        """What is left of the message."""
        return self.post(f"/room/{room}/message/{message}/delete").require().json

    def messages(self, room):
        """The contents of the newest 200 messages, oldest first."""
        answer = self.get(f"/room/{room}/messages?limit=200").require()
        return [message["content"] for message in answer.json["messages"]]

    def delete_account(self):
        self.post("/account/delete").require()


class Member(Client):
    """Somebody with an account."""

    def __init__(self, port, name, **options):
        super().__init__(port, **options)
        self.name = name
        self.register(name)
