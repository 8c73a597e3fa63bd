"""Secrets are read when they are needed, and again while a process runs; each may have two."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from chalicelib.adapters.turning_secrets import TurningSecrets
from chalicelib.errors import SettingsError
from chalicelib.ports import AppPair

ONE, TWO, THREE = (
    "0123456789abcdef" * 2,
    "fedcba9876543210" * 2,
    "00112233445566778899aabbccddeeff",
)
AGE = 120
DEPLOYED = {
    "SEOSHOP_APP_KEY": "/app-key",
    "SEOSHOP_APP_SECRET": "/app-secret",
    "SESSION_SECRET": "/session",
    "FINGERPRINT_SECRET": "/prints",
}


class Store:
    """SSM's parameters, and the time; what is None cannot be read."""

    def __init__(self, **values: str | None) -> None:
        self.values: dict[str, str | None] = {
            "/app-key": "key",
            "/app-secret": ONE,
            "/session": ONE,
            "/prints": TWO,
            **{f"/{name.replace('_', '-')}": value for name, value in values.items()},
        }
        self.asked: list[str] = []
        self.time = 1_000_000.0

    def fetch(self, name: str) -> str:
        self.asked.append(name)
        value = self.values[name]
        if value is None:
            raise SettingsError(f"SSM parameter {name} cannot be read: Throttled.")
        return value

    def open(self, **changed: str) -> TurningSecrets:
        return TurningSecrets(
            {**DEPLOYED, **changed}, self.fetch, age=timedelta(seconds=AGE), now=lambda: self.time
        )


@pytest.mark.parametrize("between", [" ", "\n", ",", ", ", "\r\n", " \t "])
def test_a_secret_may_have_two_values_the_new_one_first(between: str) -> None:
    secrets = Store(session=f"{TWO}{between}{ONE}\n").open()
    assert secrets.session_secrets() == (TWO, ONE)


def test_a_secret_that_is_given_directly_may_have_two_as_well() -> None:
    assert Store().open(SESSION_SECRET=f"{TWO},{ONE}").session_secrets() == (TWO, ONE)


def test_nothing_is_read_that_is_not_needed() -> None:
    store = Store()
    secrets = store.open()
    assert store.asked == []
    secrets.app_secrets()
    assert store.asked == ["/app-secret"]


def test_fingerprints_have_a_secret_of_their_own() -> None:
    store = Store()
    assert store.open().print_secrets() == (TWO,)
    assert store.asked == ["/prints"]


def test_without_one_the_session_secret_does_as_until_1_2_0() -> None:
    assert Store(session=f"{TWO} {ONE}").open(FINGERPRINT_SECRET="").print_secrets() == (TWO, ONE)


@pytest.mark.parametrize(
    ("keys", "app_secrets", "pairs"),
    [
        ("k1", ONE, [("k1", ONE)]),
        ("k1", f"{TWO} {ONE}", [("k1", TWO), ("k1", ONE)]),
        ("k2 k1", ONE, [("k2", ONE), ("k1", ONE)]),
        ("k2 k1", f"{TWO} {ONE}", [("k2", TWO), ("k1", ONE)]),
    ],
)
def test_keys_and_secrets_of_the_app_are_paired(
    keys: str, app_secrets: str, pairs: list[tuple[str, str]]
) -> None:
    secrets = Store(app_key=keys, app_secret=app_secrets).open()
    assert secrets.app_pairs() == tuple(AppPair(*pair) for pair in pairs)
    assert set(secrets.app_secrets()) == {secret for _, secret in pairs}


def test_a_turned_secret_is_known_once_the_former_is_older_than_its_age() -> None:
    store = Store()
    secrets = store.open()
    assert secrets.session_secrets() == (ONE,)
    store.values["/session"] = f"{TWO} {ONE}"
    store.time += AGE - 1
    assert secrets.session_secrets() == (ONE,)
    store.time += 1
    assert secrets.session_secrets() == (TWO, ONE)
    assert store.asked == ["/session", "/session"]


def test_a_clock_that_is_set_back_does_not_keep_a_secret_for_ever() -> None:
    store = Store()
    secrets = store.open()
    secrets.session_secrets()
    store.values["/session"] = TWO
    store.time -= 86_400
    assert secrets.session_secrets() == (TWO,)


def test_a_secret_that_is_given_directly_stays() -> None:
    store = Store()
    secrets = store.open(SESSION_SECRET=THREE)
    store.time += 10 * AGE
    assert secrets.session_secrets() == (THREE,)
    assert store.asked == []


@pytest.mark.parametrize("unusable", [None, "", "  ", "short", "a" * 64, f"{ONE} {TWO} {THREE}"])
def test_what_has_become_unusable_stops_nothing_and_is_logged_once(
    unusable: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store()
    secrets = store.open()
    secrets.session_secrets()
    store.values["/session"] = unusable
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            store.time += AGE
            assert secrets.session_secrets() == (ONE,)
    (line,) = caplog.messages
    assert "SESSION_SECRET" in line
    assert ONE not in line
    assert "short" not in line

    store.values["/session"] = TWO
    store.time += AGE
    assert secrets.session_secrets() == (TWO,)


def test_while_ssm_fails_it_is_left_alone_for_a_while_and_then_asked_again() -> None:
    store = Store()
    secrets = store.open()
    for read in (secrets.session_secrets, secrets.print_secrets):
        read()
    store.values |= {"/session": None, "/prints": None}
    store.time += AGE
    store.asked.clear()
    for _ in range(3):
        secrets.session_secrets()
        secrets.print_secrets()
    assert store.asked == ["/session"], "nobody waits for each secret, each time"
    store.values["/session"] = TWO
    store.time += 15
    assert secrets.session_secrets() == (TWO,)


@pytest.mark.parametrize(
    "unusable",
    [
        *("", "short", "0123456789abcdef0123456789abcde", "a" * 64, "abcabc" * 10, f"{ONE} short"),
        *(f"{ONE} {TWO} {THREE}", "é" * 40 + ONE, f"{ONE}\x00"),
    ],
)
@pytest.mark.parametrize("variable", ["SEOSHOP_APP_SECRET", "SESSION_SECRET", "FINGERPRINT_SECRET"])
def test_an_unusable_secret_is_refused_at_the_start_by_its_variable(
    variable: str, unusable: str
) -> None:
    for start in (_given_directly, _in_a_parameter):
        if not unusable and start is _given_directly:
            continue  # missing, which `read_settings` says
        with pytest.raises(SettingsError, match=variable) as refusal:
            start(variable, unusable)
        for value in unusable.split():
            assert value not in str(refusal.value)


def _given_directly(variable: str, text: str) -> None:
    Store().open(**{variable: text})


def _in_a_parameter(variable: str, text: str) -> None:
    store = Store()
    store.values[DEPLOYED[variable]] = text
    secrets = store.open()
    {
        "SEOSHOP_APP_SECRET": secrets.app_secrets,
        "SESSION_SECRET": secrets.session_secrets,
        "FINGERPRINT_SECRET": secrets.print_secrets,
    }[variable]()


def test_a_parameter_that_is_not_there_at_the_start_is_named_and_asked_for_again() -> None:
    store = Store(session=None)
    secrets = store.open()
    with pytest.raises(SettingsError, match=r"SESSION_SECRET.*/session"):
        secrets.session_secrets()
    store.values["/session"] = ONE
    assert secrets.session_secrets() == (ONE,)


def test_a_value_that_is_given_twice_is_one() -> None:
    assert Store(session=f"{ONE} {ONE}").open().session_secrets() == (ONE,)


def test_the_apps_key_is_public_and_may_be_short() -> None:
    assert Store(app_key="k").open().app_pairs() == (AppPair("k", ONE),)


def test_asperions_secret_may_be_short_and_have_two_values() -> None:
    for given, values in (("new\nformer", ("new", "former")), ("n,ew", ("n,ew",))):
        assert Store().open(ASPERION_CLIENT_SECRET=given).asperion_secrets() == values
    store = Store(asperion="short")
    assert store.open(ASPERION_CLIENT_SECRET="/asperion").asperion_secrets() == ("short",)
    with pytest.raises(SettingsError, match="ASPERION_CLIENT_SECRET"):
        Store().open().asperion_secrets()
    for unusable in ("\u00e9" * 40, "a b c", "a\x00"):
        with pytest.raises(SettingsError, match="ASPERION_CLIENT_SECRET"):
            Store().open(ASPERION_CLIENT_SECRET=unusable)


def test_no_value_is_shown() -> None:
    secrets = Store().open(SESSION_SECRET=THREE)
    assert ONE not in repr(secrets.app_pairs())
    assert THREE not in repr(secrets)
