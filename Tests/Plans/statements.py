"""The statements that the program's sources have, by name."""
import re

from obrolan_testing.machine import ROOT

SOURCES = ROOT / "Sources" / "Chat"
MAKING = re.compile(r"\bPostgresStatement\(\s*")
NAME = re.compile(r"\b(?:let|func) (\w+)")


class Statement:
    """One of them: `Room.joinStatement` is what `joinStatement` of Room.swift is called, or the function that makes it."""

    def __init__(self, name, text):
        self.name = name
        #: Matches the text that the server is sent, white space aside. What is interpolated may be anything.
        self.pattern = re.compile(r"\s*".join(pattern(text)) + r"\s*")

    def matches(self, sql):
        return self.pattern.fullmatch(sql.strip()) is not None


def pattern(text):
    """The words of a Swift literal as regular expressions."""
    literal, position = "", 0
    for begin, end in interpolations(text):
        literal += re.escape(text[position:begin]) + "\0"
        position = end
    literal += re.escape(text[position:])
    # `re.escape` has a backslash before each space and line end.
    return [word.replace("\0", r"[\s\S]*?") for word in re.split(r"(?:\\\s|\s)+", literal) if word]


def interpolations(text):
    position = 0
    while (begin := text.find("\\(", position)) >= 0:
        depth, end = 1, begin + 2
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        yield begin, end
        position = end


def in_sources():
    """Every statement that is made anywhere in Sources/Chat, but for those of its folder Database: they are what a start
    asks of the catalogue, before anybody is served.

    Raises `RuntimeError` for one whose text is no literal: nobody could tell what it is.
    """
    found = []
    for path in sorted(SOURCES.rglob("*.swift")):
        if path.parent.name == "Database":
            continue
        source = path.read_text()
        for making in MAKING.finditer(source):
            names = NAME.findall(source[:making.start()])
            name = f"{path.stem}.{names[-1] if names else '?'}"
            rest = source[making.end():]
            quotes = '"""' if rest.startswith('"""') else '"'
            if not rest.startswith(quotes):
                raise RuntimeError(f"{name}: PostgresStatement is not given a literal")
            end = rest.index(quotes, len(quotes))
            found.append(Statement(name, rest[len(quotes):end]))
    return found
