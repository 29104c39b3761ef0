"""PostgreSQL: one of one's own, and the program's own one."""
import os
import shutil
import signal
import subprocess

from .machine import as_user, clean_environment, postgres_programs, until

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


def psql(url, script):
    """What psql prints."""
    result = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"], input=script, text=True,
                            capture_output=True, env=clean_environment(), check=False)
    if result.returncode != 0:
        raise RuntimeError(f"psql: {result.stderr.strip()}")
    return result.stdout.strip()


class PrivateCluster:
    """The one that a program has started below its data directory, as an operator sees it."""

    def __init__(self, data_dir):
        lock = next(data_dir.resolve().rglob(".s.PGSQL.5432.lock"))
        self.folder = lock.parent
        self.postmaster = int(lock.read_text().split()[0])
        self.url = f"host={self.folder} user=obrolan dbname=obrolan"
        #: For programs of PostgreSQL.
        self.environment = clean_environment(PGHOST=str(self.folder), PGUSER="obrolan", PGDATABASE="obrolan")
        #: For another process of the program. Started as root it becomes somebody else, who has to be the socket's owner.
        self.arguments = ["--database-url", self.url, *(["--user", self.folder.owner()] if os.geteuid() == 0 else [])]

    def psql(self, script):
        return psql(self.url, script)

    def hold(self, statement, seconds):
        """Leaves a transaction open in which that was done, as somebody does who is called away."""
        return subprocess.Popen(
            ["psql", "-Xq", "-c", f"BEGIN; {statement}; SELECT pg_sleep({seconds}); ROLLBACK"], env=self.environment,
            stdout=subprocess.DEVNULL)


class Cluster:
    """Made in `folder`, or used again if one is there; reached over a Unix socket in it. It is gone with us."""

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
        config = self._write("more.conf", f"{SETTINGS}unix_socket_directories = '{folder}'\n{settings}")
        whole = self._write("whole.conf", f"include '{self.data}/postgresql.conf'\ninclude '{config}'\n")
        with open(folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", self.data, "-c", f"config_file={whole}"), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, env=clean_environment(), start_new_session=True)
        self.url = f"host={folder} user=obrolan dbname=obrolan"
        try:
            if not until(self._answers, 60):
                raise RuntimeError(f"PostgreSQL does not answer; see {folder}/server.log")
            if self.is_new:
                self.psql("CREATE DATABASE obrolan", database="postgres")
        except BaseException:
            self.stop()
            raise

    def _write(self, name, text):
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o644)
        return file

    @staticmethod
    def _command(name, *arguments):
        return [*as_user("postgres", at_our_end="INT"), *map(str, [postgres_programs() / name, *arguments])]

    def _run(self, *command):
        subprocess.run(self._command(*command), check=True, stdout=subprocess.DEVNULL, env=clean_environment(), cwd="/")

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL has ended; see {self.folder}/server.log")
        return subprocess.run([postgres_programs() / "pg_isready", "-q", "-h", self.folder], check=False,
                              env=clean_environment()).returncode == 0

    def psql(self, script, database="obrolan"):
        return psql(f"host={self.folder} user=obrolan dbname={database}", script)

    def stop(self):
        try:
            # SIGTERM would wait for the clients to leave by themselves.
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
