"""The port `Shops`: the shop, its audit, its lease and the records kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import pytest

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connection import ApiChoices, ChosenCode, Connection
from chalicelib.domain.connection_changes import ConnectionChange, ConnectionStep
from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.notified_changes import Telling
from chalicelib.domain.period_locks import Lifting, PeriodLock
from chalicelib.domain.policy import DateBasis, Policy, Source, VatClass
from chalicelib.domain.shops import Shop, ShopState, Standing
from chalicelib.domain.slots import EVERY_SLOT, slot_of
from chalicelib.errors import UnknownShop
from chalicelib.ports import Lease
from tests.fakes.open_vault import look_into, seal_licence, seal_token
from tests.tables.conftest import NOW, Ledger, after, new_shop_id, shop

FULL_POLICY = Policy(
    payments={"mollie-ideal": "IDEAL", "Cadeaubon €": ""},
    default_payment=None,
    date_basis=DateBasis.PAYMENT,
    one_stop_shop=True,
    foreign_rates={("DE", Decimal("0.19")): VatClass.HIGH},
    gift_card_articles=frozenset({"GC-25"}),
)


LOCKS = (
    PeriodLock(until=date(2025, 12, 31), at=after(-8), by=Actor.MERCHANT),
    PeriodLock(
        until=date(2026, 3, 31),
        at=after(-7),
        by=Actor.BOOKKEEPER,
        seat="2026-01-02T08:00:00+00:00/4fea88ab.b7d79329d5a3e1765d74821b2ab6df64",
        lifted=Lifting(at=after(-6), by=Actor.MERCHANT, reason="een vergeten factuur é"),
    ),
)


CONNECTION = Connection(
    administration=Administration(id=7001, name="Kaasboerderij De Wilg é"),
    choices=ApiChoices(
        journal_id="VRK",
        debtor_kind="WEB",
        payment_condition_id=14,
        vat_codes=(
            ChosenCode(kind=VatKind.OSS, country="FR", rate=Decimal("0.055"), code="OSS-FR"),
        ),
        ledger_accounts={VatClass.HIGH: 8000, VatClass.NONE: 8020},
        article_accounts={"KAAS-1": 8030},
    ),
    is_on=True,
    connected_at=after(-3),
    turned_at=after(-2),
    left_at=after(-1),
    changed_at=after(-1),
)
CHANGES = (
    ConnectionChange(
        at=after(-3), by=Actor.MERCHANT, what=ConnectionStep.CONNECT, new="De Wilg", is_on=False
    ),
    ConnectionChange(
        at=after(-2),
        by=Actor.MERCHANT,
        what=ConnectionStep.MOVE,
        former="De Wilg",
        new="Test é",
        is_on=True,
        telling=Telling.FAILED,
    ),
)


def test_a_shop_comes_back_as_it_was_stored(ledger: Ledger, shop_id: int) -> None:
    full = replace(
        shop(shop_id),
        policy=FULL_POLICY,
        behaviour="2",
        domain="de-wilg",
        swept_until=after(-5),
        resume_state=ShopState.CANCELLED,
        token_since=after(-9),
        locks=LOCKS,
        connection=CONNECTION,
        connection_changes=CHANGES,
    )

    assert ledger.shops.add(full)

    assert ledger.shops.get(shop_id) == full


def test_a_shop_is_added_once(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.add(shop(shop_id))
    assert not ledger.shops.add(replace(shop(shop_id), token=seal_token("another")))
    kept = ledger.shops.get(shop_id)
    assert kept is not None
    assert look_into(kept.token) == "token-of-the-shop"


def test_an_unknown_shop_is_none(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.get(shop_id) is None
    assert ledger.shops.standing(shop_id) is None


def test_a_standing_tells_state_and_source(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(replace(shop(shop_id), policy=Policy(source=Source.INVOICES)))
    assert ledger.shops.standing(shop_id) == Standing(
        state=ShopState.ACTIVE, source=Source.INVOICES
    )


def test_an_update_raises_the_version(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))

    updated = ledger.shops.update(shop_id, lambda s: replace(s, licence=seal_licence("other")))

    assert (look_into(updated.licence), updated.version) == ("other", 1)
    assert ledger.shops.get(shop_id) == updated


def test_an_update_that_changes_nothing_writes_nothing(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))
    assert ledger.shops.update(shop_id, lambda s: s).version == 0


def test_an_update_based_on_an_old_version_is_made_again(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))
    seen: list[int] = []

    def change(old: Shop) -> Shop:
        seen.append(old.version)
        if old.version == 0:
            ledger.shops.update(shop_id, lambda s: replace(s, title="Meanwhile"))
        return replace(old, licence=seal_licence("other"))

    updated = ledger.shops.update(shop_id, change)

    assert seen[-2:] == [0, 1]
    assert (updated.title, look_into(updated.licence), updated.version) == ("Meanwhile", "other", 2)


def test_secrets_can_be_erased(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))
    ledger.shops.update(shop_id, lambda s: replace(s, token=None, licence=None))
    erased = ledger.shops.get(shop_id)
    assert erased is not None
    assert (erased.token, erased.licence) == (None, None)


def test_an_unknown_shop_cannot_be_updated(ledger: Ledger, shop_id: int) -> None:
    with pytest.raises(UnknownShop, match=str(shop_id)):
        ledger.shops.update(shop_id, lambda s: s)


def test_only_shops_that_export_are_taken_along(ledger: Ledger) -> None:
    ids = {state: new_shop_id() for state in ShopState}
    for state, number in ids.items():
        ledger.shops.add(shop(number, state))

    def exporting() -> set[int]:
        every = (ledger.shops.exporting(slot, after=0, limit=99) for slot in EVERY_SLOT)
        return {number for page in every for number in page} & set(ids.values())

    assert exporting() == {ids[ShopState.ACTIVE], ids[ShopState.CANCELLED]}
    ledger.shops.update(ids[ShopState.ACTIVE], lambda s: replace(s, state=ShopState.PAUSED))
    ledger.shops.update(ids[ShopState.PAUSED], lambda s: replace(s, state=ShopState.ACTIVE))
    assert exporting() == {ids[ShopState.PAUSED], ids[ShopState.CANCELLED]}


def new_shops_of(slot: str) -> Iterator[int]:
    while True:
        if slot_of(number := new_shop_id()) == slot:
            yield number


@pytest.mark.parametrize("list_", ["exporting", "numbers", "list_page"])
def test_the_shops_of_a_slot_are_paged_through_in_the_order_of_their_numbers(
    ledger: Ledger, list_: str
) -> None:
    slot = slot_of(new_shop_id())
    ids = list(islice(new_shops_of(slot), 5))
    for number in (ids[3], ids[0], ids[4], ids[2], ids[1], *islice(new_shops_of("slot-00"), 1)):
        ledger.shops.add(shop(number))

    def page(after: int, limit: int) -> list[int]:
        found = getattr(ledger.shops, list_)(slot, after=after, limit=limit)
        return [each.shop_id if isinstance(each, Shop) else each for each in found]

    assert page(ids[0] - 1, 2) == ids[:2]
    assert page(ids[1], 2) == ids[2:4]
    assert page(ids[3], 2) == ids[4:]
    assert page(ids[4], 2) == []


def test_everyone_is_listed_without_secrets(ledger: Ledger, shop_id: int) -> None:
    full = replace(shop(shop_id, ShopState.UNINSTALLED), swept_until=NOW, policy=Policy())
    ledger.shops.add(full)
    ledger.shops.append_audit(
        shop_id, AuditEvent(at=NOW, step=ShopStep.COMPLETE, by=Actor.MERCHANT)
    )

    listed = [s for s in ledger.shops.everyone() if s.shop_id == shop_id]

    assert listed == [replace(full, token=None, licence=None, mail_address=None)]


def test_the_audit_comes_oldest_first(ledger: Ledger, shop_id: int) -> None:
    events = [
        AuditEvent(at=NOW, step=ShopStep.COMPLETE, by=Actor.MERCHANT),
        AuditEvent(at=NOW, step=ShopStep.CHANGE_SETTINGS, by=Actor.MERCHANT, note="licence code"),
        AuditEvent(at=NOW + timedelta(microseconds=1), step=ShopStep.PAUSE, by=Actor.OPERATOR),
    ]
    for event in (events[2], events[0], events[1]):
        ledger.shops.append_audit(shop_id, event)

    assert ledger.shops.audit(shop_id) == events
    assert ledger.shops.audit(new_shop_id()) == []


def test_a_lease_is_held_by_one_owner_until_it_expires(ledger: Ledger, shop_id: int) -> None:
    shops = ledger.shops
    assert shops.lease(shop_id, "first", now=NOW, until=after(10))
    assert not shops.lease(shop_id, "second", now=after(9), until=after(20))
    assert shops.lease(shop_id, "second", now=after(10), until=after(20))
    assert not shops.lease(shop_id, "first", now=after(11), until=after(30))


def test_an_owner_extends_his_own_lease(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.lease(shop_id, "first", now=NOW, until=after(10))
    assert ledger.shops.lease(shop_id, "first", now=after(5), until=after(15))
    assert not ledger.shops.lease(shop_id, "second", now=after(12), until=after(20))


def test_only_its_owner_renews_a_lease_even_one_that_has_expired(
    ledger: Ledger, shop_id: int
) -> None:
    shops = ledger.shops
    assert not shops.renew(shop_id, "first", until=after(10))
    shops.lease(shop_id, "first", now=NOW, until=after(10))
    assert not shops.renew(shop_id, "second", until=after(30))
    assert shops.renew(shop_id, "first", until=after(20))
    assert not shops.lease(shop_id, "second", now=after(15), until=after(30))
    assert shops.renew(shop_id, "first", until=after(40))
    shops.release(shop_id, "first")
    assert not shops.renew(shop_id, "first", until=after(50))
    assert shops.find_lease(shop_id) == Lease()


def test_a_wish_is_noted_with_a_lease_that_is_held_and_many_are_one(
    ledger: Ledger, shop_id: int
) -> None:
    shops = ledger.shops
    assert shops.note_wish(shop_id, "night+m1", now=NOW) is None
    shops.lease(shop_id, "first", now=NOW, until=after(10))
    noted = Lease(owner="first", until=after(10), wish="night+m1")
    assert shops.note_wish(shop_id, "night+m1", now=NOW) == noted
    assert shops.note_wish(shop_id, "night+m1", now=NOW) == noted
    assert shops.note_wish(shop_id, "rerun+7", now=after(5)) == noted
    assert shops.find_lease(shop_id) == noted
    assert shops.note_wish(shop_id, "rerun+7", now=after(10)) is None


def test_who_lets_go_gets_the_wish_which_stays_until_a_run_serves_it(
    ledger: Ledger, shop_id: int
) -> None:
    shops = ledger.shops
    shops.lease(shop_id, "first", now=NOW, until=after(10))
    shops.note_wish(shop_id, "night+m1", now=NOW)
    assert shops.release(shop_id, "second") == ""
    assert shops.release(shop_id, "first") == "night+m1"
    assert shops.release(shop_id, "first") == ""
    assert shops.find_lease(shop_id) == Lease(wish="night+m1")
    assert shops.lease(shop_id, "rerun", now=after(1), until=after(10))
    assert shops.release(shop_id, "rerun") == "night+m1"
    assert shops.lease(shop_id, "night", now=after(2), until=after(10), serves_wish=True)
    assert shops.find_lease(shop_id) == Lease(owner="night", until=after(10))
    shops.note_wish(shop_id, "night+m2", now=after(3))
    assert shops.release(shop_id, "night") == "night+m2"


def test_the_wish_of_a_killed_runs_lease_outlives_it(ledger: Ledger, shop_id: int) -> None:
    shops = ledger.shops
    shops.lease(shop_id, "killed", now=NOW, until=after(10))
    shops.note_wish(shop_id, "night+m1", now=NOW)
    assert shops.lease(shop_id, "second", now=after(10), until=after(20))
    assert shops.release(shop_id, "second") == "night+m1"


def test_only_the_owner_gives_a_lease_back(ledger: Ledger, shop_id: int) -> None:
    shops = ledger.shops
    shops.lease(shop_id, "first", now=NOW, until=after(10))
    shops.release(shop_id, "second")
    assert not shops.lease(shop_id, "second", now=after(1), until=after(10))
    shops.release(shop_id, "first")
    assert shops.lease(shop_id, "second", now=after(1), until=after(10))
    shops.release(new_shop_id(), "nobody")
