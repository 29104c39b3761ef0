"""Sites beside the program, in the eyes of a browser: a proxy in front of it, and somebody else's pages."""

import contextlib
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextlib.contextmanager
def serving(handler):
    """Serves on a free port of the loopback address, which it gives."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def proxy(port):
    """A proxy that has browsers tell nobody where they come from, as some do for all that they serve."""

    class Proxy(BaseHTTPRequestHandler):
        origins = []

        def _pass_on(self):
            self.origins.append(self.headers.get("Origin"))
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
            try:
                connection.request(self.command, self.path, content, dict(self.headers.items()))
                response = connection.getresponse()
                answer = response.read()
            finally:
                connection.close()
            self.send_response_only(response.status)
            for name, value in response.getheaders():
                if name.lower() not in ("referrer-policy", "connection", "content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(answer)

        do_GET = do_POST = do_HEAD = _pass_on

        def log_message(self, *_):
            pass

    return Proxy


def foreign(page):
    """Somebody else's site, whose one page does not tell where it is."""

    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self):
            content = f"<!DOCTYPE html><title>Situs lain</title>{page}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    return Foreign
