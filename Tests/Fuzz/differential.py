"""Has h11, a parser by other hands, read what ours has taken: both must see the same requests.

    differential.py FRAMEDUMP CORPUS... [--seed N] [--count N]

The inputs are the files below the folders CORPUS and seeded random changes of them. What ours refuses need not concern
h11; what ours takes h11 must frame in the same way, or the difference is one of those that are listed and argued below.
"""

import argparse
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import h11

PIECES = [b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b",", b";", b"0", b"\0", b"\x0b", b"\xff", b"chunked", b"Host: h\r\n",
          b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"GET / HTTP/1.1\r\n", b"\r\n\r\n", b"HTTP/1.0",
          b"Connection: close\r\n", b"0\r\n\r\n", b"POST /x HTTP/1.1\r\n"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("framedump")
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--count", type=int, default=20_000)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    inputs = list(all_inputs(options))
    text = "".join(data.hex() + "\n" for data in inputs)
    dump = subprocess.run([options.framedump], input=text, capture_output=True, text=True, check=True)
    accepted = differing = 0
    listed = dict.fromkeys(DIFFERENCES, 0)
    for data, line in zip(inputs, dump.stdout.splitlines(), strict=True):
        ours = requests_of_ours(json.loads(line))
        accepted += len(ours)
        if not ours or (theirs := requests_of_h11(data, len(ours))) == ours:
            continue
        reason = next((name for name, applies in DIFFERENCES.items() if applies(data, theirs)), None)
        if reason:
            listed[reason] += 1
            continue
        differing += 1
        if differing <= 5:
            print(f"{data!r}\n  ours: {ours}\n  h11:  {theirs}")
    for reason, count in listed.items():
        print(f"  {count:>6} inputs: {reason}")
    print(f"h11 and ours: {len(inputs):,} inputs, {accepted:,} requests that ours takes, "
          f"{sum(listed.values()):,} inputs with a listed difference, {differing} with another")
    sys.exit(1 if differing or not accepted else 0)


def all_inputs(options):
    files = sorted(file for folder in options.corpus for file in folder.rglob("*") if file.is_file())
    seeds = [file.read_bytes() for file in files if file.parent.name == "RequestParser"]
    head = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    seeds += [head + file.read_bytes() for file in files if file.parent.name == "ChunkedContent"]
    if not seeds:
        sys.exit("there are no inputs")
    yield from seeds
    chance = random.Random(options.seed)
    for _ in range(options.count):
        data = chance.choice(seeds)
        for _ in range(chance.randrange(1, 4)):
            data = change(data, chance)
        yield data


def change(data, chance):
    place = chance.randrange(len(data) + 1)
    match chance.randrange(5):
        case 0:
            return data[:place] + chance.choice(PIECES) + data[place:]
        case 1:
            return data[:place] + data[place + chance.randrange(1, 5):]
        case 2:
            return data[:place] + bytes([chance.randrange(256)]) + data[place + 1:]
        case 3:
            return data[:place] + chance.choice(PIECES) + data[place + 1:]
        case _:
            return data + data[place:]


def requests_of_ours(dump):
    """Up to the first request after which the connection ends: what comes after it is nobody's."""
    requests = []
    for request in dump["requests"]:
        fields = [(bytes.fromhex(name).lower(), bytes.fromhex(value)) for name, value in request["fields"]]
        target = bytes.fromhex(request["target"])
        requests.append(normal(bytes.fromhex(request["method"]), target, fields, bytes.fromhex(request["content"])))
        # h11 does not keep a connection of HTTP/1.0, so it has no opinion on what comes then.
        if not request["keeps_alive"] or request["version"] == "1.0" or requests[-1][0] == b"CONNECT":
            break
    return requests


def normal(method, target, fields, content):
    """Without what the two tell differently although they read the same."""
    if absolute := re.match(rb"(?i)http://[^/?]*", target):
        # Ours gives the authority of the target as Host (RFC 9112 section 3.2.2), h11 leaves that to its user; and ours
        # gives an empty path as / (RFC 9110 section 4.2.3).
        fields = [field for field in fields if field[0] != b"host"]
        rest = target[absolute.end():]
        if not rest.startswith(b"/") and not (method == b"OPTIONS" and not rest):
            target = absolute[0] + b"/" + rest
    if method == b"CONNECT":
        fields = [field for field in fields if field[0] != b"host"]
    # h11 gives codings, which have no case, in lower case (RFC 9112 section 7).
    fields = [(name, value.lower() if name == b"transfer-encoding" else value) for name, value in fields]
    return method, target, fields, content


def requests_of_h11(data, count):
    """As many requests; ends in the words of an error, if h11 finds one before."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=2**20)
    connection.receive_data(data)
    requests = []
    try:
        while len(requests) < count:
            request = connection.next_event()
            if type(request) is not h11.Request:
                return [*requests, f"no request, but {request!r}"]
            content = b""
            while type(event := connection.next_event()) is h11.Data:
                content += event.data
            if type(event) is not h11.EndOfMessage and not (request.method == b"CONNECT" and event is h11.PAUSED):
                return [*requests, f"no end, but {event!r}"]
            requests.append(normal(request.method, request.target, list(request.headers), content))
            if len(requests) < count:
                connection.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
                connection.send(h11.EndOfMessage())
                connection.start_next_cycle()
    except h11.ProtocolError as error:
        return [*requests, str(error)]
    return requests


def ends_in(theirs, words):
    return bool(theirs) and isinstance(theirs[-1], str) and theirs[-1].startswith(words)


# What ours takes and h11 does not, and why ours is right; the inputs that it explains.
DIFFERENCES = {
    "an empty line before a request line is skipped: RFC 9112 section 2.2, SHOULD":
        lambda data, theirs: ends_in(theirs, "no request line received")
        and re.search(rb"(^|\n|[^\r])\r\n[!-~]+ [!-~]+ HTTP/1\.", data),
    "white space around the semicolon of a chunk extension: RFC 9112 section 7.1.1, MUST":
        lambda data, theirs: ends_in(theirs, "illegal chunk header")
        and re.search(rb"(?i)[0-9a-f]+[ \t]+(;|\r\n)|;[ \t]|[ \t]=|=[ \t]", data),
    # The value is bounded as any other, and the length as that of a chunk extension.
    "a chunk size of more than 20 digits, as leading zeros make it: RFC 9112 section 7.1, chunk-size = 1*HEXDIG":
        lambda data, theirs: ends_in(theirs, "illegal chunk header")
        and re.search(rb"(?i)illegal chunk header: bytearray\(b['\"]0[0-9a-f]{20}", theirs[-1].encode()),
    "a Content-Length of more than 20 digits, as leading zeros make it: RFC 9110 section 8.6, 1*DIGIT":
        lambda data, theirs: ends_in(theirs, "bad Content-Length")
        and re.search(rb"(?i)content-length:[ \t]*0[0-9]{20}", data),
    # h11 reads them as if they stood in the head; ours keeps all trailers apart, and believes none.
    "a field of framing among the trailers is not looked at: RFC 9110 section 6.5.1":
        lambda data, theirs: ends_in(theirs, ("bad Content-Length", "conflicting Content-Length",
                                              "Only Transfer-Encoding", "multiple Transfer-Encoding"))
        and re.search(rb"(?is)\n0+[ \t]*(;[^\n]*)?\r\n.*\n?(content-length|transfer-encoding):", data),
}


if __name__ == "__main__":
    main()
