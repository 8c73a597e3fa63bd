"""One HTTP call that ends when its time is up, however slowly the other side answers.

The time-outs of `requests` count from one byte to the next: an answer that comes a byte a second
never exceeds them.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

Watch = Callable[[socket.socket], None]


class SendAlone(Protocol):
    """How one request is sent; see `send_alone`."""

    def __call__(
        self,
        session: requests.Session,
        request: requests.Request,
        *,
        timeout: float | tuple[float, float],
        call_time: float,
    ) -> AbstractContextManager[requests.Response]: ...


class TimedCall(HTTPAdapter):
    """Sends one call, and cuts its connection after so many seconds: to `requests` that is a
    connection that broke. A context manager; its end ends the call.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._is_over = False
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        super().__init__(max_retries=0)

    def __enter__(self) -> TimedCall:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self.close()
        with self._lock:
            for one in self._watched:
                one.close()
            self._watched.clear()

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer's status and headers; see `HTTPAdapter`. Cut headers look like short ones, so
        they are none: raises `requests.ReadTimeout`.
        """
        response: requests.Response = super().send(*args, **kwargs)
        with self._lock:
            is_over = self._is_over
        if is_over:
            response.close()
            raise requests.ReadTimeout
        return response

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Connections of this call are watched; see `HTTPAdapter`."""
        super().init_poolmanager(*args, **kwargs)
        _watch_connections(self.poolmanager, self._watch)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        """Those through a proxy likewise; see `HTTPAdapter`."""
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        _watch_connections(manager, self._watch)
        return manager

    def _watch(self, connection: socket.socket) -> None:
        """A second handle on a new connection: TLS takes the first one away."""
        with self._lock:
            self._watched.append(connection.dup())
            if self._is_over:
                _shut_down(self._watched[-1])

    def _cut(self) -> None:
        with self._lock:
            self._is_over = True
            for one in self._watched:
                _shut_down(one)


@contextmanager
def send_alone(
    session: requests.Session,
    request: requests.Request,
    *,
    timeout: float | tuple[float, float],
    call_time: float,
) -> Iterator[requests.Response]:
    """The answer to a request while it lasts; its body is not read yet. `timeout` is in seconds for
    connecting and for each wait, `call_time` for the whole call. `session` gives headers, proxies
    and certificates, and does not send: it would take the cookies of one call along with the next.
    Follows no redirect. Raises `requests.RequestException`.
    """
    prepared = request.prepare()
    headers: Any = {**session.headers, **prepared.headers}
    prepared.headers = CaseInsensitiveDict(headers)
    environment: Any = session.merge_environment_settings(prepared.url, {}, True, None, None)
    with (
        TimedCall(call_time) as call,
        call.send(prepared, timeout=timeout, **environment) as response,
    ):
        yield response


def read_body(response: requests.Response, *, most: int) -> bytes:
    """The body of an answer; of one with more than `most` bytes a beginning that is longer."""
    body = bytearray()
    for part in response.iter_content(8192):
        body += part
        if len(body) > most:
            break
    return bytes(body)


def _watch_connections(manager: PoolManager, watch: Watch) -> None:
    class PlainConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            watch(made)
            return made

    class TlsConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            watch(made)
            return made

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):  # closed by the other side already
        connection.shutdown(socket.SHUT_RDWR)
