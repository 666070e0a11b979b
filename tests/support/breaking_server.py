"""A server whose responses break on the wire: late, truncated, reset, or garbage.

It is a proxy for the Spotify stand-in, or a bucket by itself.
"""

import gzip
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

BOMB = gzip.compress(b'{"x": "' + b" " * 40_000_000 + b'"}')


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str] = {}

    def wire(self, length: int | None = None) -> bytes:
        """The answer's bytes; `length` is announced in place of the body's own."""
        own = {"Content-Length": str(len(self.body) if length is None else length)}
        lines = [f"{name}: {value}" for name, value in (self.headers | own).items()]
        head = "\r\n".join([f"HTTP/1.1 {self.status} Told", *lines, "Connection: close", "", ""])
        return head.encode() + self.body


class Asked(NamedTuple):
    method: str
    path: str
    headers: Any
    body: bytes


Fault = Callable[[socket.socket, Callable[[], Answer]], None]
"""Gets a connection and what makes the whole answer; not asked for, it is not made."""


class BreakingServer(ThreadingHTTPServer):
    """Responds with `answer`, unless a fault is planned for the path; `asked` has every request."""

    daemon_threads = False

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[Asked] = []
        self.faults: dict[str, list[Fault | None]] = {}
        """Part of a path -> what its next answers suffer, one each; None: nothing."""
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def note(self, asked: Asked) -> Fault | None:
        with self._lock:
            self.asked.append(asked)
            planned = [faults for part, faults in self.faults.items() if part in asked.path]
            return planned[0].pop(0) if planned and planned[0] else None


class _Handler(BaseHTTPRequestHandler):
    server: BreakingServer
    timeout = 5

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        self.close_connection = True
        if not self.raw_requestline or not self.parse_request():
            return
        if self.headers.get("Expect") == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, self.headers, body)
        fault = self.server.note(asked)
        with suppress(OSError):  # who was kept waiting may be gone
            (fault or whole)(self.connection, lambda: self.server.answer(asked))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


def passes_on(port: int) -> Callable[[Asked], Answer]:
    """Forward the response of another server of this machine."""

    def answer(asked: Asked) -> Answer:
        other = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        kept = ("Authorization", "Content-Type")
        headers = {name: asked.headers[name] for name in kept if asked.headers[name]}
        other.request(asked.method, asked.path, asked.body, headers)
        told = other.getresponse()
        sent = {name: told.headers[name] for name in ("Retry-After",) if told.headers[name]}
        found = Answer(told.status, told.read(), sent)
        other.close()
        return found

    return answer


def whole(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """No fault."""
    connection.sendall(answer().wire())


def instead(status: int, body: bytes, **headers: str) -> Fault:
    """Another answer."""
    return lambda connection, _: connection.sendall(Answer(status, body, headers).wire())


def dripping(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """Send the body a byte at a time, so that no read times out, until the client leaves."""
    wire = answer().wire()
    head, end, body = wire.partition(b"\r\n\r\n")
    connection.sendall(head + end)
    for byte in body:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def stalling(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """Send half of it, and then nothing until the client gives up."""
    wire = answer().wire()
    connection.sendall(wire[: len(wire) // 2])
    connection.settimeout(5)
    connection.recv(1)


def cut(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """Half of it, and the end."""
    wire = answer().wire()
    connection.sendall(wire[: len(wire) // 2])


def reset(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """Half of it, and the connection is reset."""
    cut(connection, answer)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def short_length(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """All of it under a Content-Length that is too small."""
    told = answer()
    connection.sendall(told.wire(length=len(told.body) - 9))


def gzip_garbage(connection: socket.socket, answer: Callable[[], Answer]) -> None:
    """Garbage that claims to be gzip."""
    connection.sendall(answer()._replace(headers={"Content-Encoding": "gzip"}).wire())


def gzip_bomb(connection: socket.socket, _: object) -> None:
    """40 MB in 40 KB."""
    connection.sendall(Answer(200, BOMB, {"Content-Encoding": "gzip"}).wire())
