"""What becomes of a file: every answer of an inbox, with every answer to the question after it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.adapters.inbox import open_inbox
from chalicelib.adapters.inbox.outcomes import OUTCOMES, Answer, Outcome, read_status
from chalicelib.errors import InboxBusy, InboxContradicts, InboxError, InboxRefused, InboxUnknown
from chalicelib.ports import Inbox, Presence, Receipt
from tests.edge.inbox.server import FakeInbox, Reply, running
from tests.fakes.aws import aws_in_memory

LICENCE = "GEHEIM-4711"
NAME = "axml-orders-20141109-184520-1.xml"
CONTENT = b"<Asperion/>" * 100
SHA = hashlib.sha256(CONTENT).hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
OTHER64 = base64.b64encode(hashlib.sha256(b"half").digest()).decode()
A_PAGE = {"Content-Type": "text/html; charset=utf-8"}

SAME, DIFFERENT, ABSENT = Presence.SAME, Presence.DIFFERENT, Presence.ABSENT
CANNOT_TELL, NO_INBOX = Presence.CANNOT_TELL, Presence.NO_INBOX
NO_ANSWER = Presence.NO_ANSWER
PLACED, TRUSTED, FREE = Outcome.SHOWN, Outcome.TRUSTED, Outcome.ABSENT
UNKNOWN, PERSON = Outcome.UNKNOWN, Outcome.CONTRADICTED

TABLE = {
    #                        same    different absent   cannot tell no answer no inbox
    Answer.STORED: (PLACED, PERSON, PERSON, TRUSTED, PERSON, PERSON),
    Answer.TAKEN: (PLACED, PERSON, PERSON, PERSON, PERSON, PERSON),
    Answer.REFUSED: (PLACED, PERSON, FREE, FREE, FREE, FREE),
    Answer.NOT_NOW: (PLACED, PERSON, FREE, UNKNOWN, UNKNOWN, UNKNOWN),
    Answer.PROVES_NOTHING: (PLACED, PERSON, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
}
QUESTIONS = (SAME, DIFFERENT, ABSENT, CANNOT_TELL, NO_ANSWER, NO_INBOX)
STATUSES = {
    Answer.STORED: (200, 201, 204),
    Answer.TAKEN: (410, 412),
    Answer.REFUSED: (301, 307, 308, 400, 401, 403, 404, 405, 411, 413, 415, 422, 428, 431, 451),
    Answer.NOT_NOW: (408, 425, 429, 507),
    Answer.PROVES_NOTHING: (202, 203, 205, 206, 207, 302, 303, 409, 423, 499, 500, 502, 503, 504),
}
HEADS: dict[Presence, Reply] = {
    SAME: (200, {"Repr-Digest": f"sha-256=:{BASE64}:"}),
    DIFFERENT: (200, {"Repr-Digest": f"sha-256=:{OTHER64}:"}),
    ABSENT: (404, {}),
    CANNOT_TELL: (405, {}),
    NO_ANSWER: (503, {}),
    NO_INBOX: (200, A_PAGE),
}
ERRORS: dict[Outcome, type[InboxError]] = {
    UNKNOWN: InboxUnknown,
    PERSON: InboxContradicts,
}
RECEIPTS = {PLACED: Receipt.SHOWN, TRUSTED: Receipt.TRUSTED}
CELLS = [
    (answer, presence, expected)
    for answer, row in TABLE.items()
    for presence, expected in zip(QUESTIONS, row, strict=True)
]


def becomes(inbox: Inbox, expected: Outcome, answer: Answer = Answer.STORED) -> None:
    """Place the file; the outcome is the expected one, and no error says more than it should. What
    was turned away for now may be tried again soon.
    """
    if expected in RECEIPTS:
        assert inbox.place(NAME, CONTENT) is RECEIPTS[expected]
        return
    with pytest.raises(InboxError) as caught:
        inbox.place(NAME, CONTENT)
    refusal = InboxBusy if answer is Answer.NOT_NOW else InboxRefused
    assert type(caught.value) is ERRORS.get(expected, refusal)
    assert NAME in str(caught.value)
    assert LICENCE not in str(caught.value)


@pytest.fixture
def server() -> Iterator[FakeInbox]:
    with running() as inbox:
        yield inbox


@pytest.fixture
def inbox(server: FakeInbox) -> Iterator[Inbox]:
    with requests.Session() as session:
        session.trust_env = False
        yield open_inbox(server.url, LICENCE, session=session, timeout=60)


def test_the_table_has_every_cell() -> None:
    assert {answer: tuple(row[of] for of in Presence) for answer, row in OUTCOMES.items()} == {
        answer: tuple(dict(zip(QUESTIONS, row, strict=True))[of] for of in Presence)
        for answer, row in TABLE.items()
    }
    assert set(TABLE) == set(Answer)
    assert set(QUESTIONS) == set(Presence)


@pytest.mark.parametrize("status", range(200, 600))
def test_every_status_has_its_meaning(status: int) -> None:
    expected = next((a for a, statuses in STATUSES.items() if status in statuses), None)
    answer = read_status(status)
    assert answer is expected or expected is None
    if status >= 500:
        assert answer in (Answer.PROVES_NOTHING, Answer.NOT_NOW)


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "presence", "expected"), CELLS)
def test_https_each_answer_with_each_answer_to_the_question(
    inbox: Inbox, server: FakeInbox, answer: Answer, presence: Presence, expected: Outcome
) -> None:
    server.head_reply = HEADS[presence]
    for status in STATUSES[answer]:
        server.put_reply = (status, {})
        becomes(inbox, expected, answer)
    assert server.methods() == ["PUT", "HEAD"] * len(STATUSES[answer])


PAGES = [
    (A_PAGE, b""),
    ({"Content-Type": "application/xhtml+xml"}, b""),
    ({}, b"\n<!DOCTYPE html><title>Sign in</title>"),
    ({"Content-Type": "text/plain"}, b"\xef\xbb\xbf  <HTML><body>Welcome to the hotel's wifi"),
    ({}, b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>"),
    ({"Content-Type": "application/json"}, b'{"error": {"code": 401}}'),
    ({"Content-Type": "application/json"}, b'{"errors": ["not signed in"]}'),
    ({"Content-Type": "application/json"}, b'{"success": false}'),
    ({}, b'{"ok": false}'),
]


@pytest.mark.parametrize(("headers", "body"), PAGES)
@pytest.mark.parametrize("status", [200, 201])
def test_a_page_with_a_good_status_places_nothing(
    inbox: Inbox, server: FakeInbox, status: int, headers: dict[str, str], body: bytes
) -> None:
    server.put_reply, server.put_body = (status, headers), body
    for presence, expected in zip(QUESTIONS, TABLE[Answer.PROVES_NOTHING], strict=True):
        server.head_reply = HEADS[presence]
        becomes(inbox, expected)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({"Content-Type": "text/plain"}, b"axml-orders-1.xml is placed.\n"),
        ({"Content-Type": "application/json"}, b'{"success": true, "errors": []}'),
        ({"Content-Type": "application/json"}, b'{"name": "axml-orders-1.xml", "error": null}'),
        ({"Content-Type": "application/json"}, b'["stored"]'),
        ({}, b"{" * 100_000),
        ({"Content-Type": "application/xml"}, b"<Stored/>"),
    ],
)
def test_what_an_inbox_adds_to_its_answer_is_its_own_affair(
    inbox: Inbox, server: FakeInbox, headers: dict[str, str], body: bytes
) -> None:
    server.put_reply, server.put_body, server.head_reply = (200, headers), body, (405, {})
    becomes(inbox, TRUSTED)


def test_a_stored_file_that_a_proxy_sent_twice_is_placed(inbox: Inbox, server: FakeInbox) -> None:
    server.stores = True
    for status in (412, 403, 429, 500, 507):
        server.put_reply = (status, {})
        becomes(inbox, PLACED)


class AnsweringBucket:
    """moto's S3, whose answer to a put, or to a head, is another one."""

    def __init__(self, client: Any, put: Exception | None, head: Exception | None) -> None:
        self.client, self.put, self.head = client, put, head

    def put_object(self, **given: Any) -> None:
        if self.put is not None:
            raise self.put
        self.client.put_object(**given)

    def head_object(self, **given: Any) -> Any:
        if self.head is not None:
            raise self.head
        return self.client.head_object(**given)


def open_bucket(client: AnsweringBucket) -> Inbox:
    return open_inbox("s3://books/{licence}/{file}", LICENCE, s3=lambda: client)


def answer_of_s3(status: int) -> ClientError:
    error: Any = {
        "Error": {"Code": f"Code{status}", "Message": f"about {LICENCE}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(error, "PutObject")


@pytest.fixture
def bucket() -> Iterator[Any]:
    with aws_in_memory():
        client = boto3.client(
            "s3",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.create_bucket(Bucket="books")
        yield client


S3_CELLS = [cell for cell in CELLS if cell[0] is not Answer.STORED and cell[1] is not NO_INBOX]


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "presence", "expected"), S3_CELLS)
def test_s3_each_answer_with_each_answer_to_the_question(
    bucket: Any, answer: Answer, presence: Presence, expected: Outcome
) -> None:
    there = {SAME: CONTENT, DIFFERENT: CONTENT[: len(CONTENT) // 2]}.get(presence)
    if there is not None:
        bucket.put_object(Bucket="books", Key=f"{LICENCE}/{NAME}", Body=there)
    unclear = {CANNOT_TELL: 403, NO_ANSWER: 503}
    head = answer_of_s3(unclear[presence]) if presence in unclear else None
    for status in STATUSES[answer]:
        asked = AnsweringBucket(bucket, answer_of_s3(status), head)
        becomes(open_bucket(asked), expected, answer)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (None, PLACED),
        (answer_of_s3(403), TRUSTED),
        (answer_of_s3(503), PERSON),
        (answer_of_s3(404), PERSON),
    ],
)
def test_s3_what_is_stored_is_asked_for_at_once(
    bucket: Any, head: Exception | None, expected: Outcome
) -> None:
    becomes(open_bucket(AnsweringBucket(bucket, None, head)), expected)
