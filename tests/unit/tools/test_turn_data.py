"""Turning the data key: the former one is retired when nothing is sealed under it any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.kms import KmsVault
from chalicelib.domain.events import Actor
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.sealed import OF_A_SHOP, SecretKind
from chalicelib.domain.seat_records import Invitation, Invitations
from chalicelib.domain.seats import Seat
from chalicelib.domain.vat_numbers import VatNumber, name_number
from tests.fakes.cloud import Cloud
from tests.tables.conftest import shop
from tools import data_key, standing, turn
from tools.own_tables import create_tables

STACK, PREFIX, NAME = "koppeling", "k-", "/k/data-key"
SHOP = 184520


@dataclass
class Clock:
    """The operator's clock."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self, tz: object = None) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(standing, "datetime", clock)
    return clock


@pytest.fixture(autouse=True)
def first(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[str]:
    """A stack that stands with its first data key."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    parameters = {"DataKeyParameter": NAME, "SecretsAge": "120", "TablePrefix": PREFIX}
    cloud, client = Cloud(status="CREATE_COMPLETE", parameters=parameters), boto3.client
    monkeypatch.setattr(
        boto3,
        "client",
        lambda name, **where: cloud if name == "cloudformation" else client(name, **where),
    )
    with mock_aws():
        create_tables(PREFIX)
        data_key.make_missing(NAME, STACK)
        yield data_key.list_keys(NAME)[0]


def run(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr("sys.argv", ["turn", what, "data", "--stack", STACK])
    turn.main()


def list_keys(*, fresh: bool = False) -> tuple[str, ...]:
    """What DATA_KEY names, read each time."""
    return data_key.list_keys(NAME)


def seal_shop(shop_id: int = SHOP) -> None:
    """A shop whose secrets are sealed under the present key."""
    vault = KmsVault(lambda: boto3.client("kms"), list_keys, lambda: ("a secret of marks",))
    sealed: dict[str, Any] = {what.value: vault.seal(shop_id, what, "secret") for what in OF_A_SHOP}
    shops = open_tables(PREFIX).shops
    shops.add(shop(shop_id))
    shops.update(shop_id, lambda stored: replace(stored, **sealed))


def test_a_new_key_stands_before_the_former_one_and_may_be_used_by_its_alias(
    first: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "turn")

    new, former = data_key.list_keys(NAME)
    assert former == first
    assert new != first
    aliases = boto3.client("kms").list_aliases(KeyId=new)["Aliases"]
    assert aliases[0]["AliasName"].startswith(f"alias/{STACK}-data-")
    assert boto3.client("kms").get_key_rotation_status(KeyId=new)["KeyRotationEnabled"]
    assert new in capsys.readouterr().out


def test_there_is_no_second_turn_before_the_first_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "turn")
    with pytest.raises(SystemExit, match="retire the former one"):
        run(monkeypatch, "turn")


def test_a_key_that_still_seals_something_is_not_retired(
    first: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shop_id in (SHOP, SHOP + 1):
        seal_shop(shop_id)
    run(monkeypatch, "turn")
    clock.ahead = timedelta(minutes=6)
    seal_shop(SHOP)  # by the night

    with pytest.raises(SystemExit, match=f"1 shops .*: {SHOP + 1}\\. .*watch") as refusal:
        run(monkeypatch, "retire")

    assert str(SHOP) + "," not in str(refusal.value)
    assert len(data_key.list_keys(NAME)) == 2


def test_a_customers_vat_number_keeps_its_key_as_well(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = KmsVault(lambda: boto3.client("kms"), list_keys, lambda: ("a secret of marks",))
    number = VatNumber(
        mark="k.1",
        country="BE",
        sealed_number=vault.seal(SHOP, SecretKind.VAT_NUMBER, "BE0403019261"),
        kept_until=date(2027, 3, 31),
    )
    shops = open_tables(PREFIX).shops
    shops.change(SHOP, VatNumber, lambda _: number, name_number("k.1"))
    run(monkeypatch, "turn")
    clock.ahead = timedelta(minutes=6)

    with pytest.raises(SystemExit, match=f"1 shops .*: {SHOP}\\."):
        run(monkeypatch, "retire")

    shops.forget_if(SHOP, VatNumber, lambda _: True, name_number("k.1"))
    run(monkeypatch, "retire")


def test_a_former_licence_code_keeps_its_key_as_well(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_shop()
    shops = open_tables(PREFIX).shops
    now = datetime.now(UTC)
    kept = shops.get(SHOP)
    assert kept is not None
    change = LicenceChange(at=now, by=Actor.MERCHANT, former="", new="••01", code=kept.licence)
    shops.update(SHOP, lambda stored: replace(stored, licence_changes=(change,)))
    run(monkeypatch, "turn")
    clock.ahead = timedelta(minutes=6)
    seal_shop()  # but for the former code

    with pytest.raises(SystemExit, match=str(SHOP)):
        run(monkeypatch, "retire")


@pytest.mark.parametrize("place", ["seat", "invitation"])
def test_a_bookkeepers_address_keeps_its_key_as_well(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    vault = KmsVault(lambda: boto3.client("kms"), list_keys, lambda: ("a secret of marks",))
    shops, now = open_tables(PREFIX).shops, datetime.now(UTC)
    address = vault.seal(SHOP, SecretKind.SEAT_ADDRESS, "boekhouder@kantoor.example")
    moments: dict[str, Any] = {"installed_at": now, "address": address}
    if place == "seat":
        shops.put_seat(Seat(shop_id=SHOP, holder="of-somebody", since=now, **moments))
    else:
        one = Invitation(rights=frozenset(), made_at=now, until=now, **moments)
        shops.save(SHOP, Invitations(by_hash={"a": one}))
    run(monkeypatch, "turn")
    clock.ahead = timedelta(minutes=6)
    seal_shop()

    with pytest.raises(SystemExit, match=f"1 shops .*: {SHOP}"):
        run(monkeypatch, "retire")


def test_a_key_that_seals_nothing_is_retired_and_left_as_it_is(
    first: str,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seal_shop()
    run(monkeypatch, "turn")
    new = data_key.list_keys(NAME)[0]
    seal_shop()
    clock.ahead = timedelta(minutes=6)

    run(monkeypatch, "retire")

    assert data_key.list_keys(NAME) == (new,)
    assert boto3.client("kms").describe_key(KeyId=first)["KeyMetadata"]["Enabled"]
    assert f"aws kms disable-key --key-id {first}" in capsys.readouterr().out


def test_it_is_not_retired_before_every_function_knows_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(monkeypatch, "turn")
    with pytest.raises(SystemExit, match="Not every function has read"):
        run(monkeypatch, "retire")


def test_with_one_key_there_is_nothing_to_retire(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="nothing to retire"):
        run(monkeypatch, "retire")
