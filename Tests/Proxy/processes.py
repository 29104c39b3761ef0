"""The program's processes, on one database."""

import os
import pathlib
import re
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Another one to compare with, if somebody wants to.
PROGRAM = pathlib.Path(os.environ.get("OBROLAN_PROGRAM", ROOT / ".build/release/obrolan"))
STOP_SECONDS = 30


class Process:
    """One `obrolan` process. It may be stopped and started again, and has the same port then."""

    def __init__(self, folder, name, *arguments):
        self.name = name
        self.port = 0
        self._arguments = arguments
        self._log = open(folder / f"{name}.log", "a+b")
        self._process = None

    def start(self):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("OBROLAN_", "PG"))
        }
        command = [PROGRAM, "serve", "--port", str(self.port), "--log-level", "info", *self._arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log
        )
        line = self._process.stdout.readline().decode()
        served = re.fullmatch(r"Obrolan serves on http://127\.0\.0\.1:(\d+)\n", line)
        assert served, f"{self.name} said {line!r} and {self.log()[-2000:]}"
        self.port = int(served[1])

    def stop(self, by=signal.SIGTERM):
        """Ends it and returns its exit code."""
        self._process.send_signal(by)
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self._process.stdout.close()

    @property
    def descriptors(self):
        """How many it has; connections come and go among them."""
        return len(os.listdir(f"/proc/{self._process.pid}/fd"))

    def log(self):
        self._log.seek(0)
        return self._log.read().decode()

    def client_of(self, target):
        """Whose request it was, as the access log has it, or None if there was none."""
        line = re.search(rf"\] (\S+) [A-Z]+ {re.escape(target)} \d+ ", self.log())
        return line and line[1]

    def end(self):
        """Kills it if it still runs."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()
