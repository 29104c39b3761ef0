"""The table of targets has to be one that can be missed."""
import pytest
from judging import Round, Yardstick, head, line, speed_row, value_row, verdict
from targets import FIGURES, SPEEDS, VALUES, Target, at_least, at_most

GOOD = {"rate": 10_000, "p50": 3.0, "p99": 5.0, "server": 10.0, "database": 5.0, "slowest": 0.9}


def rounds(*, beside=1.0, **figures):
    """Three rounds in which all targets of polls are met, unless told otherwise."""
    yardsticks = {target.figure: Yardstick(rate=1_000 * beside, cpu=30.0)
                  for target in SPEEDS["poll"][1] if target.figure.startswith("×")}
    return [Round(GOOD | figures, yardsticks)] * 3


def test_a_target_is_met_at_its_limit_and_missed_beyond():
    most, least = at_most(p99=6)[0], at_least(0.5, "slowest")[0]
    assert most.is_met(6) and not most.is_met(6.01)
    assert least.is_met(0.5) and not least.is_met(0.49)


def test_what_is_good_is_ok():
    assert speed_row("poll", rounds())[-1] == "ok"


@pytest.mark.parametrize("figure, value", [("p99", 6.1), ("server", 20.5), ("database", 12.5), ("slowest", 0.4)])
def test_a_figure_beyond_its_target_is_named(figure, value):
    assert speed_row("poll", rounds(**{figure: value}))[-1] == f"MISSED: {FIGURES[figure]}"


def test_a_yardstick_that_is_faster_is_named():
    assert speed_row("poll", rounds(beside=8))[-1] == "MISSED: × pgbench, 64 clients"
    assert speed_row("poll", rounds(beside=11))[-1] == "MISSED: × pgbench, 16 clients, × pgbench, 64 clients"


def test_what_was_not_measured_is_missed():
    assert verdict({}, (Target("p99 ms", 6),)) == "MISSED: p99 ms"
    assert speed_row("poll", [Round(GOOD)])[-1].startswith("MISSED: × pgbench, 16 clients")


def test_medians_are_told_and_one_slow_round_counts_for_nothing():
    one, *others = rounds()
    slow = Round(GOOD | {"rate": 10, "p99": 500.0}, one.yardsticks)
    row = speed_row("poll", [slow, *others])
    assert row[-1] == "ok" and row[1] == "10,000" and row[3] == "5.0"


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    pairs = [(1_000, 1_000), (4_000, 2_000), (9_000, 3_000)]
    turns = [Round(GOOD | {"rate": ours}, {"× nginx": Yardstick(theirs, 20.0)}) for ours, theirs in pairs]
    assert speed_row("style", turns)[-3] == "2.00 × nginx (2,000/s, 20.0 µs)"


def test_further_figures_are_judged_too():
    more = {"p99 of the worst of ten runs, ms": 25.1}
    turns = [Round(GOOD, {"× pgbench, 64 clients": Yardstick(100, 50.0)})]
    assert speed_row("send", turns, more)[-1] == "MISSED: p99 of the worst of ten runs, ms"


def test_a_value_is_good_at_its_limit_and_not_above():
    assert value_row("start", 40)[1:] == ["40.0 ms", "≤ 40 ms", "ok"]
    assert value_row("start", 40.1)[-1] == "MISSED"


def test_every_value_has_a_limit_and_every_speed_a_target():
    assert all(most > 0 for _, _, most in VALUES.values())
    assert all(targets for _, targets in SPEEDS.values())


def test_rows_are_those_of_a_markdown_table():
    assert head(["what", "measured"]) == "| what | measured |\n| --- | --- |"
    assert line(["a", "1"]) == "| a | 1 |"
