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
from chalicelib.errors import InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Inbox, Presence
from tests.edge.inbox.server import FakeInbox, running

LICENCE = "GEHEIM-4711"
NAME = "axml-orders-20141109-184520-1.xml"
CONTENT = b"<Asperion/>" * 5000  # more than one read of the connection
SHA = hashlib.sha256(CONTENT).hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
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
    [(method, _path, headers)] = server.requests
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
    server.head_reply = (200, {"Set-Cookie": "who=merchant-A; Path=/", "Content-Length": "7"})
    for licence in ("LICENCE-A", "LICENCE-B"):
        other = open_inbox(server.url, licence, session=session, timeout=60)
        other.place(NAME, CONTENT)
        ask(other)

    assert server.methods() == ["PUT", "HEAD", "PUT", "HEAD"]
    for _method, _path, headers in server.requests:
        assert "Cookie" not in headers
        assert headers["User-Agent"] == "SEOshop-Asperion"


def test_a_licence_code_stays_one_segment_whatever_is_in_it(
    server: FakeInbox, session: requests.Session
) -> None:
    open_inbox(server.url, "a?b#c&é{file}", session=session).place(NAME, CONTENT)
    assert list(server.files) == [f"/inbox/a%3Fb%23c%26%C3%A9%7Bfile%7D/{NAME}"]


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_file_is_stored_when_the_inbox_says_so(
    inbox: Inbox, server: FakeInbox, status: int
) -> None:
    server.put_reply = (status, {})
    inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT"]


def test_placing_the_same_file_again_is_harmless(inbox: Inbox, server: FakeInbox) -> None:
    inbox.place(NAME, CONTENT)
    inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT", "PUT", "HEAD"]
    assert len(server.files) == 1


def test_a_name_taken_by_another_file_is_refused(inbox: Inbox, server: FakeInbox) -> None:
    server.files[f"/inbox/{LICENCE}/{NAME}"] = b"another"
    with pytest.raises(InboxRefused, match="another file under the name"):
        inbox.place(NAME, CONTENT)
    assert server.files[f"/inbox/{LICENCE}/{NAME}"] == b"another"


@pytest.mark.parametrize("status", [409, 412])
def test_a_conflict_without_a_file_is_refused(inbox: Inbox, server: FakeInbox, status: int) -> None:
    server.put_reply = (status, {})
    with pytest.raises(InboxRefused):
        inbox.place(NAME, CONTENT)


def test_a_taken_name_that_cannot_be_asked_about_may_be_ours(
    inbox: Inbox, server: FakeInbox
) -> None:
    server.put_reply, server.head_reply = (412, {}), (405, {})
    with pytest.raises(InboxUnknown, match="does not tell which"):
        inbox.place(NAME, CONTENT)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 415, 422, 507])
def test_a_clear_no_stores_nothing(inbox: Inbox, server: FakeInbox, status: int) -> None:
    server.put_reply = (status, {})
    with pytest.raises(InboxRefused, match=str(status)):
        inbox.place(NAME, CONTENT)


@pytest.mark.parametrize("status", [408, 425, 429])
def test_an_inbox_that_is_busy_is_tried_later(inbox: Inbox, server: FakeInbox, status: int) -> None:
    server.put_reply = (status, {})
    with pytest.raises(InboxRefused, match="try later"):
        inbox.place(NAME, CONTENT)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(inbox: Inbox, server: FakeInbox, status: int) -> None:
    server.put_reply = (status, {"Location": f"http://127.0.0.1:{server.port}/elsewhere"})
    with pytest.raises(InboxRefused):
        inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT"]


@pytest.mark.parametrize("status", [202, 500, 502, 503, 504])
def test_an_answer_that_proves_nothing_leaves_the_file_unknown(
    inbox: Inbox, server: FakeInbox, status: int
) -> None:
    server.put_reply = (status, {})
    with pytest.raises(InboxUnknown):
        inbox.place(NAME, CONTENT)
    assert server.methods() == ["PUT"], "a PUT is never repeated by itself"


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
        ((404, {}), Presence.ABSENT),
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
