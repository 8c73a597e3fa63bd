"""The S3 inbox, against moto, and against errors as botocore raises them."""

from __future__ import annotations

import base64
import hashlib
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)

from chalicelib.adapters.inbox import open_inbox
from chalicelib.errors import (
    InboxBusy,
    InboxContradicts,
    InboxError,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
)
from chalicelib.ports import Inbox, Presence
from tests.fakes.aws import aws_in_memory

LICENCE = "GEHEIM-4711"
NAME = "axml-orders-20141109-184520-1.xml"
KEY = f"in/{LICENCE}/{NAME}"
CONTENT = b"<Asperion/>"
SHA = hashlib.sha256(CONTENT).hexdigest()
URL = "s3://books/in/{licence}/{file}"


@pytest.fixture
def client() -> Iterator[Any]:
    with aws_in_memory():
        client = boto3.client(
            "s3",
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        where = {"LocationConstraint": "eu-central-1"}
        client.create_bucket(Bucket="books", CreateBucketConfiguration=where)
        yield client


@pytest.fixture
def inbox(client: Any) -> Inbox:
    return open_inbox(URL, LICENCE, s3=lambda: client)


def ask(inbox: Inbox) -> Presence:
    return inbox.ask(NAME, sha256=SHA, size=len(CONTENT))


def test_a_file_is_put_encrypted_and_with_its_digest(inbox: Inbox, client: Any) -> None:
    inbox.place(NAME, CONTENT)

    stored = client.get_object(Bucket="books", Key=KEY, ChecksumMode="ENABLED")
    assert stored["Body"].read() == CONTENT
    assert stored["ContentType"] == "application/xml; charset=utf-8"
    assert stored["ServerSideEncryption"] == "AES256"
    assert base64.b64decode(stored["ChecksumSHA256"]).hex() == SHA


def test_a_licence_code_stays_one_part_of_the_key(client: Any) -> None:
    open_inbox(URL, "a?b#c{file}", s3=lambda: client).place(NAME, CONTENT)
    [found] = client.list_objects_v2(Bucket="books")["Contents"]
    assert found["Key"] == f"in/a%3Fb%23c%7Bfile%7D/{NAME}"


def test_placing_the_same_file_again_is_harmless(inbox: Inbox) -> None:
    inbox.place(NAME, CONTENT)
    inbox.place(NAME, CONTENT)
    assert ask(inbox) is Presence.SAME


def test_a_key_taken_by_another_file_is_refused(inbox: Inbox, client: Any) -> None:
    client.put_object(Bucket="books", Key=KEY, Body=b"another")
    with pytest.raises(InboxContradicts, match="another file under this name"):
        inbox.place(NAME, CONTENT)
    assert client.get_object(Bucket="books", Key=KEY)["Body"].read() == b"another"
    assert ask(inbox) is Presence.DIFFERENT


def test_a_file_with_the_same_size_and_another_digest_is_different(
    inbox: Inbox, client: Any
) -> None:
    other = b"<asperion/>"
    digest = base64.b64encode(hashlib.sha256(other).digest()).decode()
    client.put_object(
        Bucket="books",
        Key=KEY,
        Body=other,
        ChecksumAlgorithm="SHA256",
        ChecksumSHA256=digest,
    )
    assert ask(inbox) is Presence.DIFFERENT


def test_a_file_that_is_not_there_is_absent(inbox: Inbox) -> None:
    assert ask(inbox) is Presence.ABSENT


def test_a_bucket_that_is_not_there_refuses(client: Any) -> None:
    inbox = open_inbox("s3://nowhere/{licence}/{file}", LICENCE, s3=lambda: client)
    with pytest.raises(InboxRefused, match="NoSuchBucket"):
        inbox.place(NAME, CONTENT)


class FailingClient:
    """An S3 client that raises, first for the put and then for the head."""

    def __init__(self, put: Exception, head: Exception | None = None) -> None:
        self.put, self.head = put, head

    def put_object(self, **_: Any) -> None:
        raise self.put

    def head_object(self, **_: Any) -> dict[str, Any]:
        raise self.head or answer(404)


def answer(status: int, code: str = "Code") -> ClientError:
    error: Any = {
        "Error": {"Code": code, "Message": f"about {KEY}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(error, "PutObject")


def fail_connection(kind: Callable[..., BotoCoreError], **more: Any) -> BotoCoreError:
    return kind(endpoint_url=f"https://books.example/{KEY}", **more)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (answer(403, "AccessDenied"), InboxRefused),
        (answer(307, "TemporaryRedirect"), InboxRefused),
        (answer(429, "SlowDown"), InboxBusy),
        (answer(507, "Full"), InboxBusy),
        (answer(500, "InternalError"), InboxUnknown),
        (answer(503, "SlowDown"), InboxUnknown),
        (fail_connection(ReadTimeoutError), InboxUnknown),
        (fail_connection(ConnectionClosedError), InboxUnknown),
        (fail_connection(SSLError, error="EOF occurred in violation of protocol"), InboxUnknown),
        (fail_connection(SSLError, error="[SSL: CERTIFICATE_VERIFY_FAILED]"), InboxNotSent),
        (fail_connection(ConnectTimeoutError), InboxNotSent),
        (fail_connection(EndpointConnectionError), InboxNotSent),
        (NoCredentialsError(), InboxNotSent),
    ],
)
def test_a_failure_says_whether_the_file_may_be_there(
    failure: Exception, expected: type[InboxError]
) -> None:
    inbox = open_inbox(URL, LICENCE, s3=lambda: FailingClient(failure))
    with pytest.raises(expected) as caught:
        inbox.place(NAME, CONTENT)
    assert type(caught.value) is expected
    assert LICENCE not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert NAME in str(caught.value)
    assert "books" in str(caught.value)
