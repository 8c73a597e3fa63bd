"""Whatever an inbox answers to a file or to the question for it, nothing of its text is said."""

from __future__ import annotations

import io
import logging
import socket
import traceback
from collections.abc import Callable, Iterator

import boto3
import pytest
import requests
from botocore.config import Config

from chalicelib.adapters.inbox import open_inbox
from chalicelib.errors import InboxError
from chalicelib.ports import Inbox
from tests.edge.inbox.server import FakeInbox, running
from tests.fakes.log_capture import captured_logs

pytestmark = pytest.mark.slow

NAME, CONTENT = "axml-orders-20141109-184520-001.xml", b"<Asperion/>"
STATUSES = (200, 201, 302, 307, 400, 401, 403, 404, 409, 412, 422, 429, 500, 503, 507)
HEADERS = (
    "Location: https://zzyzx.example/zzyzx",
    "Content-Type: text/zzyzx",
    "Content-Encoding: zzyzx",
    "ETag: zzyzx",
    "Repr-Digest: zzyzx",
    "Retry-After: zzyzx",
    "Set-Cookie: zzyzx=zzyzx; Path=/zzyzx",
    "WWW-Authenticate: Zzyzx",
    "x-amz-error-code: zzyzx",
    "x-amz-error-message: zzyzx",
    "x-amz-checksum-sha256: zzyzx",
    "X-Zzyzx: zzyzx",
)
S3_ERROR = (
    "<?xml version='1.0'?><Error><Code>Zzyzx</Code><Message>zzyzx</Message><Key>zzyzx</Key>"
    "<BucketName>zzyzx</BucketName><Zzyzx>zzyzx</Zzyzx></Error>"
)
BODIES = ("zzyzx", "<html>zzyzx", '{"error": "zzyzx"}', S3_ERROR, "<Error><Code>zzyzx", "")


def answer(status: str, body: str = "", *, headers: tuple[str, ...] = HEADERS) -> bytes:
    lines = (f"HTTP/1.1 {status} Zzyzx", *headers, f"Content-Length: {len(body)}", "", body)
    return "\r\n".join(lines).encode()


BROKEN = (
    b"zzyzx zzyzx zzyzx\r\n\r\n",
    b"HTTP/1.1 zzyzx Zzyzx\r\n\r\n",
    b"HTTP/1.1 200 Zzyzx\r\nzzyzx without a colon\r\nContent-Length: zzyzx\r\n\r\nzzyzx",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzyzx\r\nzzyzx\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nzzyzx",
    b"HTTP/1.1 200 OK\r\nX-Zzyzx: " + b"zzyzx" * 20_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nzzyzx",
    b"",
)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    with captured_logs() as written:
        yield written


@pytest.fixture
def server() -> Iterator[FakeInbox]:
    with running() as inbox:
        yield inbox


def over_https(server: FakeInbox) -> Inbox:
    session = requests.Session()
    session.trust_env = False
    return open_inbox(server.url, "ASP-1", session=session, timeout=30)


def in_a_bucket(server: FakeInbox) -> Inbox:
    client = boto3.client(
        "s3",
        region_name="eu-central-1",
        endpoint_url=f"http://127.0.0.1:{server.port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    return open_inbox("s3://books/in/{licence}/{file}", "ASP-1", s3=lambda: client)


def speaking(said: bytes) -> Callable[[socket.socket, bytes], None]:
    """Answers a file and the question for it with these bytes."""

    def speak(connection: socket.socket, head: bytes) -> None:
        if head.startswith(b"PUT"):
            if b"100-continue" in head:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            taken = b""
            while CONTENT not in taken:
                taken += connection.recv(65536)
        connection.sendall(said)

    return speak


def check(inbox: Inbox, said: io.StringIO) -> None:
    """Places the file and asks for it: what comes of it quotes nothing, nor is it any other error
    than one of ours.
    """
    try:
        inbox.place(NAME, CONTENT)
    except InboxError as error:
        shown: BaseException | None = error
        while shown is not None:
            for text in (repr(shown), "".join(traceback.format_exception(shown))):
                assert "zzyzx" not in text.lower(), text
            shown = shown.__cause__ or shown.__context__
        logging.getLogger("chalicelib.test").exception("an error that is logged as it is")
    inbox.ask(NAME, sha256="0" * 64, size=1)
    assert "zzyzx" not in said.getvalue().lower()


@pytest.mark.parametrize("open_one", [over_https, in_a_bucket])
@pytest.mark.parametrize("status", STATUSES)
def test_no_answer_is_quoted(
    server: FakeInbox,
    said: io.StringIO,
    open_one: Callable[[FakeInbox], Inbox],
    status: int,
) -> None:
    inbox = open_one(server)
    for body in BODIES:
        server.speak = speaking(answer(str(status), body))
        check(inbox, said)


@pytest.mark.parametrize("open_one", [over_https, in_a_bucket])
@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_no_answer_is_quoted_that_is_hardly_http(
    server: FakeInbox,
    said: io.StringIO,
    open_one: Callable[[FakeInbox], Inbox],
    broken: bytes,
) -> None:
    server.speak = speaking(broken)
    check(open_one(server), said)
