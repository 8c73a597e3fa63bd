"""Settings are read once, and what cannot be right is refused by its name before anything runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.errors import SettingsError
from chalicelib.settings import EVERYTHING, SENDERS, WEBHOOK, read_settings

GIVEN = {
    **dict.fromkeys(EVERYTHING, "given"),
    "PUBLIC_URL": "https://koppeling.example.nl/api/",
    "ASPERION_INBOX_URL": "https://inbox.example/{licence}/{file}",
}


def test_what_is_given_is_read_and_what_is_not_has_its_default() -> None:
    settings = read_settings({**GIVEN, "SEOSHOP_API_URL_US1": "https://us.example/"})

    assert settings.public_url == "https://koppeling.example.nl/api"
    assert settings.api_urls == {
        "eu1": "https://api.webshopapp.com",
        "us1": "https://us.example",
    }
    assert settings.orders_per_file == 250


@pytest.mark.parametrize("name", sorted(EVERYTHING))
@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_needed_setting_that_is_missing_is_named(name: str, value: str | None) -> None:
    environ = {key: each for key, each in GIVEN.items() if key != name}
    if value is not None:
        environ[name] = value
    with pytest.raises(SettingsError, match=f"Missing setting: {name}"):
        read_settings(environ)


@pytest.mark.parametrize("name", ["MAIL_FROM", "SUPPORT_ADDRESS"])
def test_mail_needs_addresses_and_without_them_there_is_none(name: str) -> None:
    settings = read_settings({**GIVEN, name: "hulp@koppeling.example"})
    assert getattr(settings, name.lower()) == "hulp@koppeling.example"
    assert getattr(read_settings(GIVEN), name.lower()) == ""
    for wrong in ("hulp", "Hulp <hulp@a.example>", "a@b.example\nBcc: c@d.example", "a@b", "@b.nl"):
        with pytest.raises(SettingsError, match=name):
            read_settings({**GIVEN, name: wrong})


UNSAFE = [
    "koppeling.example.nl",
    "koppeling.example.nl/api",
    "//koppeling.example.nl",
    "http://koppeling.example.nl",
    "http://10.0.0.1:8080",
    "ftp://koppeling.example.nl",
    "https://",
    "https://user:secret@koppeling.example.nl",
    "https://koppeling.example.nl?x=1",
    "https://koppeling.example.nl/#top",
    "https://koppeling.example.nl:port",
    "https://[::1",
]


@pytest.mark.parametrize("url", UNSAFE)
@pytest.mark.parametrize(
    "name",
    [
        *("PUBLIC_URL", "SEOSHOP_API_URL_EU1", "SEOSHOP_API_URL_US1", "VIES_URL"),
        *("ASPERION_API_URL", "ASPERION_IDENTITY_URL"),
    ],
)
def test_an_address_on_which_others_could_read_along_is_refused_and_named(
    name: str, url: str
) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        read_settings({**GIVEN, name: url})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8071", "http://localhost:1", "http://[::1]:1"])
@pytest.mark.parametrize(
    "name", ["PUBLIC_URL", "SEOSHOP_API_URL_EU1", "ASPERION_API_URL", "ASPERION_IDENTITY_URL"]
)
def test_plain_http_is_for_this_very_machine(name: str, url: str) -> None:
    read_settings({**GIVEN, name: url})


def test_what_is_kept_is_kept_for_seven_years_or_ninety_days_unless_it_is_said() -> None:
    usual = read_settings(GIVEN)
    assert (usual.keep_audit.days, usual.keep_after_leaving.days) == (2557, 90)
    said = read_settings(
        {**GIVEN, "KEEP_AUDIT_DAYS": "3653", "KEEP_AFTER_LEAVING_DAYS": "7", "BACKUP_DAYS": "35"}
    )
    assert (said.keep_audit.days, said.keep_after_leaving.days) == (3653, 7)
    assert said.keep_backups.days == 35


def test_the_senders_need_no_secret_and_no_address() -> None:
    settings = read_settings({"TABLE_PREFIX": "t-", "EXPORT_QUEUE_URL": "q"}, needed=SENDERS)
    assert (settings.export_queue_url, settings.night_window) == ("q", 0)
    spread = read_settings({"EXPORT_QUEUE_URL": "q", "NIGHT_WINDOW": "14400"}, needed=SENDERS)
    assert spread.night_window == 14400


def test_no_secret_is_in_the_settings() -> None:
    assert "zzyzx" not in repr(read_settings({**GIVEN, "SESSION_SECRET": "zzyzx"}))


def test_the_webhook_function_minds_only_what_it_uses() -> None:
    read_settings(
        {
            "SEOSHOP_APP_SECRET": "s",
            "TABLE_PREFIX": "t-",
            "PUBLIC_URL": "",
            "SEOSHOP_API_URL_EU1": "http://api.example",
        },
        needed=WEBHOOK,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("ORDERS_PER_FILE", value) for value in ("0", "251", "-1", "many", "²")),
        *(("INBOX_PROOF_DELAY", value) for value in ("0", "3601", "1.5", "soon")),
        *(("RUN_LEASE", value) for value in ("0", "3601", "1.5", "soon")),
        *(("KEEP_AUDIT_DAYS", value) for value in ("0", "365", "36501", "seven years")),
        *(("KEEP_AFTER_LEAVING_DAYS", value) for value in ("0", "-1", "3651", "1.5")),
        *(("BACKUP_DAYS", value) for value in ("0", "36", "for ever")),
        *(("SECRETS_AGE", value) for value in ("0", "301", "1.5", "never")),
        *(("ASPERION_PACE", value) for value in ("0", "101", "1.5", "fast")),
        *(("ASPERION_PAGE_SIZE", value) for value in ("0", "1001", "all")),
    ],
)
def test_a_figure_out_of_its_range_is_refused_and_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**GIVEN, name: value})


def test_trial_and_price_are_said_only_where_they_are_given() -> None:
    settings = read_settings({**GIVEN, "TRIAL_DAYS": "30", "MONTHLY_PRICE": "9.95"})
    assert (settings.trial_days, settings.monthly_price) == (30, Decimal("9.95"))
    settings = read_settings(GIVEN)
    assert (settings.trial_days, settings.monthly_price) == (0, None)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("NIGHT_WINDOW", wrong) for wrong in ("-1", "14401", "an hour")),
        *(("TRIAL_DAYS", wrong) for wrong in ("-1", "367", "a month")),
        *(("MONTHLY_PRICE", wrong) for wrong in ("9,95", "\N{EURO SIGN} 9.95", "-1", "9.9", "NaN")),
    ],
)
def test_a_trial_or_price_that_cannot_be_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**GIVEN, name: wrong})
