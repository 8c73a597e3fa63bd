"""What libraries would like to log: nothing that quotes an address, and with it a licence code."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from chalicelib import logs
from chalicelib.adapters.inbox import open_inbox
from chalicelib.errors import InboxUnknown

LICENCE = "ZZYZX-LICENCE"
ANSWER = (
    b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n"
    b" a header line without a colon\r\nneither has this\r\nX: y\r\n\r\n"
)


@contextmanager
def broken_server() -> Iterator[str]:
    """Takes a file and the question for it, and answers both with header lines that are none."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for end in (b"<x/>", b"\r\n\r\n"):
                connection, _ = listening.accept()
                with connection:
                    taken = b""
                    while end not in taken:
                        taken += connection.recv(65536)
                    connection.sendall(ANSWER)

        answering = threading.Thread(target=serve, daemon=True)
        answering.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        answering.join(timeout=60)


@pytest.fixture
def own_handlers() -> Iterator[None]:
    """The root logger without anybody else's handlers, which would keep our format."""
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    root.handlers = []
    yield
    root.level, root.handlers = before


@pytest.mark.usefixtures("own_handlers")
@pytest.mark.parametrize(
    "library", [*logs.QUOTING_LIBRARIES, "urllib3.connection", "botocore.retries"]
)
def test_libraries_warnings_stay_unsaid(library: str) -> None:
    logs.configure_logs()
    assert not logging.getLogger(library).isEnabledFor(logging.ERROR)


def test_an_answer_with_broken_headers_gives_no_licence_code_away() -> None:
    root, said = logging.getLogger(), io.StringIO()
    before = root.level, list(root.handlers)
    root.handlers = [logging.StreamHandler(said)]
    try:
        logs.configure_logs()
        with broken_server() as address, requests.Session() as session:
            session.trust_env = False
            inbox = open_inbox(address + "/{licence}/{file}", LICENCE, session=session)
            with contextlib.suppress(InboxUnknown):
                inbox.place("f.xml", b"<x/>")
        logging.getLogger("chalicelib.test").warning("this is said")
    finally:
        root.level, root.handlers = before

    assert "this is said" in said.getvalue()
    assert LICENCE not in said.getvalue()
