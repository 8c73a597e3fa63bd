"""The HTTPS inbox, against a real server on loopback."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
import traceback
from collections.abc import Iterator

import pytest
import requests

from chalicelib.adapters.inbox import open_inbox
from chalicelib.errors import InboxContradicts, InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Inbox, Presence, Receipt
from tests.edge.inbox.server import FakeInbox, running

LICENCE = "GEHEIM-4711"
NAME = "axml-orders-20141109-184520-1.xml"
CONTENT = b"<Asperion/>" * 5000  # more than one read of the connection
SHA = hashlib.sha256(CONTENT).hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
A_PAGE = {"Content-Type": "text/html; charset=utf-8"}
OTHER64 = base64.b64encode(hashlib.sha256(b"other").digest()).decode()


@pytest.fixture
def server() -> Iterator[FakeInbox]:
    with running() as inbox:
        yield inbox


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def inbox(server: FakeInbox, session: requests.Session) -> Inbox:
    return open_inbox(server.url, LICENCE, session=session, timeout=60)


def ask(inbox: Inbox) -> Presence:
    return inbox.ask(NAME, sha256=SHA, size=len(CONTENT))


def test_a_file_is_put_under_licence_and_name_with_its_digest(
    inbox: Inbox, server: FakeInbox
) -> None:
    inbox.place(NAME, CONTENT)

    assert server.files == {f"/inbox/{LICENCE}/{NAME}": CONTENT}
    method, _path, headers = server.requests[0]
    assert method == "PUT"
    assert headers["If-None-Match"] == "*"
    assert headers["Content-Type"] == "application/xml; charset=utf-8"
    assert headers["Content-Length"] == str(len(CONTENT))
    assert headers["Content-Digest"] == f"sha-256=:{BASE64}:"
    assert headers["Repr-Digest"] == f"sha-256=:{BASE64}:"


def test_nothing_of_one_merchant_goes_along_with_the_next(
    server: FakeInbox, session: requests.Session
) -> None:
    session.headers["User-Agent"] = "SEOshop-Asperion"
    server.put_reply = (201, {"Set-Cookie": "who=merchant-A; Path=/"})
    server.head_reply = (405, {"Set-Cookie": "who=merchant-A; Path=/"})
    for licence in ("LICENCE-A", "LICENCE-B"):
        other = open_inbox(server.url, licence, session=session, timeout=60)
        other.place(NAME, CONTENT)
        ask(other)

    assert server.methods() == ["PUT", "HEAD", "HEAD"] * 2
    for _method, _path, headers in server.requests:
        assert "Cookie" not in headers
        assert headers["User-Agent"] == "SEOshop-Asperion"


def test_a_licence_code_stays_one_segment_whatever_is_in_it(
    server: FakeInbox, session: requests.Session
) -> None:
    open_inbox(server.url, "a?b#c&é{file}", session=session).place(NAME, CONTENT)
    assert list(server.files) == [f"/inbox/a%3Fb%23c%26%C3%A9%7Bfile%7D/{NAME}"]


def test_a_file_is_asked_for_as_soon_as_it_is_stored(inbox: Inbox, server: FakeInbox) -> None:
    assert inbox.place(NAME, CONTENT) is Receipt.SHOWN
    assert server.methods() == ["PUT", "HEAD"]


def test_placing_the_same_file_again_is_harmless(inbox: Inbox, server: FakeInbox) -> None:
    for _ in range(2):
        assert inbox.place(NAME, CONTENT) is Receipt.SHOWN
    assert server.methods() == ["PUT", "HEAD"] * 2
    assert len(server.files) == 1


def test_a_name_taken_by_another_file_is_left_alone(inbox: Inbox, server: FakeInbox) -> None:
    server.files[f"/inbox/{LICENCE}/{NAME}"] = b"another"
    with pytest.raises(InboxContradicts, match="another file under this name"):
        inbox.place(NAME, CONTENT)
    assert server.files[f"/inbox/{LICENCE}/{NAME}"] == b"another"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(inbox: Inbox, server: FakeInbox, status: int) -> None:
    server.put_reply = (status, {"Location": f"http://127.0.0.1:{server.port}/elsewhere"})
    with pytest.raises(InboxUnknown if status == 302 else InboxRefused):
        inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT", "HEAD"]


def test_a_put_is_never_repeated_by_itself(inbox: Inbox, server: FakeInbox) -> None:
    server.put_reply = (503, {"Retry-After": "0"})
    with pytest.raises(InboxUnknown):
        inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT", "HEAD"]


def test_an_answer_lost_after_storing_is_unknown_and_then_found(
    inbox: Inbox, server: FakeInbox
) -> None:
    server.lose_answer = True
    with pytest.raises(InboxUnknown):
        inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT"]
    assert ask(inbox) is Presence.SAME


def test_an_inbox_that_never_answers_leaves_the_file_unknown(
    inbox: Inbox, server: FakeInbox, session: requests.Session
) -> None:
    server.hang = threading.Event()
    hasty = open_inbox(server.url, LICENCE, session=session, timeout=0.2)
    with pytest.raises(InboxUnknown):
        hasty.place(NAME, CONTENT)
    assert ask(inbox) is Presence.ABSENT


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_refused_connection_means_nothing_was_sent(session: requests.Session) -> None:
    url = f"http://127.0.0.1:{a_free_port()}/{{licence}}/{{file}}"
    inbox = open_inbox(url, LICENCE, session=session)
    with pytest.raises(InboxNotSent):
        inbox.place(NAME, CONTENT)
    assert ask(inbox) is Presence.CANNOT_TELL


def test_a_host_without_tls_gets_nothing(server: FakeInbox, session: requests.Session) -> None:
    url = server.url.replace("http:", "https:")
    with pytest.raises(InboxNotSent):
        open_inbox(url, LICENCE, session=session, timeout=60).place(NAME, CONTENT)
    assert server.files == {}


def test_a_host_nobody_knows_gets_nothing(session: requests.Session) -> None:
    inbox = open_inbox("https://inbox.invalid/{licence}/{file}", LICENCE, session=session)
    with pytest.raises(InboxNotSent, match=r"inbox\.invalid"):
        inbox.place(NAME, CONTENT)


@pytest.mark.parametrize(
    ("reply", "presence"),
    [
        ((200, {"Repr-Digest": f"sha-256=:{BASE64}:"}), Presence.SAME),
        ((200, {"Repr-Digest": f"sha-512=:AAAA:, sha-256=:{BASE64}:"}), Presence.SAME),
        ((200, {"Repr-Digest": f"sha-256=:{OTHER64}:"}), Presence.DIFFERENT),
        ((200, {"Repr-Digest": f"sha-256=:{OTHER64}:", "ETag": f'"{SHA}"'}), Presence.DIFFERENT),
        ((200, {"ETag": f'"{SHA}"'}), Presence.SAME),
        ((200, {"ETag": f'W/"{SHA.upper()}"'}), Presence.SAME),
        ((200, {"ETag": f'"{"0" * 64}"', "Content-Length": "55000"}), Presence.DIFFERENT),
        ((200, {"ETag": '"v7"', "Content-Length": str(len(CONTENT))}), Presence.SAME),
        ((200, {"Content-Length": str(len(CONTENT))}), Presence.SAME),
        ((200, {"Content-Length": str(len(CONTENT) - 1)}), Presence.DIFFERENT),
        ((200, {"Content-Length": "9", "Content-Encoding": "gzip"}), Presence.CANNOT_TELL),
        ((200, {"Repr-Digest": "sha-256=:nonsense:"}), Presence.CANNOT_TELL),
        ((200, {}), Presence.CANNOT_TELL),
        ((200, {"Content-Length": "9", "Content-Type": "application/json"}), Presence.CANNOT_TELL),
        ((200, {"Content-Length": "9", "Content-Type": "text/html"}), Presence.NO_INBOX),
        ((200, {"Content-Length": str(len(CONTENT)), **A_PAGE}), Presence.NO_INBOX),
        ((200, {"Repr-Digest": f"sha-256=:{BASE64}:", **A_PAGE}), Presence.SAME),
        ((511, {}), Presence.NO_INBOX),
        ((204, {}), Presence.CANNOT_TELL),
        ((404, {}), Presence.ABSENT),
        ((404, A_PAGE), Presence.ABSENT),
        ((410, {}), Presence.SAME),
        ((301, {"Location": "/elsewhere"}), Presence.CANNOT_TELL),
        ((403, {}), Presence.CANNOT_TELL),
        ((405, {}), Presence.CANNOT_TELL),
        ((500, {}), Presence.CANNOT_TELL),
    ],
)
def test_what_an_inbox_tells_of_a_file(
    inbox: Inbox, server: FakeInbox, reply: tuple[int, dict[str, str]], presence: Presence
) -> None:
    server.head_reply = reply
    assert ask(inbox) is presence


@pytest.mark.parametrize("status", [409, 403, 429, 500, 507])
def test_no_error_shows_the_licence_code(inbox: Inbox, server: FakeInbox, status: int) -> None:
    server.put_reply, server.head_reply = (status, {}), (405, {})
    with pytest.raises((InboxRefused, InboxUnknown)) as caught:
        inbox.place(NAME, CONTENT)
    assert caught.value.__context__ is None
    assert LICENCE not in "".join(traceback.format_exception(caught.value))
    assert NAME in str(caught.value)
    assert f"127.0.0.1:{server.port}" in str(caught.value)


def test_no_error_of_the_line_shows_the_licence_code(session: requests.Session) -> None:
    url = f"http://127.0.0.1:{a_free_port()}/{{licence}}/{{file}}"
    inbox = open_inbox(url, LICENCE, session=session)
    with pytest.raises(InboxNotSent) as caught:
        inbox.place(NAME, CONTENT)
    assert LICENCE not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert LICENCE not in repr(vars(inbox)["_address"])
