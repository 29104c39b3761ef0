"""What the tests need of the machine: programs, ports, folders, processes."""
import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: Below what Linux gives to outgoing connections: one of those must not have the port of a process that is down.
PORTS = range(15_000, 32_000)


def clean_environment(**more):
    """Ours, without what would tell the programs another database or other settings."""
    return {name: value for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("OBROLAN_", "PG"))} | more


def find(program):
    """Where it is, or None; also where only root looks."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def postgres_programs():
    return Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip())


def as_user(user=None, at_our_end="KILL"):
    """What to begin a command with so that root runs it as somebody else; the kernel sends it that signal when we die."""
    identity = ["--reuid", user, "--regid", user, "--clear-groups"] if user and os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", at_our_end, *identity]


def free_ports(count):
    """Different ports that nobody uses at this moment."""
    ports = []
    while len(ports) < count:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


@contextlib.contextmanager
def scratch_folder(name):
    """A folder that is gone in the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"obrolan-{name}-"))
    # As root the database runs as another user, who has to pass through.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def until(condition, seconds):
    """What `condition` gave when that was true, or what it gave last, within that time."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


def build_program(sanitizer=None):
    """Builds the program, and says where it is."""
    folder = ROOT / ".build"
    command = [ROOT / "Scripts/build", "--quiet"]
    if sanitizer:
        folder = folder / f"{sanitizer}-release"
        command += [f"--sanitize={sanitizer}", "--scratch-path", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "release/obrolan"


def children(pid):
    """Those of its children that are there; none when it is gone itself."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def descendants(pid):
    """Its children, and theirs."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def status(pid, name):
    """A number of /proc/PID/status."""
    return int(re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[1])


def memory(pid):
    """Resident, in MB."""
    return status(pid, "VmRSS") / 1024


def descriptors(pid):
    """How many it has; connections come and go among them."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def cpu(pid):
    """Seconds of processor that a process and all below it have had, by the nanosecond; by the hundredth of a second for
    children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    # The clock of another process, as clock_getcpuclockid(3) makes it.
    total = ended + time.clock_gettime((~pid << 3) | 2)
    for child in children(pid):
        # It may have ended meanwhile.
        with contextlib.suppress(OSError):
            total += cpu(child)
    return total


def until_idle(pid, seconds=60):
    """Waits until a process has nothing to do."""
    spent = cpu(pid)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)
        spent, before = cpu(pid), spent
        if spent - before < 0.001:
            return
    raise TimeoutError(f"process {pid} never had nothing to do")
