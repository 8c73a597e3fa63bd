"""Secrets in plain, or under a former data key, are sealed anew. A vault that is out of reach is
neither a refused token nor a missing licence code.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.marks import as_plain
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.seat_records import Invitation, Invitations
from chalicelib.domain.seats import Seat
from chalicelib.domain.shop_records import FollowUp, Trouble
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import SealBroken, VaultUnavailable
from chalicelib.ports import Task
from chalicelib.usecases.afterwards.watch import Watched, watch_shop
from chalicelib.usecases.shop.seals import renew_seals
from chalicelib.usecases.shop.seat_holders import rename_seat
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import (
    KEY,
    look_into,
    seal,
    seal_licence,
    seal_token,
    sealed_before,
)
from tests.fakes.seoshop import Call
from tests.unit.usecases.late import ORDER
from tests.unit.usecases.night_of_slices import send_out
from tests.unit.usecases.stage import SHOP_ID, Stage

TOKEN, CODE = "t" * 32, "ASP-1"


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order())
    return stage


def keep(stage: Stage, token: Sealed, licence: Sealed, **changes: Any) -> None:
    """The shop's record holds these, whoever wrote it."""
    shop = stage.shops.records[SHOP_ID]
    stage.shops.records[SHOP_ID] = replace(
        shop,
        token=token,
        licence=licence,
        **changes,
    )


def of_an_earlier_version(stage: Stage, **changes: Any) -> None:
    plain = (as_plain(SecretKind.TOKEN, TOKEN), as_plain(SecretKind.LICENCE, CODE))
    keep(stage, *plain, **changes)


def shop(stage: Stage) -> Shop:
    return stage.shops.records[SHOP_ID]


def keys(stage: Stage) -> set[str]:
    secrets = (shop(stage).token, shop(stage).licence)
    return {secret.key for secret in secrets if secret is not None}


def watched(stage: Stage) -> Watched | None:
    return watch_shop(stage.connector, SHOP_ID)


def test_the_nightly_watch_seals_what_an_earlier_version_stored(stage: Stage) -> None:
    of_an_earlier_version(stage)

    found = watched(stage)

    assert found is not None
    assert found.resealed == 2
    assert keys(stage) == {KEY}
    assert (look_into(shop(stage).token), look_into(shop(stage).licence)) == (TOKEN, CODE)
    found = watched(stage)
    assert found is not None
    assert found.resealed == 0


def test_what_is_under_a_former_data_key_is_sealed_under_the_present_one(stage: Stage) -> None:
    keep(stage, sealed_before(seal_token(TOKEN)), sealed_before(seal_licence(CODE)))
    found = watched(stage)
    assert found is not None
    assert found.resealed == 2
    assert keys(stage) == {KEY}


@pytest.mark.parametrize(
    "state", [state for state in ShopState if state is not ShopState.UNINSTALLED]
)
def test_no_shop_is_left_out_because_it_does_not_export(stage: Stage, state: ShopState) -> None:
    of_an_earlier_version(stage, state=state)

    assert send_out(stage.connector, Task.WATCH) == 1
    found = watched(stage)

    assert found is not None
    assert found.resealed == 2
    assert keys(stage) == {KEY}


def test_of_a_shop_that_left_nothing_is_sealed(stage: Stage) -> None:
    stage.shops.update(
        SHOP_ID, lambda s: replace(s, state=ShopState.UNINSTALLED, token=None, licence=None)
    )
    assert watched(stage) is None


def test_what_the_merchant_brings_meanwhile_is_not_overwritten(stage: Stage) -> None:
    keep(stage, sealed_before(seal_token(TOKEN)), sealed_before(seal_licence(CODE)))
    workspace, brought = stage.workspace(), seal_licence("ASP-2")
    seal = stage.vault.seal

    def seal_late(shop_id: int, what: SecretKind, text: str) -> Sealed:
        stage.shops.update(SHOP_ID, lambda stored: replace(stored, licence=brought))
        return seal(shop_id, what, text)

    stage.vault.seal = seal_late  # type: ignore[method-assign]
    renew_seals(workspace)

    assert look_into(shop(stage).licence) == "ASP-2"
    assert look_into(shop(stage).token) == TOKEN


def test_a_former_licence_code_is_sealed_anew_as_well(stage: Stage) -> None:
    former = LicenceChange(
        at=stage.now,
        by=Actor.MERCHANT,
        former="••01",
        new="••02",
        code=sealed_before(seal_licence("ASP-0")),
    )
    keep(stage, seal_token(TOKEN), seal_licence(CODE), licence_changes=(former,))

    found = watched(stage)

    assert found is not None
    assert found.resealed == 1
    [kept] = shop(stage).licence_changes
    assert kept.code is not None
    assert (kept.code.key, look_into(kept.code)) == (KEY, "ASP-0")


def test_a_broken_seal_does_not_keep_the_other_secret_from_being_renewed(stage: Stage) -> None:
    elsewhere = sealed_before(seal_token(TOKEN, SHOP_ID + 1))
    keep(stage, elsewhere, sealed_before(seal_licence(CODE)), state=ShopState.PAUSED)
    found = watched(stage)
    assert found is not None
    assert found.resealed == 1
    assert shop(stage).token == elsewhere


def test_a_file_goes_out_although_its_licence_code_was_sealed_anew_meanwhile(stage: Stage) -> None:
    of_an_earlier_version(stage)

    def seal_both(call: Call) -> None:
        secrets = {"token": seal_token(TOKEN), "licence": seal_licence(CODE)}
        if call.name == "order":
            stage.shops.update(SHOP_ID, lambda stored: replace(stored, **secrets))  # type: ignore[arg-type]

    stage.api.before_call = seal_both
    run = stage.night()
    assert [file.state for file in run.files] == [FileState.PLACED]
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_while_the_vault_is_out_of_reach_orders_wait_and_the_same_night_tries_again(
    stage: Stage,
) -> None:
    open_shop = stage.connector.open_shop

    def opening(shop: Shop) -> object:
        assert shop.token is not None
        stage.vault.open(SHOP_ID, SecretKind.TOKEN, shop.token)
        return open_shop(shop)

    stage.connector = replace(stage.connector, open_shop=opening)  # type: ignore[arg-type]
    stage.vault.trouble = VaultUnavailable("The token of shop 184520 cannot be opened")
    at = stage.now + timedelta(hours=12)

    run = stage.night()

    assert run.trouble is TroubleCause.VAULT_UNAVAILABLE
    assert shop(stage).state is ShopState.ACTIVE
    assert stage.entry(ORDER).state is EntryState.WAITING
    trouble = stage.shops.load(SHOP_ID, Trouble)
    assert trouble == Trouble(cause=TroubleCause.VAULT_UNAVAILABLE, since=at, at=at)
    planned = stage.shops.load(SHOP_ID, FollowUp)
    assert planned is not None
    assert planned.next_at is not None
    stage.vault.trouble = None
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.shops.load(SHOP_ID, Trouble) == Trouble()


def test_a_licence_code_that_cannot_be_opened_any_more_is_a_trouble_of_its_own(
    stage: Stage,
) -> None:
    keep(stage, seal_token(TOKEN), seal_licence(CODE, SHOP_ID + 1))  # copied from another shop

    run = stage.night()

    assert run.trouble is TroubleCause.SEAL_BROKEN
    assert stage.inbox.files == {}
    assert stage.entry(ORDER).state is EntryState.WAITING
    with pytest.raises(SealBroken):
        stage.workspace().open_licence()


def test_the_watch_says_so_too_and_its_message_does_not_come_back(stage: Stage) -> None:
    stage.api.fail(SealBroken("The token cannot be opened."))  # by who opens the shop

    found = watched(stage)

    assert found is not None
    assert found.trouble is TroubleCause.SEAL_BROKEN


def test_a_bookkeepers_address_is_sealed_anew_in_seat_and_invitation(stage: Stage) -> None:
    address = seal("boekhouder@kantoor.example", SecretKind.SEAT_ADDRESS)
    at = stage.now
    former: Any = {"installed_at": at, "address": sealed_before(address)}
    seat = Seat(shop_id=SHOP_ID, holder="of-somebody", since=at, **former)
    invitation = Invitation(rights=frozenset(), made_at=at, until=at, **former)
    stage.shops.put_seat(seat)
    stage.shops.save(SHOP_ID, Invitations(by_hash={"a": invitation}))

    assert renew_seals(stage.workspace()) >= 2

    kept = stage.shops.load(SHOP_ID, Invitations)
    assert kept is not None
    (renewed,) = stage.shops.seats(SHOP_ID)
    for found in (renewed.address, kept.by_hash["a"].address):
        assert found is not None
        assert (found.key, look_into(found)) == (KEY, "boekhouder@kantoor.example")
    assert renewed.holder != seat.holder, "by the present secret"
    assert renew_seals(stage.workspace()) == 0


def test_a_seat_that_cannot_be_renamed_now_is_sealed_anew_and_stays_its_holders(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = seal("boekhouder@kantoor.example", SecretKind.SEAT_ADDRESS)
    former: Any = {"installed_at": stage.now, "address": sealed_before(address)}
    seat = Seat(shop_id=SHOP_ID, holder="of-somebody", since=stage.now, **former)
    stage.shops.put_seat(seat)
    monkeypatch.setattr(stage.shops, "move_seat", lambda *_: False)

    assert rename_seat(stage.connector, seat) == "of-somebody"
    renew_seals(stage.workspace())

    (kept,) = stage.shops.seats(SHOP_ID)
    assert (kept.holder, kept.address.key) == ("of-somebody", KEY)
