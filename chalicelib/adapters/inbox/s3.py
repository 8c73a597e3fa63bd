"""An inbox in an S3 bucket. S3 keeps the same promises as HTTPS: a conditional put and a checksum.

Errors name bucket and file, never the key, which holds the licence code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256 as _digest
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    SSLError,
)

from chalicelib.adapters.inbox.digests import decode_sha256, encode_sha256, to_presence
from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.errors import InboxError, InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Presence

_TAKEN = frozenset({409, 412})
_LATER = frozenset({408, 425, 429})


def make_s3_client(timeout: float) -> Any:
    """A boto3 S3 client that sends once; `timeout` in seconds. Region and keys come from the SDK's
    own settings.
    """
    return boto3.client(
        "s3",
        config=Config(
            connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": 1}
        ),
    )


class S3Inbox:
    """`ports.Inbox` in a bucket, for one licence code."""

    def __init__(self, address: InboxAddress, client: Callable[[], Any]) -> None:
        self._address = address
        self._client = cache(client)

    def place(self, name: str, content: bytes) -> None:
        """Put the object under a free key; outcomes as in `https.HttpsInbox.place`."""
        failure = self._put(name, content)
        if failure is None:
            return
        if isinstance(failure, InboxError):
            raise failure
        presence = self.ask(name, sha256=_digest(content).hexdigest(), size=len(content))
        if presence is Presence.SAME:
            return
        raise self._make_taken_error(name, presence)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """Head the object. S3's own SHA-256 decides; an object put there without one counts as
        the same when its size is (reasons in `https.HttpsInbox.ask`). A bucket that may not be
        listed answers 403 for a missing key, which proves nothing: `CANNOT_TELL`.
        """
        try:
            head = self._client().head_object(
                Bucket=self._address.host, Key=self._address.key(name), ChecksumMode="ENABLED"
            )
        except ClientError as error:
            return Presence.ABSENT if _read_status(error) == 404 else Presence.CANNOT_TELL
        except BotoCoreError:
            return Presence.CANNOT_TELL
        digest = decode_sha256(head.get("ChecksumSHA256", ""))
        if digest:
            return to_presence(digest == sha256.lower())
        return to_presence(head["ContentLength"] == size)

    def _put(self, name: str, content: bytes) -> InboxError | int | None:
        """Put the object: None when stored, the status when the key is taken, else the error."""
        try:
            self._client().put_object(
                Bucket=self._address.host,
                Key=self._address.key(name),
                Body=content,
                ContentType="application/xml; charset=utf-8",
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=encode_sha256(content),
                ServerSideEncryption="AES256",
            )
        except ClientError as error:
            status = _read_status(error)
            return status if status in _TAKEN else self._make_status_error(name, error)
        except BotoCoreError as error:
            return self._make_no_answer_error(name, error)
        return None

    def _make_status_error(self, name: str, error: ClientError) -> InboxError:
        status, code = _read_status(error), error.response.get("Error", {}).get("Code", "")
        bucket = self._address.host
        if status in _LATER:
            return InboxRefused(f"bucket {bucket} did not take {name} now ({code}): try later")
        if status == 507 or 300 <= status < 500:
            return InboxRefused(
                f"bucket {bucket} refused {name} ({code}): check ASPERION_INBOX_URL and permissions"
            )
        return InboxUnknown(f"bucket {bucket} answered {name} with {code}: it may be stored or not")

    def _make_no_answer_error(self, name: str, error: BotoCoreError) -> InboxError:
        kind, bucket = type(error).__name__, self._address.host
        if _may_be_sent(error):
            return InboxUnknown(
                f"bucket {bucket} gave no answer to {name} ({kind}): it may be stored or not"
            )
        return InboxNotSent(f"bucket {bucket} cannot be reached ({kind}): {name} was not sent")

    def _make_taken_error(self, name: str, presence: Presence) -> InboxError:
        if presence is Presence.CANNOT_TELL:
            return InboxUnknown(
                f"bucket {self._address.host} already has a {name} and does not tell which: "
                "it may be this one, from an earlier attempt"
            )
        return InboxRefused(f"bucket {self._address.host} refused {name}: the name is taken")


def _may_be_sent(error: BotoCoreError) -> bool:
    """`HTTPClientError` stands for connections that broke or fell silent; all others (no such
    host, refused, no credentials, no region) come before anything is sent. A TLS error may come
    at any time unless it is about the certificate, which is checked first.
    """
    if isinstance(error, SSLError):
        return "CERTIFICATE_VERIFY_FAILED" not in str(error)
    return isinstance(error, HTTPClientError)


def _read_status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
