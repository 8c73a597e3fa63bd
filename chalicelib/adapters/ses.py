"""Mail by Amazon SES."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_clients import make_client
from chalicelib.adapters.aws_refusals import read_code
from chalicelib.errors import MailError
from chalicelib.ports import Mail


def make_ses_client() -> Any:
    """A client of SES that sends once and waits a few seconds at most: a person waits too.
    Region and keys come from the SDK's own settings.
    """
    limits = {"connect_timeout": 2, "read_timeout": 4, "retries": {"total_max_attempts": 1}}
    return make_client("sesv2", limits=limits)


class SesMailer:
    """Port `Mailer`. `sender` is an address, or one of a domain, that SES has verified; `client`
    makes the client and is called at the first mail.
    """

    def __init__(self, sender: str, client: Callable[[], Any] = make_ses_client) -> None:
        self._sender = sender
        self._client = cache(client)

    def send(self, address: str, mail: Mail) -> None:
        try:
            self._client().send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address]},
                Content={"Simple": _write_content(mail)},
            )
        except ClientError as error:
            raise MailError(f"The mail service refused a mail: {read_code(error)}") from None
        except BotoCoreError as error:
            kind = type(error).__name__
            raise MailError(f"The mail service cannot be reached: {kind}") from None


def _write_content(mail: Mail) -> dict[str, Any]:
    content: dict[str, Any] = {
        "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
        "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
    }
    if mail.headers:
        headers = mail.headers.items()
        content["Headers"] = [{"Name": name, "Value": value} for name, value in headers]
    return content
