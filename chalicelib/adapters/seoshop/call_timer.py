"""A time limit for one whole call, however its answer comes.

The time-outs of `requests` are for every piece of an answer, so that a byte a second outlasts them
for ever, in the headers as well as in the body. Here the connection is cut off instead, from one
thread that waits beside all calls: to start one for each would cost as much as a call's own JSON.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar, Token
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from chalicelib.adapters.seoshop.many_reads import AT_ONCE

MOST_LINES = AT_ONCE + 1
"""Connections that are kept open: those of calls at once, and of whoever works with what they
tell."""


class CallTimer:
    """Cuts off the call that is made within it after so many seconds; `is_over` says that it did.

    Only calls of a session that `time_calls` prepared can be cut off while they are under way.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._line: socket.socket | None = None
        self._token: Token[CallTimer | None] | None = None
        self.is_over = False

    def __enter__(self) -> Self:
        self._token = _at_work.set(self)
        _ends.add(self, time.monotonic() + self._seconds)
        return self

    def __exit__(self, *_: object) -> None:
        _ends.remove(self)
        if self._token is not None:
            _at_work.reset(self._token)

    def watch(self, line: socket.socket) -> None:
        """Take the connection on which the answer comes."""
        self._line = line
        if self.is_over:
            self.cut_off()

    def cut_off(self) -> None:
        """End the call now."""
        self.is_over = True
        if self._line is not None:
            with suppress(OSError):  # it is closed already
                # Not TLS's own, which would take the line away from whoever reads it.
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)


class _Ends:
    """When the calls that are under way are cut off. The thread that does it sleeps until the next
    of these moments, and ends when there is none: as long as calls end in time, it wakes seldom.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ends: dict[CallTimer, float] = {}
        self._wakes_at: float | None = None  # no thread

    def add(self, call: CallTimer, end: float) -> None:
        """Cut a call off at that time of `time.monotonic`."""
        with self._changed:
            self._ends[call] = end
            if self._wakes_at is None:
                self._wakes_at = math.inf
                threading.Thread(target=self._wait_and_cut, daemon=True).start()
            elif end < self._wakes_at:
                self._changed.notify()

    def remove(self, call: CallTimer) -> None:
        """A call is over."""
        with self._changed:
            self._ends.pop(call, None)

    def _wait_and_cut(self) -> None:
        with self._changed:
            while self._ends:
                self._wakes_at = min(self._ends.values())
                self._changed.wait(max(self._wakes_at - time.monotonic(), 0))
                now = time.monotonic()
                for call in [each for each, end in self._ends.items() if end <= now]:
                    del self._ends[call]
                    call.cut_off()
            self._wakes_at = None


_ends = _Ends()
_at_work: ContextVar[CallTimer | None] = ContextVar("call_timer", default=None)


def time_calls(session: requests.Session, address: str) -> None:
    """Let calls of a session to an address's host be cut off. A session with a transport of its own
    for that host keeps it.
    """
    if type(session.get_adapter(address)) is HTTPAdapter:
        parts = urlsplit(address)
        adapter = _TimedAdapter(pool_maxsize=MOST_LINES)
        session.mount(f"{parts.scheme}://{parts.netloc}/", adapter)


class _TimedHttp(HTTPConnection):
    def getresponse(self) -> Any:
        _watch(self.sock)
        return super().getresponse()


class _TimedHttps(HTTPSConnection):
    def getresponse(self) -> Any:
        _watch(self.sock)
        return super().getresponse()


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _TimedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedHttps


class _TimedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **settings: Any) -> Any:
        manager: Any = super().proxy_manager_for(*args, **settings)
        manager.pool_classes_by_scheme = _POOLS
        return manager


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


def _watch(line: Any) -> None:
    timer = _at_work.get()
    if timer is not None and isinstance(line, socket.socket):
        timer.watch(line)
