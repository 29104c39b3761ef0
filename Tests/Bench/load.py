"""What the programs in C beside this one do, which load the server at little cost to the processors that it shares."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONNECTIONS = 64
_built = tempfile.TemporaryDirectory(prefix="obrolan-load-")


def built(name):
    """The program, compiled when it is first asked for."""
    program = Path(_built.name) / name
    if not program.exists():
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, HERE / f"{name}.c"],
                       check=True)
    return program


def load(port, requests, seconds):
    """What `load.c` prints."""
    framed = b"".join(b"%d\n%s" % (len(request), request) for request in requests)
    run = subprocess.run([built("load"), str(port), str(CONNECTIONS), str(seconds)], input=framed, capture_output=True,
                         check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{requests[0].splitlines()[0].decode()}: {run.stderr.decode()}")
    return json.loads(run.stdout)


class Crowd:
    """What `crowd.c` does, as a context: those of `sessions` wait in a room as long as it lasts."""

    def __init__(self, port, room, sessions, neighbours):
        self._process = subprocess.Popen([built("crowd"), str(port), str(room), str(neighbours)], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._tell("\n".join([*sessions, "", ""]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def say(self, neighbours=0):
        """Milliseconds until half have a message, and all; and the longest that a neighbour waited for a page."""
        return [float(word) / 1e3 for word in self._tell(f"{neighbours}\n").split()]

    def _tell(self, text):
        try:
            self._process.stdin.write(text)
            self._process.stdin.flush()
        except BrokenPipeError:
            # It has said why.
            pass
        if line := self._process.stdout.readline():
            return line
        raise RuntimeError("those who wait were not all told")
