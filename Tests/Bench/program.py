"""The program under measurement, and what the kernel has counted for it."""
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def fail(sentence):
    sys.exit(f"Scripts/bench: {sentence}")


def status(pid, name):
    return int(re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M).group(1))


def children(pid):
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def cpu(pid):
    """Seconds of processor that a process and all below it have had, by the nanosecond; by the hundredth of a second for
    children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    # The clock of another process, as clock_getcpuclockid(3) makes it.
    total = ended + time.clock_gettime((~pid << 3) | 2)
    for child in children(pid):
        try:
            total += cpu(child)
        except OSError:
            # It has ended meanwhile.
            continue
    return total


def until_idle(pid):
    """Waits until a process has nothing to do."""
    spent = cpu(pid)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.1)
        spent, before = cpu(pid), spent
        if spent - before < 0.001:
            return
    fail(f"process {pid} never has nothing to do")


class Database:
    """The private cluster that a program has started below `folder`."""

    def __init__(self, folder):
        lock = next(folder.resolve().rglob(".s.PGSQL.5432.lock"))
        self.folder = lock.parent
        self.postmaster = int(lock.read_text().split()[0])
        self.url = f"host={self.folder} user=obrolan dbname=obrolan"
        self.environment = {**os.environ, "PGHOST": str(self.folder), "PGUSER": "obrolan", "PGDATABASE": "obrolan"}

    def psql(self, command):
        return subprocess.run(["psql", "-XAtq", "-c", command], env=self.environment, capture_output=True, text=True,
                              check=True).stdout.strip()


class Program:
    """The program, serving; stopped by SIGTERM."""

    def __init__(self, arguments):
        started = time.monotonic()
        self.process = subprocess.Popen(
            [os.environ.get("OBROLAN_PROGRAM", ROOT / ".build/release/obrolan"), "serve", "--port", "0",
             "--log-level", "warning", *arguments],
            cwd=ROOT, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.start_time = time.monotonic() - started
        match = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not match:
            fail("the program did not start")
        self.port = int(match.group(1))
        self.pid = self.process.pid

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def request(self, method, path, fields=None, cookie=None, accept="application/json"):
        body = urllib.parse.urlencode(fields or {}).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\nConnection: close\r\n"
        if cookie:
            head += f"Cookie: obrolan_session={cookie}\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(head.encode() + b"\r\n" + body)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        head, _, content = answer.partition(b"\r\n\r\n")
        return head.decode(), content
