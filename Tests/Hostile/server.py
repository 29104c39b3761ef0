"""The program as a child process, on a private cluster of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """The program; `files` is how many descriptors it may have."""

    def __init__(self, program, folder, *arguments, files=None):
        self.log = open(folder / "log", "a+b")
        environment = {name: value for name, value in os.environ.items()
                       if name != "DATABASE_URL" and not name.startswith(("OBROLAN_", "PG"))}
        environment["TSAN_OPTIONS"] = f"suppressions={ROOT}/Scripts/tsan.supp exitcode=66"
        environment["ASAN_OPTIONS"] = "detect_leaks=0 exitcode=66"
        command = [program, "serve", "--port", "0", "--data-dir", folder / "data", *arguments]
        if files:
            command = ["prlimit", f"--nofile={files}:{files}", *command]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        served = re.search(r":(\d+)$", line.strip())
        if not served:
            sys.exit(f"the program did not start: {line}{self.said()}")
        self.port = int(served[1])

    @property
    def memory(self):
        """Resident, in MB."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=60)
