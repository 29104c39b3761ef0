"""The mistakes: patches with a head that says what goes wrong, and which tests could notice.

    The sentence: what goes wrong.
    Tests: swift HTTPTests.CookieTests

    --- a/Sources/HTTP/…
    +++ b/Sources/HTTP/…

After `swift` stand targets, perhaps with a suite; after `node` names of files in Tests/Script, without what all of them end
in; after `pytest` files.
"""
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
MOST_CHANGED_LINES = 3
KINDS = ("swift", "node", "pytest")


@dataclass(frozen=True)
class Patch:
    name: str
    sentence: str
    kind: str
    tests: tuple
    text: str

    @property
    def group(self):
        """Patches of one group share a build folder: the targets of the tests, or what the program is built for."""
        return "+".join(sorted({test.partition(".")[0] for test in self.tests})) if self.kind == "swift" else self.kind


def changed_lines(text):
    """How many lines a patch changes: those that it takes or those that it adds, whichever are more, of each place."""
    total = 0
    for hunk in re.split(r"(?m)^@@.*$", text)[1:]:
        for run in re.findall(r"(?m)(?:^[-+](?!--|\+\+).*\n?)+", hunk):
            taken = sum(line.startswith("-") for line in run.splitlines())
            total += max(taken, len(run.splitlines()) - taken)
    return total


def parse(name, text):
    """Raises `ValueError`: what the patch lacks."""
    head, separator, _ = text.partition("\n--- ")
    lines = [line for line in head.splitlines() if line]
    match = re.fullmatch(r"Tests: (\w+) (.+)", lines[1]) if len(lines) == 2 else None
    if not separator or not match or not lines[0].endswith("."):
        raise ValueError(f"{name} has not the head that is needed: a sentence, the tests, the patch")
    if match[1] not in KINDS:
        raise ValueError(f"{name} is for {match[1]}; there are {', '.join(KINDS)}")
    if not 1 <= (count := changed_lines(text)) <= MOST_CHANGED_LINES:
        raise ValueError(f"{name} changes {count} lines; it should be 1 to {MOST_CHANGED_LINES}")
    return Patch(name, lines[0], match[1], tuple(match[2].split()), text)


def all_patches(folder=HERE):
    """Those that share a build after each other."""
    patches = [parse(path.stem, path.read_text(encoding="utf-8")) for path in folder.glob("*.patch")]
    return sorted(patches, key=lambda patch: (KINDS[::-1].index(patch.kind), patch.group, patch.name))
