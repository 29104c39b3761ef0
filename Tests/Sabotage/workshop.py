"""A copy of the tree, in which mistakes are made, built and tested."""
import contextlib
import enum
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from obrolan_testing.machine import ROOT, clean_environment, descendants

BUILD_SECONDS = 1800
#: Appended to Package.swift, so that a patch costs what the tests need that are to notice it.
ONLY_NEEDED = """
let wanted: [String] = [{}]
var needed = Set(wanted), open = wanted
while let name = open.popLast() {{
    for dependency in package.targets.first(where: {{ $0.name == name }})?.dependencies ?? [] {{
        if case .byNameItem(let other, _) = dependency, needed.insert(other).inserted {{ open.append(other) }}
    }}
}}
package.targets.removeAll {{ !needed.contains($0.name) }}
"""


class Verdict(enum.Enum):
    KILLED = "killed"
    SURVIVED = "survived"
    DOES_NOT_BUILD = "does not build"
    DOES_NOT_APPLY = "does not apply"


class Workshop:
    """In `folder`, which may be used again: then only what has changed is built."""

    def __init__(self, folder, seconds):
        self.folder = folder
        self.tree = folder / "tree"
        self._seconds = seconds
        self._sound = {}
        self._original = read_tree()
        #: What was printed last.
        self.output = ""

    def prepare(self, patch):
        """Makes the copy like the tree was in the beginning, but for what is not for these tests."""
        wanted = dict(self._original)
        if patch.kind == "swift":
            targets = ", ".join(f'"{target}"' for target in patch.group.split("+"))
            wanted["Package.swift"] += ONLY_NEEDED.format(targets).encode()
        for old in self.tree.rglob("*"):
            if old.is_file() and str(old.relative_to(self.tree)) not in wanted:
                old.unlink()
        for name, content in wanted.items():
            file = self.tree / name
            # What is as it was is left alone, or it would be built again.
            if not file.exists() or file.read_bytes() != content:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                file.chmod(0o755 if os.access(ROOT / name, os.X_OK) else 0o644)

    def is_sound(self, patch):
        """Whether the tests pass without the mistake; asked once for the same tests."""
        key = patch.kind, patch.tests
        if key not in self._sound:
            self.prepare(patch)
            self._sound[key] = self._build(patch) and self._test(patch)
        return self._sound[key]

    def judge(self, patch):
        self.prepare(patch)
        if not self._apply(patch):
            return Verdict.DOES_NOT_APPLY
        if not self._build(patch):
            return Verdict.DOES_NOT_BUILD
        return Verdict.SURVIVED if self._test(patch) else Verdict.KILLED

    def _apply(self, patch):
        # The copy is no repository, though it may be within one.
        environment = clean_environment(GIT_CEILING_DIRECTORIES=str(self.folder))
        applied = subprocess.run(["git", "apply", "-"], cwd=self.tree, env=environment, input=patch.text, text=True,
                                 capture_output=True, check=False)
        self.output = applied.stderr
        return applied.returncode == 0

    def _build(self, patch):
        if patch.kind == "node":
            return True
        what = ["--build-tests"] if patch.kind == "swift" else ["--product", "obrolan"]
        return self._run(["swift", "build", "-q", *what, "--scratch-path", self._build_folder(patch)], BUILD_SECONDS)

    def _build_folder(self, patch):
        return str(self.folder / patch.group)

    def _test(self, patch):
        """Whether they pass; those that hang do not."""
        more = {}
        if patch.kind == "swift":
            # A suite is all of the name up to the next separator.
            filters = [option for test in patch.tests for option in ("--filter", f"^{test.replace('.', r'[.]')}(?![A-Za-z])")]
            command = ["swift", "test", "-q", "--skip-build", "--disable-xctest", *filters, "--scratch-path",
                       self._build_folder(patch)]
        elif patch.kind == "node":
            command = ["node", "--test", *(f"Tests/Script/{test}.test.mjs" for test in patch.tests)]
        else:
            command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *patch.tests]
            more = {"OBROLAN_PROGRAM": str(Path(self._build_folder(patch)) / "debug/obrolan")}
        return self._run(command, self._seconds, more)

    def _run(self, command, seconds, more=None):
        """Whether the command succeeds in that time; nothing that it has started stays."""
        with tempfile.TemporaryDirectory(prefix="obrolan-sabotage-") as scratch, tempfile.TemporaryFile() as output:
            # As root the database runs as another user, who has to pass through.
            os.chmod(scratch, 0o711)
            process = subprocess.Popen(
                command, cwd=self.tree, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env=clean_environment(TMPDIR=scratch, PYTHONDONTWRITEBYTECODE="1", **(more or {})))
            try:
                return process.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                return False
            finally:
                # Swift has its tests in a process group of their own.
                for pid in [*descendants(process.pid), process.pid] if process.poll() is None else []:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                process.wait()
                stop_databases(Path(scratch))
                output.seek(0)
                self.output = output.read().decode(errors="replace")


def read_tree():
    """The files of the tree by their names, also those that git does not know yet; what somebody changes in them meanwhile
    is not tested."""
    files = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                           capture_output=True).stdout.decode().split("\0")
    return {file: (ROOT / file).read_bytes() for file in [*files, "Package.resolved"] if file and (ROOT / file).is_file()}


def stop_databases(folder):
    """Ends those below a folder whose tests were killed: each is in a session of its own."""
    for file in folder.rglob("postmaster.pid"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(file.read_text().split()[0])
            if os.readlink(f"/proc/{pid}/cwd") == str(file.parent):
                os.kill(pid, signal.SIGQUIT)
