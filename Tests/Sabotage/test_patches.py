"""What is read of a patch, and what the copy of the tree does with it."""
from pathlib import Path

import pytest
from obrolan_testing.machine import until
from patches import all_patches, changed_lines, parse
from workshop import Verdict, Workshop

PATCH = """A limit is one too high.
Tests: swift HTTPTests.CookieTests HTTPTransportTests

--- a/README.md
+++ b/README.md
@@ -1,3 +1,3 @@
 a
-b
+c
 d
"""


def test_a_patch_has_a_sentence_and_its_tests():
    patch = parse("limit", PATCH)
    assert (patch.name, patch.sentence, patch.kind) == ("limit", "A limit is one too high.", "swift")
    assert patch.tests == ("HTTPTests.CookieTests", "HTTPTransportTests")
    assert patch.group == "HTTPTests+HTTPTransportTests"


def test_those_for_scripts_need_no_build_of_their_own():
    assert parse("x", PATCH.replace("swift HTTPTests.CookieTests HTTPTransportTests", "node poller")).group == "node"


@pytest.mark.parametrize("wrong", [
    PATCH.replace("A limit is one too high.\n", ""),
    PATCH.replace("high.", "high"),
    PATCH.replace("Tests: swift", "Tests: perl"),
    PATCH.replace("Tests: ", ""),
    PATCH.replace("-b\n+c\n", ""),
    PATCH.replace("-b\n+c\n", "-b\n" * 4),
    PATCH.partition("\n---")[0],
])
def test_one_that_lacks_something_is_refused(wrong):
    with pytest.raises(ValueError):
        parse("wrong", wrong)


def test_lines_are_counted_once_where_they_are_replaced_and_in_all_places():
    assert changed_lines(PATCH) == 1
    assert changed_lines(PATCH.replace("-b\n+c\n", "-b\n-b\n+c\n")) == 2
    assert changed_lines(PATCH + "@@ -9,1 +9,2 @@\n x\n+y\n") == 2


def test_those_that_are_there_can_be_read():
    assert all(patch.sentence for patch in all_patches())


def test_a_mistake_is_made_in_a_copy_and_undone_there(tmp_path):
    text = ("The title is another.\nTests: node clock\n\n--- a/README.md\n+++ b/README.md\n"
            "@@ -1,2 +1,2 @@\n-# Obrolan\n+# Rolanob\n \n")
    workshop = Workshop(tmp_path, seconds=60)
    patch = parse("title", text)
    workshop.prepare(patch)
    original = (workshop.tree / "README.md").read_text()
    before = (workshop.tree / "schema.sql").stat().st_mtime_ns
    assert workshop._apply(patch)
    assert (workshop.tree / "README.md").read_text() == original.replace("# Obrolan", "# Rolanob", 1)
    workshop.prepare(patch)
    assert (workshop.tree / "README.md").read_text() == original
    assert (workshop.tree / "schema.sql").stat().st_mtime_ns == before
    assert workshop.judge(parse("title", text.replace("-# Obrolan", "-# Something else"))) is Verdict.DOES_NOT_APPLY


def test_tests_that_hang_are_ended_with_all_that_they_have_started(tmp_path):
    workshop = Workshop(tmp_path, seconds=60)
    workshop.tree.mkdir()
    assert not workshop._run(["sh", "-c", "setsid sh -c 'echo $$; sleep 600' & wait"], seconds=1)
    group = Path(f"/proc/{int(workshop.output)}")
    assert until(lambda: not group.exists() or " Z " in (group / "stat").read_text(), 60)
    assert workshop._run(["sh", "-c", "echo yes"], seconds=60) and workshop.output == "yes\n"
    assert not workshop._run(["false"], seconds=60)
