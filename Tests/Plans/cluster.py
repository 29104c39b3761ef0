"""A PostgreSQL of one's own, that is gone with the program that started it."""
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Nothing that it has is worth a wait for the disk.
SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = '16GB'
checkpoint_timeout = '1h'
shared_buffers = '2GB'
max_connections = 100
autovacuum = off
"""


def programs():
    return Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip())


def clean_environment():
    """Ours, without what would lead programs to another database."""
    return {name: value for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("OBROLAN_", "PG"))}


class Cluster:
    """Made in `folder`, or used again if one is there; reached over a Unix socket in it."""

    def __init__(self, folder, settings=""):
        self.folder = folder
        self.data = folder / "data"
        self.is_new = not (self.data / "PG_VERSION").exists()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        if self.is_new:
            self._run("initdb", "-D", self.data, "-U", "obrolan", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "-N")
        config = self.folder / "more.conf"
        config.write_text(f"{SETTINGS}unix_socket_directories = '{folder}'\n{settings}")
        config.chmod(0o644)
        command = [programs() / "postgres", "-D", self.data, "-c", f"config_file={self._whole_configuration(config)}"]
        with open(folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [*self._prefix(), "setpriv", "--pdeathsig", "INT", *map(str, command)], stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, env=clean_environment(), start_new_session=True)
        self.url = f"host={folder} user=obrolan dbname=obrolan"
        try:
            self._wait()
            if self.is_new:
                self.psql("CREATE DATABASE obrolan", database="postgres")
        except BaseException:
            self.stop()
            raise

    def _whole_configuration(self, more):
        whole = self.folder / "whole.conf"
        whole.write_text(f"include '{self.data}/postgresql.conf'\ninclude '{more}'\n")
        whole.chmod(0o644)
        return whole

    @staticmethod
    def _prefix():
        """Root may not run it."""
        if os.geteuid() != 0:
            return []
        return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]

    def _run(self, name, *arguments):
        subprocess.run([*self._prefix(), str(programs() / name), *map(str, arguments)], check=True,
                       stdout=subprocess.DEVNULL, env=clean_environment(), cwd="/")

    def _wait(self):
        deadline = time.monotonic() + 60
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL has ended; see {self.folder}/server.log")
            ready = subprocess.run([str(programs() / "pg_isready"), "-q", "-h", str(self.folder)], check=False,
                                   env=clean_environment())
            if ready.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not answer; see {self.folder}/server.log")
            time.sleep(0.05)

    def psql(self, command, database="obrolan"):
        """What psql prints."""
        return psql(f"host={self.folder} user=obrolan dbname={database}", command)

    def stop(self):
        try:
            # SIGTERM would wait for the clients to leave by themselves.
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def psql(url, script):
    result = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"], input=script, text=True,
                            capture_output=True, env=clean_environment(), check=False)
    if result.returncode != 0:
        raise RuntimeError(f"psql: {result.stderr.strip()}")
    return result.stdout.strip()
