"""The program under test, with a database of its own."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build/release/obrolan"
STOP_SECONDS = 30


class Server:
    """One `obrolan` process over a scratch data directory, with further options. It may be stopped and started again."""

    def __init__(self, *options):
        self._options = options
        self._data_dir = tempfile.mkdtemp(prefix="obrolan-browser-")
        # As root the database runs as another user, who has to pass through.
        os.chmod(self._data_dir, 0o711)
        self._log = open(os.path.join(self._data_dir, "obrolan.log"), "w+b")
        self._process = None
        self._port = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    def start(self):
        """Starts it: the first time on a free port, from then on always on that one."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("OBROLAN_", "PG"))
        }
        command = [PROGRAM, "serve", "--port", str(self._port), "--data-dir", self._data_dir, *self._options]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log
        )
        line = self._process.stdout.readline().decode()
        served = re.fullmatch(r"Obrolan serves on http://127\.0\.0\.1:(\d+)\n", line)
        assert served, f"it said {line!r} and {self.log()}"
        self._port = int(served[1])

    def stop(self):
        """Ends it by SIGTERM and returns its exit code."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self._process.stdout.close()

    def kill(self):
        """Ends it by SIGKILL."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def sql(self, statements):
        """Has the private database carry out statements, for what cannot be had by HTTP."""
        connection = f"host={self._data_dir}/postgresql user=obrolan dbname=obrolan"
        command = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", connection, "-c", statements]
        subprocess.run(command, check=True)

    def log(self):
        self._log.seek(0)
        return self._log.read().decode()

    def remove(self):
        """Removes what it has left, and kills it first if it still runs."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._data_dir)


@contextlib.contextmanager
def running(*options):
    """A server that runs, with further options, and in the end has to stop as it should."""
    server = Server(*options)
    try:
        server.start()
        yield server
        assert server.stop() == 0, server.log()
    finally:
        server.remove()
