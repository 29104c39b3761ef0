"""What the program is measured beside."""
import contextlib
import http.client
import os
import re
import subprocess
from pathlib import Path

from judging import Yardstick
from load import load
from obrolan_testing.client import request_bytes
from obrolan_testing.machine import ROOT, cpu, find, free_ports, until

SECONDS = 3
#: As the program's own connections have it (`ChatDatabase.settings`).
PLAN_SETTINGS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off" \
    " -c enable_mergejoin=off"
HERE = Path(__file__).resolve().parent


class Nginx:
    """Debian's nginx serving files from below `folder`, with as many workers as there are processors."""

    def __init__(self, folder):
        self.port = free_ports(1)[0]
        self._files = folder / "files"
        self._files.mkdir()
        (self._files / "css").symlink_to(ROOT / "Public/css")
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(f"""
            {user} daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
                types {{ text/css css; text/html html; }}
                client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
                uwsgi_temp_path {folder}; scgi_temp_path {folder};
                server {{ listen 127.0.0.1:{self.port} reuseport; root {self._files}; }}
            }}""")
        self.process = subprocess.Popen(
            [find("nginx"), "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
        if not until(self._serves, 60):
            raise RuntimeError("nginx did not start")

    def _serves(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            try:
                connection.connect()
            except ConnectionRefusedError:
                return False
            return True

    def put(self, name, content):
        (self._files / name).write_bytes(content)

    def measure(self, path):
        before = cpu(self.process.pid)
        answer = load(self.port, [request_bytes("GET", path)], SECONDS)
        spent = cpu(self.process.pid) - before
        return Yardstick(answer["requests"] / answer["seconds"], spent / answer["requests"] * 1e6)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


class PgBench:
    """pgbench over the program's database, with a statement that is a file beside this one, prepared."""

    def __init__(self, database, variables):
        self._database = database
        self._variables = variables

    def measure(self, script, clients):
        options = [option for name, value in self._variables.items() for option in ("-D", f"{name}={value}")]
        before = cpu(self._database.postmaster)
        output = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(SECONDS), *options,
             "-f", HERE / script],
            env=self._database.environment | {"PGOPTIONS": PLAN_SETTINGS}, capture_output=True, text=True, check=False)
        spent = cpu(self._database.postmaster) - before
        if output.returncode != 0 or "aborted" in output.stderr:
            raise RuntimeError(f"pgbench: {output.stderr}")
        count = int(re.search(r"actually processed: (\d+)", output.stdout).group(1))
        return Yardstick(float(re.search(r"tps = ([\d.]+) \(without", output.stdout).group(1)), spent / count * 1e6)
