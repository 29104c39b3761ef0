"""What a run has to say."""

from bisect import bisect_left
from collections import Counter, defaultdict

#: How many seconds before and after a fault are compared with those during it.
AROUND = 3
EXAMPLES = 8
KINDS = ["lost", "doubled", "disordered", "leaked", "late", "unexpected"]
WORDS = {"disordered": "out of order"}


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def summary(seconds):
    """p50, p99 and the longest, in milliseconds."""
    if not seconds:
        return "-"
    return " ".join(f"{value * 1e3:>6.0f}" for value in (quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds)))


class Latencies:
    """From the first try to the acknowledgement, of messages by the time of sending."""

    def __init__(self, records):
        self._sent = sorted((message for message in records.sent if message.acknowledged is not None),
                            key=lambda message: message.at)
        self._times = [message.at for message in self._sent]

    def between(self, begin, end, until_=float("inf"), from_=0):
        """Of those that were sent in that time, and acknowledged in the other."""
        part = self._sent[bisect_left(self._times, begin):bisect_left(self._times, end)]
        return [message.acknowledged - message.at for message in part if from_ <= message.acknowledged <= until_]

    def first_after(self, at):
        """When the first of those was acknowledged that were sent since."""
        part = self._sent[bisect_left(self._times, at):]
        return min((message.acknowledged for message in part), default=None)


def faults(events, records):
    """A row for each fault."""
    latencies = Latencies(records)
    heads = f"{'p50':>6} {'p99':>6} {'max':>6}"
    print(f"\n{'':>6} {'':<44} {'first':>6} {'all':>6}  {'send to acknowledgement, ms':^66}")
    print(f"{'at s':>6} {'fault':<44} {'ack s':>6} {'ack s':>6} | {heads} | {heads} | {heads}")
    print(f"{'':>6} {'':<44} {'':>6} {'':>6} | {'before':^20} | {'during':^20} | {'after':^20}")
    for event in events:
        first = latencies.first_after(event.promotion[0] if event.promotion else event.begin)
        waited = f"{first - event.begin:.2f}" if first else "never"
        over = max(event.done, event.recovered)
        parts = [latencies.between(event.begin - AROUND, event.begin, until_=event.begin),
                 latencies.between(event.begin - AROUND, over, from_=event.begin),
                 latencies.between(over, over + AROUND)]
        felt = event.recovered - event.begin
        print(f"{event.begin - records.begin:>6.1f} {str(event):<44} {waited:>6} {felt:>6.2f} | "
              + " | ".join(f"{summary(part):>20}" for part in parts))
    print("first ack: from the fault to the first acknowledgement of what was sent after it or the primary's death\n"
          "all ack: until nobody waited for longer than usual")
    promotions = [event.promotion for event in events if event.promotion]
    if promotions:
        firsts = [latencies.first_after(begin) or float("nan") for begin, _ in promotions]
        print("from the order to promote to its end, and to the first acknowledgement: " + ", ".join(
            f"{promoted - begin:.2f} s and {first - begin:.2f} s"
            for (begin, promoted), first in zip(promotions, firsts, strict=True)))


def totals(records, events, stored, troubles, stop_times):
    acknowledged = [message for message in records.sent if message.acknowledged is not None]

    def is_calm(message):
        return not any(begin <= message.acknowledged and message.at <= end + AROUND for begin, end in troubles)

    calm = [message.acknowledged - message.at for message in acknowledged if is_calm(message)]
    sent_at = {(message.room, message.content): message.at for message in acknowledged if is_calm(message)}
    # Who is away is told later.
    restless = {absence.person for absence in records.absences} | {end.person for end in records.ended_sessions}
    sender = {(message.room, message.content): message.sender for message in acknowledged}
    told = [received.at - sent_at[room, received.content] for (person, room), messages in records.received.items()
            for received in messages
            if (room, received.content) in sent_at and person not in restless
            and sender[room, received.content] != person and not any(
                begin <= received.at and sent_at[room, received.content] <= begin for begin, _ in troubles)]
    print(f"\n{'while nothing was broken':<44} {'p50':>6} {'p99':>6} {'max':>6} ms")
    print(f"{'  from sending to the acknowledgement':<44} {summary(calm)}")
    print(f"{'  from sending to being read by another':<44} {summary(told)}")
    if stop_times:
        print(f"stops took {quantile(stop_times, 0.5):.2f} s, the longest {max(stop_times):.2f} s")
    answers = defaultdict(list)
    for (what, status), count in sorted(records.answers.items(), key=str):
        answers[what].append(f"{status}: {count:,}")
    print("\nanswers")
    for what, counts in answers.items():
        print(f"  {what:<20} {', '.join(counts)}")
    for what, count in records.events.items():
        print(f"  {what}: {count}")
    print(f"\nfaults {len(events)}, absences {len(records.absences)}, logouts {len(records.ended_sessions)}, "
          f"held requests ended by these {len(records.held_ends)}")
    deliveries = sum(map(len, records.received.values()))
    print(f"sent {len(records.sent):,}, acknowledged {len(acknowledged):,}, stored {len(stored):,}, "
          f"deliveries checked {deliveries:,}")


def verdict(violations):
    counts = Counter(violation.kind for violation in violations)
    print(", ".join(f"{WORDS.get(kind, kind)} {counts[kind]}" for kind in KINDS))
    for kind in KINDS:
        found = [violation.sentence for violation in violations if violation.kind == kind]
        for sentence in found[:EXAMPLES]:
            print(f"  {WORDS.get(kind, kind)}: {sentence}")
        if len(found) > EXAMPLES:
            print(f"  {WORDS.get(kind, kind)}: and {len(found) - EXAMPLES} more")
