"""Asperion's identity server: what it is asked, and what its answers mean."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.adapters.deadline import Deadline
from chalicelib.errors import AsperionUnavailable, GrantRefused, SettingsError
from tests.unit.adapters.asperion.wire import Answer, Wire, answering, open_identity

BACK = "https://koppeling.example/api/connect/callback"
GRANT = {"access_token": "access-1", "token_type": "Bearer", "expires_in": 3600}


def asked(wire: Wire, place: int = -1) -> dict[str, str]:
    """The form of a call."""
    return {name: value for name, (value,) in parse_qs(wire.calls[place].body.decode()).items()}


def test_the_browser_is_sent_to_sign_in_with_a_challenge() -> None:
    url = open_identity(Wire(answering(GRANT))).write_authorize_url(
        state="st+ate&", challenge="chal", redirect_uri=BACK
    )
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "https://identity.asperion.example/connect/authorize"
    )
    assert parse_qs(parts.query) == {
        "response_type": ["code"],
        "client_id": ["connector"],
        "redirect_uri": [BACK],
        "scope": ["*"],
        "state": ["st+ate&"],
        "code_challenge": ["chal"],
        "code_challenge_method": ["S256"],
    }


def test_a_code_is_exchanged_with_the_verifier_and_the_secret_in_the_body() -> None:
    wire = Wire(answering({**GRANT, "refresh_token": "refresh-1", "id_token": "x"}))
    grant = open_identity(wire).exchange_code("c/ode", verifier="veri", redirect_uri=BACK)
    assert (grant.access, grant.refresh) == ("access-1", "refresh-1")
    assert grant.lifetime == timedelta(hours=1)
    assert wire.said == ["POST /connect/token"]
    assert asked(wire) == {
        "grant_type": "authorization_code",
        "code": "c/ode",
        "redirect_uri": BACK,
        "code_verifier": "veri",
        "client_id": "connector",
        "client_secret": "secret-1",
    }
    assert "Authorization" not in wire.calls[0].headers
    assert "access-1" not in repr(grant)


def test_a_grant_is_renewed_with_a_new_refresh_token_or_none() -> None:
    wire = Wire(answering({**GRANT, "refresh_token": "refresh-2"}, GRANT))
    identity = open_identity(wire)
    assert identity.refresh("refresh-1").refresh == "refresh-2"
    assert identity.refresh("refresh-2").refresh is None
    assert asked(wire)["refresh_token"] == "refresh-2"
    assert asked(wire)["grant_type"] == "refresh_token"


def test_the_challenge_can_be_left_out_and_the_scope_be_another() -> None:
    wire = Wire(answering(GRANT))
    identity = open_identity(wire, uses_pkce=False, scope="* offline_access")
    url = identity.write_authorize_url(state="s", challenge="chal", redirect_uri=BACK)
    assert "challenge" not in url
    assert parse_qs(urlsplit(url).query)["scope"] == ["* offline_access"]
    identity.exchange_code("code", verifier="veri", redirect_uri=BACK)
    assert "code_verifier" not in asked(wire)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (1, 1),
        ("1200", 1200),
        (0, 0),
        (10**9, 30 * 86_400),
        (None, 600),
        (-5, 600),
        ("zzyzx", 600),
        (True, 600),
        ([], 600),
    ],
)
def test_how_long_a_token_counts(said: Any, seconds: int) -> None:
    grant = open_identity(Wire(answering({**GRANT, "expires_in": said}))).refresh("r")
    assert grant.lifetime == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_grant_has_to_be_given_again(status: int) -> None:
    wire = Wire(answering(Answer({"error": "invalid_grant", "error_description": "zz"}, status)))
    with pytest.raises(GrantRefused) as error:
        open_identity(wire, "new", "former").refresh("refresh-1")
    assert "zz" not in str(error.value)
    assert len(wire.calls) == 1, "a code is spent by asking"


@pytest.mark.parametrize("status", [400, 401])
def test_while_the_secret_turns_the_second_is_tried(status: int) -> None:
    refused = Answer({"error": "invalid_client"}, status)
    wire = Wire(answering(refused, GRANT))
    identity = open_identity(wire, "new", "former")
    assert identity.refresh("r").access == "access-1"
    assert [asked(wire, place)["client_secret"] for place in (0, 1)] == ["new", "former"]
    identity.refresh("r")
    assert asked(wire)["client_secret"] == "former", "the one that was taken last goes first"


def test_when_all_secrets_are_refused_it_is_not_the_merchant_who_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire = Wire(answering(Answer({"error": "invalid_client"}, 401)))
    with pytest.raises(AsperionUnavailable, match="own client id and secret"):
        open_identity(wire, "new-secret", "former-secret").refresh("r")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "secret-" not in record.getMessage()


def test_a_secret_that_cannot_be_read_is_said_and_passes() -> None:
    def read() -> tuple[str, ...]:
        raise SettingsError("ASPERION_CLIENT_SECRET: SSM parameter /x cannot be read.")

    identity = open_identity(Wire(answering(GRANT)))
    identity._secrets = read
    with pytest.raises(AsperionUnavailable):
        identity.refresh("r")


BAD: dict[str, Answer] = {
    "another error": Answer({"error": "invalid_scope"}, 400),
    "an unknown error": Answer({"error": "zzyzx"}, 400),
    "an error that is no text": Answer({"error": ["zzyzx"]}, 400),
    "an error in a good answer": Answer({**GRANT, "error": "zzyzx"}),
    "a grant refused by a broken server": Answer({"error": "invalid_grant"}, 500),
    "no error": Answer({}, 400),
    "busy": Answer({}, 429, {"Retry-After": "5"}),
    "out of order": Answer(b"zzyzx", 503),
    "a page": Answer(b"<html>zzyzx"),
    "a redirect": Answer(b"", 302, {"Location": "https://zzyzx.example"}),
    "nothing": Answer(b""),
    "a list": Answer([GRANT]),
    "half": Answer(json.dumps(GRANT).encode()[:-5]),
    "no token": Answer({"token_type": "Bearer"}),
    "an empty token": Answer({**GRANT, "access_token": ""}),
    "a token that is none": Answer({**GRANT, "access_token": ["zzyzx"]}),
    "a token of two lines": Answer({**GRANT, "access_token": "zz\r\nyzx"}),
    "a token with blanks": Answer({**GRANT, "access_token": "zz yzx"}),
    "a token of other signs": Answer({**GRANT, "access_token": "zzyz\u00e9"}),
    "a token without end": Answer({**GRANT, "access_token": "z" * 20_000}),
    "a token that cannot be sealed": Answer({**GRANT, "access_token": "z" * 4_097}),
    "a refresh token that cannot be": Answer({**GRANT, "refresh_token": "z" * 4_097}),
    "an unusable refresh token": Answer({**GRANT, "refresh_token": "zz\nyzx"}),
    "a token of another kind": Answer({**GRANT, "token_type": "mac"}),
    "an answer without end": Answer({**GRANT, "x": "z" * 70_000}),
    "a created token": Answer(GRANT, 201),
    "no answer": Answer(fails=requests.ReadTimeout("zzyzx")),
    "no connection": Answer(fails=requests.ConnectionError("zzyzx")),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD.keys())
def test_what_is_no_usable_answer_leaves_the_connection_standing(answer: Answer) -> None:
    wire = Wire(answering(answer))
    with pytest.raises(AsperionUnavailable) as error:
        open_identity(wire).refresh("refresh-1")
    assert "zz" not in repr(error.value)
    assert error.value.__cause__ is error.value.__context__ is None
    assert len(wire.calls) == 1


def test_a_token_that_is_too_long_to_be_sealed_is_said() -> None:
    longest = {**GRANT, "access_token": "z" * 4_096, "refresh_token": "y" * 4_096}
    identity = open_identity(Wire(answering(longest, {**longest, "access_token": "z" * 4_097})))
    assert identity.refresh("r").access == "z" * 4_096
    with pytest.raises(AsperionUnavailable, match="200, one of more than 4096 characters"):
        identity.refresh("r")


def test_no_call_outlasts_the_job() -> None:
    wire = Wire(answering(GRANT))
    open_identity(wire).limit_time(Deadline(2)).refresh("r")
    assert wire.times[0] <= 2
    with pytest.raises(AsperionUnavailable):
        open_identity(wire).limit_time(Deadline(0)).refresh("r")
    assert len(wire.calls) == 1
