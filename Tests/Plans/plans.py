"""What the server did for each statement, as its auto_explain module tells (PostgreSQL's manual, appendix F).

The program itself sends the statements, with its own settings and parameters, over its own connections: what is measured
is what happens, also what triggers and foreign keys do, and no plan that an EXPLAIN would make from other knowledge.
"""
import json
import time
from dataclasses import dataclass

#: Of the cluster. Notices would be cut off nowhere either, but the program would have to pass them on.
SETTINGS = """
shared_preload_libraries = 'auto_explain'
auto_explain.log_min_duration = 0
auto_explain.log_analyze = on
auto_explain.log_buffers = on
auto_explain.log_timing = off
auto_explain.log_format = json
auto_explain.log_nested_statements = on
log_destination = jsonlog
logging_collector = on
log_directory = 'plans'
log_filename = 'plans.log'
log_rotation_age = 0
log_rotation_size = 0
"""

APPLICATION = "obrolan"


@dataclass(frozen=True)
class Plan:
    sql: str
    #: The most rows that one node of it has read, those that it threw away among them, and which node that is.
    rows: int
    node: str
    #: Pages of tables and indexes that it has asked for, found in memory or not.
    buffers: int


class PlanLog:
    """The plans that have been made since the last look."""

    def __init__(self, cluster):
        self._cluster = cluster
        self._path = cluster.data / "plans" / "plans.json"
        self._position = 0
        self._marks = 0

    def take(self):
        """Everything that was answered before this call. A statement's plan is logged before its answer is sent, so
        what is logged before a statement of ours is all."""
        self._marks += 1
        mark = f"mark {self._marks} of {id(self)}"
        self._cluster.psql(f"SELECT '{mark}'")
        deadline = time.monotonic() + 30
        lines = []
        with open(self._path, encoding="utf-8") as log:
            log.seek(self._position)
            pending = ""
            while True:
                pending += log.readline()
                if not pending.endswith("\n"):
                    if time.monotonic() > deadline:
                        raise RuntimeError("the server's log does not go on")
                    time.sleep(0.01)
                    continue
                record, pending = json.loads(pending), ""
                if mark in record.get("message", ""):
                    break
                lines.append(record)
            self._position = log.tell()
        return [plan for record in lines if (plan := self._plan(record))]

    @staticmethod
    def _plan(record):
        head, found, text = record.get("message", "").partition("plan:\n")
        if not found or not head.startswith("duration:") or record.get("application_name") != APPLICATION:
            return None
        explained = json.loads(text)
        top = explained["Plan"]
        rows, node = max(((touched(node), describe(node)) for node in nodes(top)), key=lambda pair: pair[0])
        buffers = sum(top.get(f"{place} {kind} Blocks", 0) for place in ("Shared", "Local", "Temp")
                      for kind in ("Hit", "Read"))
        return Plan(explained["Query Text"], rows, node, buffers)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def touched(node):
    each = node.get("Actual Rows", 0) + sum(
        count for name, count in node.items() if name.startswith("Rows Removed by"))
    return max(each * node.get("Actual Loops", 0), node.get("Heap Fetches", 0))


def describe(node):
    words = [node["Node Type"]]
    for name in ("Index Name", "Relation Name", "Alias"):
        if name in node:
            words.append(node[name])
            break
    return " ".join(words)
