"""The HTTPS inbox on lines that break, and with servers that take their time."""

from __future__ import annotations

import hashlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
import requests

from chalicelib.adapters.inbox import open_inbox
from chalicelib.errors import InboxContradicts, InboxRefused, InboxUnknown
from chalicelib.ports import Inbox, Presence, Receipt
from tests.edge.inbox.server import FakeInbox, running

NAME = "axml-orders-20141109-184520-1.xml"
CONTENT = b"<Asperion/>" * 500_000  # more than a connection takes in before the server reads
SHA = hashlib.sha256(CONTENT).hexdigest()
STORED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def server() -> Iterator[FakeInbox]:
    with running() as inbox:
        yield inbox


@pytest.fixture
def inbox(server: FakeInbox) -> Iterator[Inbox]:
    with requests.Session() as session:
        session.trust_env = False
        yield open_inbox(server.url, "L1", session=session, timeout=60, call_time=60)


@pytest.fixture
def hasty(server: FakeInbox) -> Iterator[Inbox]:
    """One that gives a whole call a fifth of a second, and each wait a minute."""
    with requests.Session() as session:
        session.trust_env = False
        yield open_inbox(server.url, "L1", session=session, timeout=60, call_time=0.2)


def read_body(connection: socket.socket) -> None:
    left = len(CONTENT)
    while left and (chunk := connection.recv(1 << 16)):
        left -= len(chunk)


def is_head(head: bytes) -> bool:
    return head.startswith(b"HEAD")


def answering(
    to_put: Callable[[socket.socket], None], to_head: bytes = b"HTTP/1.1 404 Not Found\r\n\r\n"
) -> Callable[[socket.socket, bytes], None]:
    def speak(connection: socket.socket, head: bytes) -> None:
        connection.sendall(to_head) if is_head(head) else to_put(connection)

    return speak


def test_a_line_that_breaks_in_the_middle_of_the_file_leaves_it_unknown(
    inbox: Inbox, server: FakeInbox
) -> None:
    def tear(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)

    server.speak = answering(tear)
    with pytest.raises(InboxUnknown) as caught:
        inbox.place(NAME, CONTENT)
    assert type(caught.value) is InboxUnknown


def test_an_answer_before_the_file_was_read_is_an_answer(inbox: Inbox, server: FakeInbox) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        read_body(connection)

    server.speak = answering(refuse)
    with pytest.raises(InboxRefused, match="413"):
        inbox.place(NAME, CONTENT)


def test_a_server_that_says_to_go_on_first_has_not_answered_yet(
    inbox: Inbox, server: FakeInbox
) -> None:
    def go_on(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        read_body(connection)
        connection.sendall(STORED)

    shown = f"HTTP/1.1 200 OK\r\nContent-Length: {len(CONTENT)}\r\n\r\n".encode()
    server.speak = answering(go_on, shown)
    assert inbox.place(NAME, CONTENT) is Receipt.SHOWN


def test_an_answer_whose_rest_is_lost_still_has_its_status(inbox: Inbox, server: FakeInbox) -> None:
    def break_off(connection: socket.socket) -> None:
        read_body(connection)
        connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\nstored, and")
        connection.shutdown(socket.SHUT_RDWR)

    server.speak = answering(break_off)
    with pytest.raises(InboxContradicts):
        inbox.place(NAME, CONTENT)


class Trickle:
    """Sends a start, and then a byte at a time for as long as the client listens."""

    def __init__(self, start: bytes) -> None:
        self.start = start
        self.gave_up = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        try:
            connection.sendall(self.start)
            while not self.gave_up.wait(0.01):
                connection.sendall(b"x")
        except OSError:
            self.gave_up.set()


@pytest.mark.parametrize("start", [b"HTTP/1.1 20", b"HTTP/1.1 201 Created\r\nX-Slow: "])
def test_an_answer_that_comes_a_byte_at_a_time_has_a_time_to_end(
    hasty: Inbox, server: FakeInbox, start: bytes
) -> None:
    trickle = Trickle(start)
    server.speak = answering(trickle)
    with pytest.raises(InboxUnknown, match="no answer"):
        hasty.place(NAME, CONTENT[:1000])
    assert trickle.gave_up.wait(10)


def test_a_page_that_never_ends_is_not_waited_for(hasty: Inbox, server: FakeInbox) -> None:
    trickle = Trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n")
    server.speak = answering(trickle, b"HTTP/1.1 405 Not Allowed\r\n\r\n")
    assert hasty.place(NAME, CONTENT[:1000]) is Receipt.TRUSTED
    assert trickle.gave_up.wait(10)


def test_a_question_has_a_time_to_end_as_well(hasty: Inbox, server: FakeInbox) -> None:
    trickle = Trickle(b"HTTP/1.1 200 OK\r\nETag: ")
    server.speak = lambda connection, head: trickle(connection)
    assert hasty.ask(NAME, sha256=SHA, size=len(CONTENT)) is Presence.CANNOT_TELL
    assert trickle.gave_up.wait(10)
