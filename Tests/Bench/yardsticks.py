"""What the program is measured beside, and the tables of the figures."""
import os
import re
import shutil
import socket
import statistics
import subprocess
import time
from pathlib import Path

from program import ROOT, cpu_seconds, fail

ROUNDS = 3
SECONDS = 3


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class Nginx:
    """Debian's nginx serving the same files, with as many workers as there are processors."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(f"""
            {user} daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
                types {{ text/css css; }}
                client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
                uwsgi_temp_path {folder}; scgi_temp_path {folder};
                server {{ listen 127.0.0.1:{self.port} reuseport; root {ROOT}/Public; }}
            }}""")
        self.process = subprocess.Popen(
            [find("nginx"), "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        else:
            fail("nginx did not start")

    @property
    def pids(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def wrk_command(port, path, connections, cookie=None, script=None, seconds=SECONDS):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    if cookie:
        command += ["-H", f"Cookie: obrolan_session={cookie}"]
    if script:
        command += ["-s", str(script)]
    return [*command, f"http://127.0.0.1:{port}{path}"]


def wrk(port, path, pids, connections, cookie=None, script=None):
    """Requests a second and CPU µs a request."""
    before = cpu_seconds(pids)
    output = subprocess.run(
        wrk_command(port, path, connections, cookie, script), capture_output=True, text=True, check=True).stdout
    spent = cpu_seconds(pids) - before
    if "Non-2xx" in output or "Socket errors" in output:
        fail(f"{path}: {output}")
    count = int(re.search(r"(\d+) requests in", output).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    return rate, spent / count * 1e6


def pgbench(environment, folder, script, clients, variables):
    (folder / "pgbench.sql").write_text(script)
    options = [option for name, value in variables.items() for option in ("-D", f"{name}={value}")]
    output = subprocess.run(
        ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(SECONDS), *options,
         "-f", folder / "pgbench.sql"],
        env=environment, capture_output=True, text=True)
    if output.returncode != 0 or "aborted" in output.stderr:
        fail(f"pgbench: {output.stderr}")
    return float(re.search(r"tps = ([\d.]+) \(without", output.stdout).group(1)), None


def compare(name, target, ours, yardstick, yardstick_name):
    """Takes turns, and prints a row of the table."""
    results = [(ours(), yardstick()) for _ in range(ROUNDS)]
    rate, cpu = (statistics.median(result[0][index] for result in results) for index in (0, 1))
    other = statistics.median(result[1][0] for result in results)
    ratio = statistics.median(result[0][0] / result[1][0] for result in results)
    other_cpu = [result[1][1] for result in results if result[1][1] is not None]
    row = f"{name:<34} {rate:>9,.0f} {cpu:>9.1f}   {yardstick_name:<8} {other:>9,.0f} "
    row += f"{statistics.median(other_cpu):>9.1f}" if other_cpu else f"{'':>9}"
    print(f"{row} {ratio:>7.2f} {target:>7.2f}  {'ok' if ratio >= target else 'MISSED'}", flush=True)


def tell(name, value, unit, limit):
    print(f"{name:<62} {value:>9,.1f} {unit:<4} under {limit:<6,} {'ok' if value < limit else 'MISSED'}", flush=True)


def statement(psql, part, use):
    """The program's own statement that has `part` in it, as the database shows it while the program runs it."""
    load = subprocess.Popen(use, stdout=subprocess.DEVNULL)
    query = ""
    while not query and load.poll() is None:
        query = psql("SELECT query FROM pg_stat_activity WHERE application_name = 'obrolan'"
                     f" AND query LIKE '%{part}%' LIMIT 1")
    load.wait()
    return query or fail(f"the statement with {part} was not seen")
