"""A small client for HTTP/1.1: one kept-alive connection, one request at a time."""

import asyncio
import json

from obrolan_testing.client import request_bytes


class Cut(Exception):
    """The connection ended before the answer was complete: what was asked for may have been done."""


class NoAnswer(Cut):
    """There was none in time."""


class Answer:
    """What came back."""

    def __init__(self, status, fields, content):
        self.status = status
        self.fields = fields
        self.content = content

    def json(self):
        return json.loads(self.content)

    @property
    def is_from_proxy(self):
        """Whether it is one of HAProxy's own errors: those are HTML, and nobody here asks Obrolan for that."""
        return self.status in (502, 503, 504) and self.content.startswith(b"<html><body><h1>50")

    def __str__(self):
        return f"{self.status} {self.fields} {self.content[:200]!r}"


class Connection:
    """Connects when it has to, and stays connected while the other side lets it."""

    def __init__(self, port):
        self._port = port
        self._reader = None
        self._writer = None

    async def request(self, method, target, fields=None, cookie=None, seconds=20):
        """The answer; raises `Cut`."""
        try:
            async with asyncio.timeout(seconds):
                answer = await self._exchange(request_bytes(method, target, fields, session=cookie))
        except TimeoutError as error:
            self.close()
            raise NoAnswer(f"nothing within {seconds} s") from error
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise Cut(repr(error)) from error
        except asyncio.CancelledError:
            self.close()
            raise
        if answer.fields.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def _exchange(self, message):
        if self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        self._writer.write(message)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {}
        for line in lines[1:-2]:
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        if "content-length" in fields:
            content = await self._reader.readexactly(int(fields["content-length"]))
        elif "transfer-encoding" in fields:
            raise ValueError("chunked content, which nobody here sends")
        else:
            content = await self._reader.read() if fields.get("connection", "").lower() == "close" else b""
        return Answer(int(lines[0].split(" ", 2)[1]), fields, content)

    def close(self):
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
