"""A shop that SEOshop calls removed: erased once the token is refused, and not before."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.period_locks import PeriodLock
from chalicelib.domain.policy import Policy
from chalicelib.domain.shop_records import (
    ForgottenTotals,
    PassingRecord,
    SharedAddresses,
    ShopRecord,
    WatchFindings,
)
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ShopUnauthorised, ShopUnavailable, UnknownShop
from chalicelib.ports import Task
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.intake.hints import record_delivery
from chalicelib.usecases.operating.fleet import shops
from chalicelib.usecases.shop import installing, leaving
from chalicelib.usecases.shop.app_proof import AppVerdict
from chalicelib.usecases.shop.erasing import KEPT_NOTES, leave_what_is_kept
from chalicelib.usecases.shop.uninstalling import STAYS_AFTER, uninstall_shop
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.night_of_slices import send_out
from tests.unit.usecases.stage import SHOP_ID, Stage
from tests.unit.usecases.test_coming_and_going import OTHER_TOKEN, arrive

REFUSED = ShopUnauthorised("the token is refused", status=401)
KEPT = {
    *("shop_id", "state", "cluster", "language", "installed_at", "changed_at", "locks", "version"),
}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def call_removed(stage: Stage) -> Shop:
    """SEOshop's call, or a cancel link sent to the uninstall address."""
    return uninstall_shop(stage.workspace(), called_at=stage.now)


def watch(stage: Stage) -> Shop:
    """The next night's watch."""
    stage.now += timedelta(days=1)
    watch_shop(stage.connector, SHOP_ID)
    return stage.shops.records[SHOP_ID]


def steps(stage: Stage) -> list[tuple[ShopStep, Actor]]:
    return [(event.step, event.by) for event in stage.shops.audit(SHOP_ID)]


def witnesses_say(monkeypatch: pytest.MonkeyPatch, verdict: AppVerdict) -> None:
    """What other shops tell of the app's own pair."""
    where = "chalicelib.usecases.shop.uninstalling"
    monkeypatch.setattr(f"{where}.prove_app", lambda *_, **__: verdict)
    monkeypatch.setattr(f"{where}.order_witnesses", lambda *_, **__: [1])


def test_while_the_token_is_good_the_shop_works_on(stage: Stage) -> None:
    shop = call_removed(stage)

    assert (shop.state, shop.leaving_since) == (ShopState.ACTIVE, stage.now)
    assert shop.licence is not None
    assert steps(stage) == [(ShopStep.LEAVE, Actor.PLATFORM)]
    stage.receive(order())
    stage.night()
    assert [one.number for one in stage.booked()] == ["ORD00412"]


def test_called_removed_twice_it_is_leaving_since_the_first(stage: Stage) -> None:
    since = call_removed(stage).leaving_since
    stage.now += timedelta(hours=3)

    assert call_removed(stage).leaving_since == since
    assert steps(stage) == [(ShopStep.LEAVE, Actor.PLATFORM)]


@pytest.mark.parametrize("state", [ShopState.ACTIVE, ShopState.PAUSED, ShopState.INSTALLING])
def test_it_is_erased_the_night_that_the_token_is_refused(stage: Stage, state: ShopState) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))
    call_removed(stage)
    assert watch(stage).state is state
    stage.api.fail(REFUSED)

    assert watch(stage).state is ShopState.UNINSTALLED

    assert steps(stage)[-1] == (ShopStep.UNINSTALL, Actor.CONNECTOR)


def test_a_leaving_shop_whose_token_is_refused_is_erased_and_not_disconnected(
    stage: Stage,
) -> None:
    call_removed(stage)

    leaving.disconnect_shop(stage.workspace())

    assert stage.shops.records[SHOP_ID].state is ShopState.UNINSTALLED
    assert steps(stage)[-1] == (ShopStep.UNINSTALL, Actor.CONNECTOR)


def test_while_the_apps_own_pair_is_refused_nobody_is_erased(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for verdict in (AppVerdict.REFUSED, AppVerdict.UNKNOWN):
        witnesses_say(monkeypatch, verdict)
        stage.api.fail(REFUSED, "profile")
        shop = call_removed(stage)
        assert (shop.state, shop.leaving_since is not None) == (ShopState.ACTIVE, True)
        assert watch(stage).leaving_since is not None
    witnesses_say(monkeypatch, AppVerdict.ACCEPTED)
    assert watch(stage).state is ShopState.UNINSTALLED


def test_a_night_without_an_answer_erases_nobody(stage: Stage) -> None:
    call_removed(stage)
    stage.api.fail(ShopUnavailable("SEOshop gave no usable answer (503)."))

    with pytest.raises(ShopUnavailable):
        watch(stage)

    assert stage.shops.records[SHOP_ID].leaving_since is not None


def test_whoever_installed_anew_before_the_night_is_not_erased(stage: Stage) -> None:
    call_removed(stage)
    stage.now += timedelta(minutes=5)
    shop = arrive(stage, OTHER_TOKEN)
    assert shop.leaving_since is None

    assert watch(stage).state is ShopState.ACTIVE


@pytest.mark.parametrize(("opens", "stays"), [(True, True), (False, False)])
def test_after_two_weeks_it_stays_if_the_merchant_opened_the_app(
    stage: Stage, *, opens: bool, stays: bool
) -> None:
    call_removed(stage)
    stage.now += timedelta(days=3)
    if opens:
        arrive(stage)
    assert watch(stage).leaving_since is not None
    stage.now += STAYS_AFTER

    assert (watch(stage).leaving_since is None) == stays

    assert ((ShopStep.STAY, Actor.CONNECTOR) in steps(stage)) == stays
    causes = shops(stage.connector, {"shop_id": SHOP_ID})["causes"]
    assert ("long_leaving" in [each["cause"] for each in causes]) is not stays


def test_an_app_that_was_opened_before_the_call_does_not_stay(stage: Stage) -> None:
    arrive(stage)
    stage.now += timedelta(minutes=1)
    call_removed(stage)
    stage.now += STAYS_AFTER

    assert watch(stage).leaving_since is not None


def test_the_operator_sees_since_when(stage: Stage) -> None:
    call_removed(stage)
    line = shops(stage.connector, {"shop_id": SHOP_ID})
    assert line["leaving_since"] == stage.now.isoformat()
    assert "long_leaving" not in [each["cause"] for each in line["causes"]]


def test_the_watch_comes_to_every_shop_and_the_export_to_those_that_export(stage: Stage) -> None:
    for task, count in ((Task.EXPORT, 0), (Task.WATCH, 1)):
        stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))
        assert send_out(stage.connector, task) == count


# ---- What is erased ------------------------------------------------------------------------


def filled() -> Shop:
    """A shop with something in every field."""
    texts: dict[str, Any] = {}
    for each in fields(Shop):
        if "datetime" in str(each.type):
            texts[each.name] = datetime(2026, 1, 1, tzinfo=UTC)
        elif "int" in str(each.type):
            texts[each.name] = 7
        else:
            texts[each.name] = f"something of {each.name}"
    texts |= {"state": ShopState.ACTIVE, "resume_state": None, "policy": Policy(on_account=True)}
    since = datetime(2026, 1, 1, tzinfo=UTC)
    texts["locks"] = (PeriodLock(until=date(2025, 12, 31), at=since, by=Actor.MERCHANT),)
    return Shop(**texts)


def test_an_uninstallation_leaves_of_a_shop_what_is_kept_and_nothing_else() -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    before, left = filled(), leave_what_is_kept(filled(), Actor.PLATFORM, at=at)
    for each in fields(Shop):
        value = getattr(left, each.name)
        if each.name not in KEPT:
            made = each.default_factory
            assert value == (each.default if made is MISSING else made()), each.name
        elif each.name not in {"state", "changed_at"}:
            assert value == getattr(before, each.name), each.name
    assert (left.state, left.changed_at) == (ShopState.UNINSTALLED, at)


def test_every_small_record_is_kept_or_erased_on_purpose() -> None:
    """A new kind is erased unless it is listed; whoever adds one decides here."""
    erased = {
        *("app", "sweep", "source", "budget", "export", "follow-up", "watch", "addresses"),
        *("links", "sessions", "mail", "mail-progress", "installation", "choices"),
        *("joined-lists", "vat-number", "vat-standing", "distance-sales", "invitations"),
        *("asperion-tokens", "connect-requests", "read-back", "slice", "halt"),
    }
    of_no_shop = {kind.NAME for kind in get_args(PassingRecord)}
    assert {kind.NAME for kind in get_args(ShopRecord)} - KEPT_NOTES - of_no_shop == erased


def keep_notes(stage: Stage) -> None:
    stage.shops.save(SHOP_ID, WatchFindings(at=stage.now, new_methods={"k": "Klarna van De Wilg"}))
    stage.shops.save(SHOP_ID, SharedAddresses(reported=("hash-of-a-customer",)))
    stage.shops.save(SHOP_ID, ForgottenTotals(until=date(2026, 3, 1)))
    done = MigrationState.DONE
    stage.shops.save(
        SHOP_ID, Migration(state=done, first=stage.now, last=stage.now, at=stage.now, orders=3)
    )


def test_notes_that_name_something_go_with_the_shop(stage: Stage) -> None:
    keep_notes(stage)
    stage.uninstall()
    assert set(stage.shops.kept[SHOP_ID]) == {"totals", "backfill"}


def test_texts_of_the_audit_go_and_its_lines_stay(stage: Stage) -> None:
    workspace = stage.workspace()
    workspace.append_audit(ShopStep.CHANGE_SETTINGS, Actor.MERCHANT, "licence code …4711")
    workspace.append_audit(ShopStep.MEND_SUBSCRIPTIONS, Actor.CONNECTOR, "orders/paid")
    stage.uninstall()
    lines = [(event.step, event.note) for event in stage.shops.audit(SHOP_ID)]
    assert lines == [
        (ShopStep.CHANGE_SETTINGS, ""),
        (ShopStep.MEND_SUBSCRIPTIONS, "orders/paid"),
        (ShopStep.UNINSTALL, ""),
    ]


def test_what_a_run_at_work_wrote_afterwards_goes_the_next_night(stage: Stage) -> None:
    stage.uninstall()
    left_at = stage.now
    keep_notes(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, domain="de-wilg"))  # as 1.2.0 left it

    watch(stage)

    assert set(stage.shops.kept[SHOP_ID]) == {"totals", "backfill", "lifetimes"}
    assert stage.shops.records[SHOP_ID].domain == ""
    ends = {item.key: item.values.get("expires") for item in stage.shops.extract(SHOP_ID)}
    ninety_days = int((left_at + timedelta(days=90)).timestamp())
    assert ends["shop"] == ends["note#totals"] == ends["note#lifetimes"] == ninety_days


# ---- After the lifetimes ---------------------------------------------------------------------


def test_a_shop_whose_record_has_ended_begins_anew_and_books_nothing_twice(stage: Stage) -> None:
    stage.receive(order())
    stage.night()
    stage.uninstall()
    stage.now += timedelta(days=91)
    del stage.shops.records[SHOP_ID]  # as the table does
    stage.shops.kept.clear()
    with pytest.raises(UnknownShop):
        record_delivery(stage.connector, SHOP_ID, "orders-paid", b'{"order": {"id": 301204417}}')
    arrive(stage, OTHER_TOKEN)
    installing.complete_installation(stage.workspace(), licence="ASP-1", policy=Policy())
    stage.receive(order())

    stage.night()

    assert [one.number for one in stage.booked()] == ["ORD00412"]
