"""The program as a child process."""
import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from .cluster import PrivateCluster
from .machine import ROOT, clean_environment, scratch_folder

#: Another one to compare with, if somebody wants to.
PROGRAM = Path(os.environ.get("OBROLAN_PROGRAM", ROOT / ".build/release/obrolan"))
STOP_SECONDS = 60


class Program:
    """One `obrolan` process. It may be stopped and started again, and has the same port then.

    What it logs is added to the file `log`; `prefix` is what its command begins with, and `environment` what it gets beside
    ours.
    """

    def __init__(self, log, *arguments, program=PROGRAM, prefix=(), environment=None):
        self.name = Path(log).stem
        self.port = 0
        #: Seconds from the start to the line that says that it serves.
        self.start_time = None
        self.process = None
        self._command = [*prefix, program, "serve"]
        self._arguments = arguments
        self._environment = environment or {}
        self._log = open(log, "a+b")

    def start(self):
        """Starts it, and comes back when it serves: with itself, so that one may make and start it at once."""
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [*map(str, [*self._command, "--port", self.port, *self._arguments])], cwd=ROOT,
            env=clean_environment(**self._environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log)
        line = self.process.stdout.readline().decode()
        self.start_time = time.monotonic() - begin
        served = re.fullmatch(r"Obrolan serves on http://127\.0\.0\.1:(\d+)\n", line)
        if not served:
            self.kill()
            raise RuntimeError(f"{self.name} said {line!r} and {self.log()[-2000:]}")
        self.port = int(served[1])
        return self

    @property
    def pid(self):
        return self.process.pid

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def log(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self, by=signal.SIGTERM):
        """Ends it and returns its exit code."""
        self.process.send_signal(by)
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            self.process.stdout.close()

    def kill(self):
        """Ends it by SIGKILL."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def end(self):
        """Whatever has happened, nothing is left: neither it nor, unless it has been killed, its database."""
        if self.process and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()


class Site(Program):
    """One with a database of its own below `folder`."""

    def __init__(self, folder, *arguments, **options):
        super().__init__(folder / "obrolan.log", "--data-dir", folder / "data", *arguments, **options)
        self._folder = folder

    @property
    def cluster(self):
        return PrivateCluster(self._folder / "data")


@contextlib.contextmanager
def running(*arguments, **options):
    """A site that runs, with further arguments, and in the end has to stop as it should."""
    with scratch_folder("site") as folder:
        site = Site(folder, *arguments, **options)
        try:
            yield site.start()
            assert site.stop() == 0, site.log()
        finally:
            site.end()
