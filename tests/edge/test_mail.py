"""Mail by SES: what is sent, and what is said of a mail that is not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.adapters.ses import SesMailer, make_ses_client
from chalicelib.errors import MailError
from chalicelib.ports import Mail

SENDER, CONTACT = "koppeling@example.nl", "winkelier@de-wilg.example"
MAIL = Mail(subject="Gewijzigd", text="van ••42 naar ••17\n")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield make_ses_client()


def test_a_mail_goes_out_as_plain_text_to_one_address(client: Any) -> None:
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)

    SesMailer(SENDER, lambda: client).send(CONTACT, MAIL)

    quota = boto3.client("ses").get_send_quota()
    assert int(quota["SentLast24Hours"]) == 1


@pytest.mark.parametrize(
    ("headers", "extra"),
    [
        ({}, {}),
        (
            {"List-Unsubscribe": "<https://koppeling.example/unsubscribe?ticket=1>"},
            {
                "Headers": [
                    {
                        "Name": "List-Unsubscribe",
                        "Value": "<https://koppeling.example/unsubscribe?ticket=1>",
                    }
                ]
            },
        ),
    ],
)
def test_it_says_who_sends_to_whom_and_what(
    client: Any, headers: dict[str, str], extra: dict[str, Any]
) -> None:
    with Stubber(client) as stub:
        stub.add_response(
            "send_email",
            {"MessageId": "1"},
            {
                "FromEmailAddress": SENDER,
                "Destination": {"ToAddresses": [CONTACT]},
                "Content": {
                    "Simple": {
                        "Subject": {"Data": MAIL.subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": MAIL.text, "Charset": "UTF-8"}},
                        **extra,
                    }
                },
            },
        )
        SesMailer(SENDER, lambda: client).send(CONTACT, replace(MAIL, headers=headers))
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["MessageRejected", "TooManyRequestsException"])
def test_a_refusal_names_its_code_and_no_address(client: Any, code: str) -> None:
    said = f"Email address is not verified: {CONTACT}, {SENDER}"
    with Stubber(client) as stub:
        stub.add_client_error("send_email", code, said, expected_params=None)
        with pytest.raises(MailError) as refused:
            SesMailer(SENDER, lambda: client).send(CONTACT, MAIL)

    assert code in str(refused.value)
    assert CONTACT not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_service_that_cannot_be_reached_is_an_error_of_ours_and_is_tried_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    with pytest.raises(MailError, match="cannot be reached"):
        SesMailer(SENDER).send(CONTACT, MAIL)
