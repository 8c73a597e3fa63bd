from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.signatures import (
    Callback,
    api_password,
    callback_signature,
    verify_callback,
    verify_webhook,
)
from chalicelib.errors import SignatureError
from tests.fakes.documents_of_shop import Facts

SECRET = "fedcba9876543210fedcba9876543210"
TOKEN = "00112233445566778899aabbccddeeff"
SIGNED = datetime.fromtimestamp(1767225600, UTC)
UNINSTALL = {
    "language": "nl",
    "shop_id": "184520",
    "timestamp": "1767225600",
    "cluster_id": "eu1",
    "signature": "2996b947c2c9f0cc36ce77c93db41001",
}
INSTALL = {**UNINSTALL, "token": TOKEN, "signature": "499358ed8cd98e3afb040ffdd7923ea4"}
WEBHOOK = (
    rb'{"order":{"id":301204417,"number":"ORD00412","paymentStatus":"paid",'
    rb'"link":"http:\/\/api.webshopapp.com\/nl\/orders\/301204417.json"}}'
)
WEBHOOK_SIGNATURE = "6cef12af77aff8f4e3bc052348348330"


def install(**changes: Any) -> Callback:
    return verify_callback({**INSTALL, **changes}, secrets=(SECRET,), now=SIGNED, with_token=True)


def signed(**changes: Any) -> dict[str, Any]:
    params = {**INSTALL, **changes}
    return {**params, "signature": callback_signature(params, SECRET)}


def test_the_published_vectors_come_out() -> None:
    assert callback_signature(INSTALL, SECRET) == INSTALL["signature"]
    assert callback_signature(UNINSTALL, SECRET) == UNINSTALL["signature"]
    assert api_password(TOKEN, SECRET) == "fb426bdebfd5c7591dcde2b4ce3bca66"


def test_an_installation_becomes_typed() -> None:
    callback = install()
    assert callback.shop_id == 184520
    assert callback.language == "nl"
    assert callback.timestamp == SIGNED
    assert callback.token == TOKEN
    assert callback.cluster == "eu1"


def test_an_uninstallation_is_proven_without_a_token() -> None:
    callback = verify_callback(UNINSTALL, secrets=(SECRET,), now=SIGNED, with_token=False)
    assert callback.shop_id == 184520
    assert callback.token is None


def test_an_installation_cannot_be_replayed_as_an_uninstallation() -> None:
    with pytest.raises(SignatureError, match="wrong"):
        verify_callback(INSTALL, secrets=(SECRET,), now=SIGNED, with_token=False)


def test_an_uninstallation_cannot_pass_for_an_installation() -> None:
    with pytest.raises(SignatureError, match="no token"):
        verify_callback(UNINSTALL, secrets=(SECRET,), now=SIGNED, with_token=True)


def test_other_parameters_are_not_signed() -> None:
    assert install(utm_source="appcenter", cluster_id="us1").cluster == "us1"


@pytest.mark.parametrize(
    ("given_", "meant"), [("eu1", "eu1"), ("live", "eu1"), ("us1", "us1"), ("", "eu1")]
)
def test_the_cluster_is_one_of_two(given_: str, meant: str) -> None:
    assert install(cluster_id=given_).cluster == meant


def test_without_a_cluster_it_is_the_european_one() -> None:
    params = {name: value for name, value in INSTALL.items() if name != "cluster_id"}
    callback = verify_callback(params, secrets=(SECRET,), now=SIGNED, with_token=True)
    assert callback.cluster == "eu1"


@pytest.mark.parametrize("name", ["language", "shop_id", "timestamp", "token", "signature"])
@pytest.mark.parametrize("value", ["", None])
def test_a_missing_parameter_is_named(name: str, value: str | None) -> None:
    with pytest.raises(SignatureError, match=f"no {name}"):
        install(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "nld"),
        ("language", "n1"),
        ("language", "é"),
        ("language", "../x"),
        ("shop_id", "-5"),
        ("shop_id", "18 45"),
        ("shop_id", "١٢٣"),
        ("shop_id", "1" * 30),
        ("timestamp", "1767225600.5"),
        ("timestamp", "9" * 40),
        ("token", "kort"),
        ("token", TOKEN[:-1] + "g"),
        ("signature", INSTALL["signature"].upper()),
        ("signature", "é" * 32),
        ("cluster_id", "eu2"),
        ("cluster_id", "evil.example"),
    ],
)
def test_a_malformed_parameter_is_refused_before_the_signature_is_checked(
    name: str, value: str
) -> None:
    params = {**INSTALL, name: value}
    if name != "signature":
        params["signature"] = callback_signature(params, SECRET)
    with pytest.raises(SignatureError, match=f"{name} is") as refused:
        verify_callback(params, secrets=(SECRET,), now=SIGNED, with_token=True)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("name", ["language", "shop_id", "timestamp", "token"])
def test_every_signed_parameter_is_covered(name: str) -> None:
    other = {"language": "en", "shop_id": "184521", "timestamp": "1767225601", "token": "f" * 32}
    with pytest.raises(SignatureError, match="signature is wrong"):
        install(**{name: other[name]})


def test_another_secret_does_not_prove_anything() -> None:
    with pytest.raises(SignatureError, match="wrong"):
        verify_callback(INSTALL, secrets=("0" * 32,), now=SIGNED, with_token=True)


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_a_call_of_fifteen_minutes_passes(minutes: int) -> None:
    now = SIGNED + timedelta(minutes=minutes)
    assert verify_callback(INSTALL, secrets=(SECRET,), now=now, with_token=True).shop_id == 184520


@pytest.mark.parametrize(
    ("away", "word"),
    [(timedelta(minutes=15, seconds=1), "older"), (timedelta(minutes=-15, seconds=-1), "clocks")],
)
def test_an_older_or_later_call_is_refused(away: timedelta, word: str) -> None:
    with pytest.raises(SignatureError, match=word):
        verify_callback(INSTALL, secrets=(SECRET,), now=SIGNED + away, with_token=True)


def test_a_capital_language_is_signed_as_sent_and_kept_small() -> None:
    params = signed(language="NL")
    callback = verify_callback(params, secrets=(SECRET,), now=SIGNED, with_token=True)
    assert callback.language == "nl"


def test_nothing_secret_is_shown_by_a_callback() -> None:
    assert TOKEN not in repr(install())


def test_the_published_webhook_passes_with_its_backslashes() -> None:
    assert len(WEBHOOK) == 134
    verify_webhook(WEBHOOK, WEBHOOK_SIGNATURE, (SECRET,))


def test_a_webhook_without_its_backslashes_is_another_one() -> None:
    with pytest.raises(SignatureError, match="wrong"):
        verify_webhook(WEBHOOK.replace(b"\\", b""), WEBHOOK_SIGNATURE, (SECRET,))


@pytest.mark.parametrize("header", [None, ""])
def test_a_webhook_without_signature_is_refused(header: str | None) -> None:
    with pytest.raises(SignatureError, match="no X-Signature"):
        verify_webhook(WEBHOOK, header, (SECRET,))


@pytest.mark.parametrize("header", ["x", WEBHOOK_SIGNATURE.upper(), WEBHOOK_SIGNATURE + "\n", "é"])
def test_a_malformed_webhook_signature_is_refused(header: str) -> None:
    with pytest.raises(SignatureError, match="not 32"):
        verify_webhook(WEBHOOK, header, (SECRET,))


@given(st.binary(max_size=60), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_no_guessed_signature_passes(body: bytes, guess: str) -> None:
    with pytest.raises(SignatureError):
        verify_webhook(body, guess, (SECRET,))


@given(st.dictionaries(st.sampled_from(sorted(INSTALL)), st.text(max_size=40)))
def test_whatever_is_sent_there_is_no_other_error(changes: Facts) -> None:
    if all(INSTALL[name] == value for name, value in changes.items() if name != "cluster_id"):
        return
    with pytest.raises(SignatureError):
        install(**changes)
