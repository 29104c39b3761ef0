"""The client of the other tests, at a server that tells what it was asked."""
import http.server
import json
import threading

import pytest
from obrolan_testing.client import Client, Member, UnexpectedAnswer, request_bytes


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self):
        content = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {"method": self.command, "target": self.path, "fields": dict(self.headers), "content": content,
                 "from": self.client_address}
        body = json.dumps(asked).encode()
        self.send_response(404 if self.path == "/missing" else 201)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "other=x; Path=/")
        if self.path in ("/register", "/logout"):
            self.send_header("Set-Cookie", f"obrolan_session={'abc' if self.path == '/register' else ''}; Path=/; HttpOnly")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer

    def log_message(self, *_):
        pass


@pytest.fixture
def port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_is_sent_with_further_fields(port):
    asked = Client(port).post("/x", {"content": "satu & dua", "n": 3}, X_Forwarded_For="10.0.0.1").json
    assert (asked["method"], asked["content"]) == ("POST", "content=satu+%26+dua&n=3")
    assert asked["fields"]["Content-Type"] == "application/x-www-form-urlencoded"
    assert (asked["fields"]["X-Forwarded-For"], asked["fields"]["Accept"]) == ("10.0.0.1", "application/json")


def test_the_session_is_kept_until_it_is_taken_away(port):
    member = Member(port, "alice")
    assert member.session == "abc"
    assert member.get("/").json["fields"]["Cookie"] == "obrolan_session=abc"
    member.post("/logout")
    assert member.session is None
    assert "Cookie" not in member.get("/").json["fields"]


def test_one_connection_is_kept_only_if_that_is_wanted(port):
    for keeps_alive, connections in ((True, 1), (False, 3)):
        client = Client(port, keeps_alive=keeps_alive, source="127.0.0.9")
        callers = {tuple(client.get("/").json["from"]) for _ in range(3)}
        assert len(callers) == connections
        assert {address for address, _ in callers} == {"127.0.0.9"}
        client.close()


def test_an_answer_is_required_to_be_as_expected(port):
    client = Client(port)
    assert client.get("/missing").status == 404
    assert client.get("/missing").require(404, 410).status == 404
    with pytest.raises(UnexpectedAnswer, match="GET /missing was answered 404"):
        client.get("/missing").require()


def test_a_request_in_bytes_is_whole():
    assert request_bytes("GET", "/a?b=c", session="s", accept="*/*") == (
        b"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nCookie: obrolan_session=s\r\n\r\n")
    head, _, content = request_bytes("POST", "/a", {"b": "é"}).partition(b"\r\n\r\n")
    assert content == b"b=%C3%A9"
    assert head.splitlines()[-1] == b"Content-Length: 8"
    assert b"Content-Length: 0" in request_bytes("POST", "/a", {})
