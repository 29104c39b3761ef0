"""Somebody who uses the program by HTTP on one kept-alive connection, through a proxy or directly."""

import http.client
import json
import socket
import ssl
import urllib.parse

TIMEOUT_SECONDS = 40
JSON = "application/json"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.fields = response.headers
        self.content = response.read()

    @property
    def json(self):
        return json.loads(self.content)


class Visitor:
    """With the session of `like`, if that is given. Comes from `source`, an address of the loopback network."""

    def __init__(self, port, *, certificate=None, source="127.0.0.1", like=None):
        self.session = like and like.session
        options = {"timeout": TIMEOUT_SECONDS, "source_address": (source, 0)}
        if certificate:
            tls = ssl.create_default_context(cafile=certificate)
            self._connection = http.client.HTTPSConnection("127.0.0.1", port, context=tls, **options)
        else:
            self._connection = http.client.HTTPConnection("127.0.0.1", port, **options)

    def ask(self, method, target, form=None, accept=JSON, **fields):
        """Sends a request, whose further fields are named with underscores, and waits for the answer."""
        sent = {name.replace("_", "-"): value for name, value in fields.items()} | {"Accept": accept}
        if self.session:
            sent["Cookie"] = f"obrolan_session={self.session}"
        content = None
        if form is not None:
            content = urllib.parse.urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, target, content, sent)
        return Answer(self._connection.getresponse())

    def get(self, target, **fields):
        return self.ask("GET", target, **fields)

    def post(self, target, form, **fields):
        return self.ask("POST", target, form, **fields)

    def register(self, name, **fields):
        """Gives the cookie as it was set."""
        answer = self.post("/register", {"username": name}, **fields)
        assert answer.status == 201, answer.content
        cookie = answer.fields["Set-Cookie"]
        self.session = cookie.split(";")[0].removeprefix("obrolan_session=")
        return cookie

    def create_room(self):
        return self.post("/room/create", {"type": "group"}).json["id"]

    def leave(self):
        """Closes the connection while another thread waits for an answer on it."""
        self._connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._connection.close()
