"""A person who uses the program by HTTP alone, as curl would."""

import json
import urllib.parse
import urllib.request

TIMEOUT_SECONDS = 20


class Member:
    """Somebody with an account and a session."""

    def __init__(self, server, name):
        self.name = name
        self._server = server
        self._session = None
        self._post("/register", username=name)

    @property
    def session(self):
        """The value of the session cookie."""
        return self._session

    def create_room(self, kind="group", **fields):
        return self._post("/room/create", type=kind, **fields)["id"]

    def join(self, room):
        self._post("/room/join", room_id=room)

    def leave(self, room):
        self._post(f"/room/{room}/leave")

    def send(self, room, content):
        return self._post(f"/room/{room}/send", content=content)

    def delete_account(self):
        self._post("/account/delete")

    def messages(self, room):
        """The contents of the newest 200 messages, oldest first."""
        return [message["content"] for message in self._open(f"/room/{room}/messages?limit=200")["messages"]]

    def _post(self, path, **fields):
        return self._open(path, urllib.parse.urlencode(fields).encode())

    def _open(self, path, form=None):
        headers = {"Accept": "application/json"}
        if self._session:
            headers["Cookie"] = f"obrolan_session={self._session}"
        request = urllib.request.Request(self._server.url + path, form, headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            cookie = response.headers["Set-Cookie"]
            if cookie:
                self._session = cookie.split(";")[0].removeprefix("obrolan_session=")
            return json.load(response)
