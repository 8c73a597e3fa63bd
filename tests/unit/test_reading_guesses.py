"""What is not known of Asperion's API is a setting each, and a wrong one is refused by its name."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from chalicelib.asperion_guesses import (
    AsperionGuesses,
    DebtorField,
    Deletion,
    LineAmounts,
    StatusSent,
)
from chalicelib.errors import SettingsError
from chalicelib.settings import EVERYTHING, read_settings
from tools.build import ROOT
from tools.deploy import PARAMETERS

GIVEN = {
    **dict.fromkeys(EVERYTHING, "given"),
    "PUBLIC_URL": "https://koppeling.example.nl/api/",
    "ASPERION_INBOX_URL": "https://inbox.example/{licence}/{file}",
}
SAID: dict[str, tuple[str, str, Any]] = {
    "ASPERION_SCOPE": ("scope", "api offline_access", "api offline_access"),
    "ASPERION_PKCE": ("sends_challenge", "off", False),
    "ASPERION_TENANT_HEADER": ("tenant_header", "X-TenantId", "X-TenantId"),
    "ASPERION_DEBTOR_FIELD": ("debtor_field", "debtorId", DebtorField.ID),
    "ASPERION_LINE_AMOUNTS": ("line_amounts", "incl", LineAmounts.INCL),
    "ASPERION_STATUS_SENT": ("status_sent", "1", StatusSent.CONCEPT),
    "ASPERION_PERIOD_SENT": ("sends_period", "on", True),
    "ASPERION_DELETES": ("deletion", "salesinvoices", Deletion.HEADS),
    "ASPERION_PAGE_SIZE": ("page_size", "25", 25),
    "ASPERION_ORDER_BY": ("order_by", "id desc", "id desc"),
}
"""By variable: the field, another value than the default, and what it is read as."""

WRONG = [
    ("ASPERION_SCOPE", 'a"b'),
    ("ASPERION_SCOPE", "a\nb"),
    ("ASPERION_PKCE", "maybe"),
    ("ASPERION_TENANT_HEADER", "Authorization"),
    ("ASPERION_TENANT_HEADER", "X-Tenant: 1"),
    ("ASPERION_DEBTOR_FIELD", "debtor"),
    ("ASPERION_LINE_AMOUNTS", "both"),
    ("ASPERION_STATUS_SENT", "3"),
    ("ASPERION_PERIOD_SENT", "1"),
    ("ASPERION_DELETES", "on"),
    ("ASPERION_DELETES", "../users"),
    ("ASPERION_ORDER_BY", "id&x=1"),
    ("ASPERION_CLIENT_ID", "two words"),
]


def test_every_guess_can_be_set() -> None:
    assert {field for field, _, _ in SAID.values()} == {
        each.name for each in fields(AsperionGuesses)
    }
    assert SAID.keys() <= PARAMETERS.keys()


@pytest.mark.parametrize("name", SAID)
def test_a_guess_is_what_is_said_of_it(name: str) -> None:
    field, text, value = SAID[name]
    usual = read_settings(GIVEN).asperion_guesses
    assert usual == AsperionGuesses()
    said = read_settings({**GIVEN, name: text}).asperion_guesses
    assert said == replace(usual, **{field: value})
    assert getattr(usual, field) != value


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_guess_that_is_none_is_refused_and_named(name: str, text: str) -> None:
    secret = {"ASPERION_CLIENT_SECRET": "/secret"}
    with pytest.raises(SettingsError, match=name):
        read_settings({**GIVEN, **secret, name: text})


def test_whether_a_concept_can_be_deleted_is_one_of_them() -> None:
    assert not AsperionGuesses().may_delete
    assert AsperionGuesses(deletion=Deletion.WITH_LINES).may_delete


def test_a_client_id_needs_its_secret() -> None:
    with pytest.raises(SettingsError, match="ASPERION_CLIENT_SECRET"):
        read_settings({**GIVEN, "ASPERION_CLIENT_ID": "connector"})
    settings = read_settings(
        {**GIVEN, "ASPERION_CLIENT_ID": "connector", "ASPERION_CLIENT_SECRET": "zzyzx"}
    )
    assert settings.asperion_client_id == "connector"
    assert "zzyzx" not in repr(settings)
    assert read_settings(GIVEN).asperion_client_id == ""


def test_what_rests_on_guesses_is_written_down() -> None:
    page = (ROOT / "docs" / "asperion.md").read_text()
    for name in SAID:
        assert f"`{name}`" in page, name
