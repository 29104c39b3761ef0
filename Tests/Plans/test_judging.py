"""The test of plans has to find each kind of defect, or it tells nothing."""

import statements
from bounds import BOUNDS, WITHIN
from plans import Plan
from run import Finding, judge, measure
from statements import Statement

KNOWN = statements.in_sources()


def found(**more):
    """Every statement was made, and touched what it may."""
    return {("somebody", one.name): Finding(rows=1, node="Index Scan", pages=[0]) for one in KNOWN} | more


def test_nothing_is_wrong_where_all_is_well():
    wrong, table = judge(found(), KNOWN)
    assert wrong == []
    assert len(table) == len(KNOWN)


def test_a_statement_that_is_new_in_the_sources_needs_a_bound():
    new = Statement("Room.mergeStatement", "UPDATE rooms SET name = $2 WHERE id = $1")
    made = found() | {("somebody", new.name): Finding(rows=1, pages=[3])}
    assert any("Room.mergeStatement has no bound" in line for line in judge(made, [*KNOWN, new])[0])


def test_a_statement_that_nobody_makes_is_told_of():
    made = found()
    del made["somebody", "Account.logOutStatement"]
    assert any("Account.logOutStatement was not made" in line for line in judge(made, KNOWN)[0])


def test_a_bound_without_its_statement_is_told_of():
    left = [one for one in KNOWN if one.name != "Account.logOutStatement"]
    assert any("Account.logOutStatement has a bound" in line for line in judge(found(), left)[0])


def test_rows_and_pages_are_good_at_the_bound_and_not_above():
    bound = BOUNDS["Account.logOutStatement"][""]
    for rows, pages, is_wrong in [(bound.rows, bound.pages, False), (bound.rows + 1, 0, True), (0, bound.pages + 1, True)]:
        made = found() | {("somebody", "Account.logOutStatement"): Finding(rows=rows, node="Seq Scan", pages=[pages])}
        assert bool(judge(made, KNOWN)[0]) == is_wrong


def test_what_a_trigger_does_is_bounded_too():
    made = found() | {("somebody", "UPDATE rooms SET x"): Finding(rows=WITHIN[""].rows + 1, pages=[0])}
    assert len(judge(made, KNOWN)[0]) == 1


def test_a_text_is_known_for_its_statement_whatever_is_interpolated_and_however_it_is_indented():
    one = Statement("x", 'SELECT \\(Message.columns)\n    FROM \\(join(room: "$1"))\n  WHERE id = $1')
    assert one.matches("SELECT messages.id,\n sender.name\nFROM a JOIN b ON (a.x = b.x)\nWHERE id = $1")
    assert one.matches(" SELECT id FROM rooms WHERE id = $1 ")
    assert not one.matches("SELECT id FROM rooms WHERE id = $2")
    assert not one.matches("SELECT id FROM rooms")


def test_each_statement_has_a_name_of_its_own():
    assert len({one.name for one in KNOWN}) == len(KNOWN) > 10


def test_of_the_rounds_the_most_rows_and_the_least_pages_count():
    class Log:
        taken = []
        plans = iter([Plan("a", 1, "x", 90), Plan("a", 7, "y", 3), Plan("a", 2, "z", 4)])

        def take(self):
            pass

    log = Log()

    def scenario():
        log.taken.append(("Account.logOutStatement", next(log.plans)))

    [finding] = measure([("somebody", scenario)], log).values()
    assert (finding.rows, finding.node, finding.least_pages) == (7, "y", 3)
