"""A small inbox on loopback, over real HTTP, that can be told to misbehave."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, dict[str, str]]


@dataclass
class FakeInbox:
    """What the server stores, saw, and is told to do."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    put_reply: Reply | None = None  # instead of the true answer
    put_body: bytes = b""  # what comes with it
    stores: bool = False  # and stores the file all the same
    head_reply: Reply | None = None  # instead of looking
    break_question: bool = False  # reset the connection instead
    lose_answer: bool = False  # store the file, then reset the connection
    hang: threading.Event | None = None  # store nothing, and answer only once it is set
    speak: Callable[[socket.socket, bytes], None] | None = None
    """Instead of HTTP: what the server does with the connection once it has read a request's head,
    which it is given.
    """

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/inbox/{{licence}}/{{file}}"

    def methods(self) -> list[str]:
        return [method for method, _path, _headers in self.requests]


class _Handler(BaseHTTPRequestHandler):
    inbox: FakeInbox
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        if self.inbox.speak is not None:  # what follows a request's head is left to be read
            self.rfile.close()
            self.rfile = self.connection.makefile("rb", 0)

    def handle_one_request(self) -> None:
        if self.inbox.speak is None:
            super().handle_one_request()
            return
        head = b"".join(iter(self.rfile.readline, b"\r\n"))
        self.close_connection = True
        with suppress(OSError):  # the client had enough
            self.inbox.speak(self.connection, head)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self._note("PUT")
        if self.inbox.hang is not None:
            self.inbox.hang.wait(10)
            self.close_connection = True
        elif self.inbox.put_reply is not None:
            if self.inbox.stores:
                self.inbox.files[self.path] = content
            self._reply(*self.inbox.put_reply)
        elif self.path in self.inbox.files:
            self._reply(412, {})
        else:
            self.inbox.files[self.path] = content
            self._reset() if self.inbox.lose_answer else self._reply(201, {})

    def do_HEAD(self) -> None:
        self._note("HEAD")
        if self.inbox.break_question:
            self._reset()
        elif self.inbox.head_reply is not None:
            self._reply(*self.inbox.head_reply)
        elif self.path in self.inbox.files:
            self._reply(200, {"Content-Length": str(len(self.inbox.files[self.path]))})
        else:
            self._reply(404, {})

    def _note(self, method: str) -> None:
        self.inbox.requests.append((method, self.path, dict(self.headers)))

    def _reply(self, status: int, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        body = self.inbox.put_body if self.command == "PUT" else b""
        if self.command == "PUT":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _reset(self) -> None:
        # Linger 0 makes close() send RST: the answer is lost as on a broken line.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RD)
        self.rfile.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[FakeInbox]:
    inbox = FakeInbox()
    handler = type("Handler", (_Handler,), {"inbox": inbox})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    inbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield inbox
    finally:
        if inbox.hang is not None:
            inbox.hang.set()
        server.shutdown()
        thread.join()
        server.server_close()
