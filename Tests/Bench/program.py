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
TICKS = os.sysconf("SC_CLK_TCK")


def fail(sentence):
    sys.exit(f"Scripts/bench: {sentence}")


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def status(pid, name):
    return int(re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M).group(1))


class Program:
    """The program, serving; stopped by SIGTERM."""

    def __init__(self, arguments):
        started = time.monotonic()
        self.process = subprocess.Popen(
            [os.environ.get("OBROLAN_PROGRAM", ROOT / ".build/release/obrolan"), "serve", "--port", "0", *arguments],
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
        return head.decode(), content.decode()
