"""The proxies, with the files that are in docs/."""

import http.client
import os
import pwd
import subprocess
import time

from obrolan_testing.machine import ROOT, find, free_ports

START_SECONDS = 5
STOP_SECONDS = 5


def substitute(text, replacements):
    """Replaces what an operator would: each piece must be there once, or as often as is said with it."""
    for old, new in replacements.items():
        new, times = new if isinstance(new, tuple) else (new, 1)
        assert text.count(old) == times, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def make_certificate(folder):
    """A self-signed certificate for 127.0.0.1: its file, the key's, and that of both."""
    certificate, key, both = folder / "tls.crt", folder / "tls.key", folder / "tls.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=obrolan", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    return certificate, key, both


class Proxy:
    """One proxy in front of the processes."""

    def __init__(self, folder, processes, certificate):
        self._folder = folder / self.name
        self._folder.mkdir(mode=0o711)
        self.port, self.tls_port = free_ports(2)
        self.certificate = certificate[0]
        text = (ROOT / "docs" / self.file).read_text()
        # Each is there once more as one to ask when both are taken for away.
        servers = {
            f"127.0.0.1:808{place} ": (f"127.0.0.1:{process.port} ", 2) for place, process in enumerate(processes, 1)
        }
        self._configuration = self._folder / self.file
        self._configuration.write_text(substitute(text, servers | self._replacements(certificate)))
        self._process = None

    def start(self):
        with open(self._folder / "output.log", "ab") as output:
            self._process = subprocess.Popen(
                [*self._command(), self._configuration], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        end = time.monotonic() + START_SECONDS
        while not self._serves():
            assert self._process.poll() is None and time.monotonic() < end, self.log()
            time.sleep(0.05)

    def _serves(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def log(self):
        return "".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("*.log")))

    def end(self):
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class HAProxy(Proxy):
    name, file = "haproxy", "haproxy.cfg"

    def _replacements(self, certificate):
        replacements = {
            "log /dev/log local0": "log stdout format raw local0",
            "stats socket /run/haproxy/admin.sock": f"stats socket {self._folder}/admin.sock",
            "bind :80\n": f"bind 127.0.0.1:{self.port}\n",
            "bind :443 ssl crt /etc/haproxy/obrolan.pem": f"bind 127.0.0.1:{self.tls_port} ssl crt {certificate[2]}",
        }
        if os.geteuid() != 0:
            # Only root can become somebody else.
            replacements |= dict.fromkeys(("user haproxy\n", "group haproxy\n", "chroot /var/lib/haproxy\n"), "\n")
        return replacements

    def _command(self):
        return [find("haproxy"), "-db", "-f"]


class Nginx(Proxy):
    name, file = "nginx", "nginx.conf"

    def _replacements(self, certificate):
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"    {kind}_temp_path {self._folder}/{kind};\n" for kind in kinds)
        return {
            # Debian's user cannot reach the folder.
            "user www-data;": f"user {pwd.getpwuid(os.geteuid()).pw_name}; daemon off;",
            "pid /run/nginx.pid": f"pid {self._folder}/nginx.pid",
            "error_log /var/log/nginx/error.log": f"error_log {self._folder}/error.log",
            "access_log /var/log/nginx/access.log": f"access_log {self._folder}/access.log",
            "\nhttp {\n": f"\nhttp {{\n{temporary}",
            "listen 80 ": f"listen 127.0.0.1:{self.port} ",
            "listen 443 ": f"listen 127.0.0.1:{self.tls_port} ",
            "/etc/ssl/certs/obrolan.pem": str(certificate[0]),
            "/etc/ssl/private/obrolan.key": str(certificate[1]),
        }

    def _command(self):
        # What is said before the file is read goes to where no right is needed.
        return [find("nginx"), "-e", "stderr", "-p", self._folder, "-c"]


PROXIES = {proxy.name: proxy for proxy in (HAProxy, Nginx)}
