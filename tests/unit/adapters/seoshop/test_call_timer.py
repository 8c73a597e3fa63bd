"""Calls that take too long are cut off, by one thread for all of them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from chalicelib.adapters.seoshop.call_timer import CallTimer

LONG = 3600.0  # seconds; nobody waits for it
PATIENCE = 60.0  # seconds, on a busy machine


@pytest.fixture
def silent_line() -> Iterator[socket.socket]:
    """Our end of a connection on which nothing ever comes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(PATIENCE)
        yield ours


def test_a_call_whose_time_is_up_is_cut_off_although_others_last(
    silent_line: socket.socket,
) -> None:
    with CallTimer(LONG) as other, CallTimer(0.0) as call:
        call.watch(silent_line)
        assert silent_line.recv(1) == b""  # since the connection was cut
        assert call.is_over
        assert not other.is_over


def test_a_connection_that_is_made_after_its_time_is_cut_at_once(
    silent_line: socket.socket,
) -> None:
    with CallTimer(LONG) as call:
        call.cut_off()
        call.watch(silent_line)
        assert silent_line.recv(1) == b""


def test_many_calls_at_once_take_one_thread() -> None:
    with CallTimer(LONG):
        before = threading.active_count()
        with ExitStack() as calls:
            for _ in range(20):
                calls.enter_context(CallTimer(LONG))
            assert threading.active_count() == before


def test_a_call_that_ended_in_time_is_not_cut_off_later(silent_line: socket.socket) -> None:
    with CallTimer(PATIENCE) as call:
        pass
    with CallTimer(0.0) as late:
        late.watch(silent_line)
        assert silent_line.recv(1) == b""
    assert not call.is_over
