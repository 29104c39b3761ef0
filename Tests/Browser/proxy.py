"""Something between the browser and the server, which passes on what is asked, or answers by itself."""

import contextlib
import http.client
import http.server
import json
import socket
import threading
import urllib.parse

ANSWER_SECONDS = 60
#: Of one connection only (RFC 9110, section 7.6.1), or made anew here.
OWN_FIELDS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Answer:
    """An answer of the proxy's own."""

    def __init__(self, status, content="", content_type="text/html", **fields):
        self.status = status
        self.content = content.encode()
        self.fields = {"Content-Type": content_type}
        self.fields |= {name.replace("_", "-"): value for name, value in fields.items()}


def problem(status, code, **fields):
    """An answer as the application would give it."""
    content = json.dumps({"status": status, "title": "", "detail": "…", "code": code})
    return Answer(status, content, "application/problem+json", Obrolan="1", **fields)


class Request:
    """What a browser has asked for."""

    def __init__(self, handler):
        self.method = handler.command
        self.path, _, query = handler.path.partition("?")
        self.body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.fields = {name: value for name, value in handler.headers.items() if name.lower() not in OWN_FIELDS}
        #: What came in the query, and in the form.
        self.values = dict(urllib.parse.parse_qsl(f"{query}&{self.body.decode()}"))

    @property
    def is_of_script(self):
        """Whether it is none for a page or for one of its parts."""
        return self.fields.get("Sec-Fetch-Dest") == "empty"


class Proxy:
    """Passes on what is asked, but for that to which `intercept`, called with the `Request`, returns an `Answer`."""

    def __init__(self, server):
        self._server = server
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._lock = threading.Lock()
        self._upstream = set()
        self.intercept = lambda request: None
        #: All requests that came, and how many answers were the proxy's own.
        self.requests = []
        self.own_answers = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.server_port}"

    def start(self):
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()
        self.cut()

    def cut(self):
        """Ends the requests that the server holds, without an answer."""
        with self._lock:
            for connection in self._upstream:
                # It may have come to its end by itself.
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def answer(self, request, target):
        """The answer to a request, the proxy's or the server's: status, fields, content."""
        with self._lock:
            self.requests.append(request)
        own = self.intercept(request)
        if own:
            with self._lock:
                self.own_answers += 1
            return own.status, own.fields.items(), own.content
        return self._pass_on(request, target)

    def _pass_on(self, request, target):
        address = urllib.parse.urlsplit(self._server.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=ANSWER_SECONDS)
        connection.connect()
        with self._lock:
            self._upstream.add(connection)
        try:
            connection.request(request.method, target, request.body or None, request.fields)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            with self._lock:
                self._upstream.remove(connection)
                connection.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy = None

    def _handle(self):
        try:
            status, fields, content = self.proxy.answer(Request(self), self.path)
        except (OSError, http.client.HTTPException):
            # The server is gone, or the request was cut: so is the browser's.
            self.close_connection = True
            return
        with contextlib.suppress(ConnectionError):
            self.send_response_only(status)
            for name, value in fields:
                if name.lower() not in OWN_FIELDS:
                    self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = _handle

    def log_message(self, *_):
        """Says nothing: what fails says so itself."""
