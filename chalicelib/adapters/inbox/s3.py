"""An inbox in an S3 bucket. S3 keeps the same promises as HTTPS: a conditional put and a checksum.

Errors name bucket and file, never the key, which holds the licence code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError

from chalicelib.adapters.aws_clients import make_client
from chalicelib.adapters.aws_refusals import read_code, read_http_status
from chalicelib.adapters.inbox.addressed_inbox import AddressedInbox, Said, to_presence
from chalicelib.adapters.inbox.digests import decode_sha256, encode_sha256
from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.adapters.inbox.outcomes import Answer, is_out_of_order, read_status
from chalicelib.ports import Presence


def make_s3_client(timeout: float) -> Any:
    """An S3 client that sends once; `timeout` in seconds. Region and keys come from the SDK's
    own settings.
    """
    return make_client(
        "s3",
        limits={
            "connect_timeout": timeout,
            "read_timeout": timeout,
            "retries": {"total_max_attempts": 1},
        },
    )


class S3Inbox(AddressedInbox):
    """`ports.Inbox` in a bucket, for one licence code."""

    def __init__(self, address: InboxAddress, client: Callable[[], Any]) -> None:
        super().__init__(address)
        self._client = cache(client)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """Head the object. An object put there by others has no digest of S3's. A bucket that may
        not be listed answers 403 for a missing key, which proves nothing: `CANNOT_TELL`.
        """
        try:
            head = self._client().head_object(
                Bucket=self._address.host, Key=self._address.key(name), ChecksumMode="ENABLED"
            )
        except ClientError as error:
            status = read_http_status(error)
            unclear = Presence.NO_ANSWER if is_out_of_order(status) else Presence.CANNOT_TELL
            return Presence.ABSENT if status == 404 else unclear
        except Exception:  # as in `_put`
            return Presence.NO_ANSWER
        if digest := decode_sha256(head.get("ChecksumSHA256", "")):
            return to_presence(digest == sha256.lower())
        length = head.get("ContentLength")
        return Presence.CANNOT_TELL if length is None else to_presence(length == size)

    def _put(self, name: str, content: bytes) -> Said:
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
            status = read_http_status(error)
            return Said(read_status(status), f"HTTP {status} ({read_code(error)})")
        except Exception as error:  # botocore raises anything over an answer that is none of S3's
            kind, is_sent = type(error).__name__, _may_be_sent(error)
        else:
            return Said(Answer.STORED, "HTTP 200")
        raise self._make_no_answer_error(name, kind, is_sent=is_sent)


def _may_be_sent(error: Exception) -> bool:
    """Of botocore's own errors `HTTPClientError` stands for connections that broke or fell silent;
    the others (no such host, refused, no credentials, no region) come before anything is sent. A
    TLS error may come at any time unless it is about the certificate, which is checked first. Any
    other error is over an answer.
    """
    if isinstance(error, SSLError):
        return "CERTIFICATE_VERIFY_FAILED" not in str(error)
    return isinstance(error, HTTPClientError) or not isinstance(error, BotoCoreError)
