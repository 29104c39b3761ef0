"""What the figures are worth, as rows of tables for a page of the documentation."""
import statistics
from dataclasses import dataclass, field

from targets import FIGURES, SPEEDS, VALUES

SPEED_HEAD = ["what", *FIGURES.values(), "beside", "target", ""]
VALUE_HEAD = ["what", "measured", "target", ""]


@dataclass(frozen=True)
class Yardstick:
    """What something else did in the same time; CPU µs of all its processes for each."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Round:
    """One turn: our figures by name, and the yardsticks by theirs."""

    figures: dict
    yardsticks: dict = field(default_factory=dict)


def verdict(figures, targets):
    """"ok", or which targets are missed. One whose figure is not there is missed, too."""
    missed = [target.figure for target in targets
              if target.figure not in figures or not target.is_met(figures[target.figure])]
    return f"MISSED: {', '.join(missed)}" if missed else "ok"


def speed_row(name, rounds, more=None, note=""):
    """The cells for what was measured in some rounds: medians; of ratios, the median of what they were in each round."""
    what, targets = SPEEDS[name]
    figures = {word: statistics.median(one.figures[figure] for one in rounds) for figure, word in FIGURES.items()}
    beside = []
    for yardstick in rounds[0].yardsticks:
        figures[yardstick] = statistics.median(one.figures["rate"] / one.yardsticks[yardstick].rate for one in rounds)
        rate = statistics.median(one.yardsticks[yardstick].rate for one in rounds)
        cpu = statistics.median(one.yardsticks[yardstick].cpu for one in rounds)
        beside.append(f"{figures[yardstick]:.2f} {yardstick} ({rate:,.0f}/s, {cpu:.1f} µs)")
    figures |= more or {}
    beside += [f"{word}: {value:,.1f}" for word, value in (more or {}).items()]
    cells = [f"{figures[word]:,.0f}" if word == FIGURES["rate"] else f"{figures[word]:,.2f}" if "/" in word
             else f"{figures[word]:,.1f}" for word in FIGURES.values()]
    return [what + note, *cells, "; ".join(beside), "; ".join(target.words for target in targets), verdict(figures, targets)]


def value_row(name, value):
    what, unit, most = VALUES[name]
    return [what, f"{value:,.1f} {unit}".strip(), f"≤ {most:,} {unit}".strip(), "ok" if value <= most else "MISSED"]


def line(cells):
    return f"| {' | '.join(cells)} |"


def head(cells):
    return f"{line(cells)}\n{line(['---'] * len(cells))}"
