"""A shop whose exports do not end well does not look fine: neither to merchant nor to operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, EntryState, Hint
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.shop_records import Trouble
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.signatures import Callback
from chalicelib.domain.statement import DayStatement
from chalicelib.errors import (
    InboxBusy,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
    LicenceError,
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.operating import fleet
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.usecases.shop import installing, leaving
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order(id=1, number="ORD1"))
    return stage


def inbox_says(stage: Stage, error: Exception | None) -> None:
    if error is None:
        stage.inbox.recover()
    else:
        stage.inbox.fail(error)


def seoshop_says(stage: Stage, error: ShopError) -> None:
    stage.api.fail(error, "orders_updated_since", "profile")


def seen(stage: Stage) -> Trouble | None:
    return read_overview(stage.workspace()).trouble


def describe(stage: Stage) -> dict[str, Any]:
    return fleet.shops(stage.connector, {"shop_id": SHOP_ID})


def today(stage: Stage) -> DayStatement:
    return read_overview(stage.workspace()).days[0]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (InboxRefused("403"), TroubleCause.INBOX_REFUSED),
        (InboxBusy("429"), TroubleCause.INBOX_UNAVAILABLE),
        (InboxNotSent("no such host"), TroubleCause.INBOX_UNAVAILABLE),
        (InboxUnknown("reset"), TroubleCause.INBOX_UNKNOWN),
    ],
    ids=repr,
)
def test_an_inbox_that_takes_nothing_is_noted_with_the_first_night(
    stage: Stage, error: Exception, cause: TroubleCause
) -> None:
    inbox_says(stage, error)
    stage.inbox.mute = True
    first = stage.now + timedelta(hours=12)
    for _ in range(3):
        stage.night()
    assert seen(stage) == Trouble(cause=cause, since=first, at=first + timedelta(days=2))
    assert describe(stage)["trouble"] == {"cause": cause, "since": first.isoformat()}
    assert describe(stage)["attention"]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ShopUnavailable("502"), TroubleCause.SHOP_UNAVAILABLE),
        (ShopForbidden("403", status=403), TroubleCause.SHOP_FORBIDDEN),
        (ShopUnauthorised("401", status=401), TroubleCause.SHOP_UNAUTHORISED),
        (ShopLanguageUnknown("404", status=404), TroubleCause.LANGUAGE),
        (ShopRefused("400", status=400), TroubleCause.SHOP_REFUSED),
    ],
    ids=repr,
)
def test_a_shop_that_refuses_is_noted(stage: Stage, error: ShopError, cause: TroubleCause) -> None:
    stage.have_others()
    seoshop_says(stage, error)
    at = stage.now + timedelta(hours=12)
    stage.night()
    assert seen(stage) == Trouble(cause=cause, since=at, at=at)
    assert describe(stage)["attention"]


def test_three_orders_that_cannot_be_had_and_no_answer_at_all_are_the_shops_trouble(
    stage: Stage,
) -> None:
    stage.receive(order(id=2, number="ORD2"))
    stage.receive(order(id=3, number="ORD3"))
    stage.api.fail(ShopUnavailable("502"), "order", "profile")
    stage.night()
    trouble = seen(stage)
    assert trouble is not None
    assert trouble.cause == TroubleCause.SHOP_UNAVAILABLE


def test_another_trouble_begins_anew(stage: Stage) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    seoshop_says(stage, ShopUnavailable("502"))
    at = stage.now + timedelta(hours=12)
    stage.night()
    assert seen(stage) == Trouble(cause=TroubleCause.SHOP_UNAVAILABLE, since=at, at=at)


def test_a_night_that_ends_well_ends_the_trouble(stage: Stage) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    inbox_says(stage, None)
    stage.night()
    assert seen(stage) is None
    assert describe(stage)["trouble"] is None
    assert not describe(stage)["attention"]


def test_a_run_that_goes_on_later_leaves_the_note_as_it_is(stage: Stage) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    before = seen(stage)
    seoshop_says(stage, ShopRateLimited("429", until=stage.now + timedelta(hours=13)))
    stage.night()
    assert seen(stage) == before
    assert before is not None


def test_a_rerun_of_orders_that_places_nothing_proves_nothing(stage: Stage) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    stage.api.put(order(id=2, number="ORD2", email=""))
    rerun(stage.connector, {"shop_id": SHOP_ID, "orders": ["ORD2"]}, run="rerun")
    assert seen(stage) is not None
    inbox_says(stage, None)
    rerun(stage.connector, {"shop_id": SHOP_ID, "orders": ["ORD1"]}, run="rerun")
    assert seen(stage) is None


def test_a_shop_without_licence_code_is_left_out_with_that_reason(stage: Stage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    report = stage.night()
    ((order_, reason),) = report.skipped
    assert order_ == "shop"
    assert "no licence code" in reason
    assert report.count_waiting() == 1
    trouble = seen(stage)
    assert trouble is not None
    assert trouble.cause == TroubleCause.LICENCE


def test_a_licence_code_that_no_longer_passes_is_no_dead_letter_either(stage: Stage) -> None:
    def refuse(_: Any) -> Any:
        raise LicenceError("a licence code must not hold a slash")

    connector = replace(stage.connector, open_inbox=refuse)
    report = export_shop(connector, Job(shop_id=SHOP_ID, run="night"))
    assert report.skipped == [("shop", "a licence code must not hold a slash")]
    assert stage.entry("order-1").state is EntryState.WAITING


def test_a_shop_that_leaves_while_its_message_waits_for_the_lease_is_let_go(stage: Stage) -> None:
    lease = stage.shops.lease

    def late(*args: Any, **kwargs: Any) -> bool:
        stage.uninstall()
        return lease(*args, **kwargs)

    stage.shops.lease = late  # type: ignore[method-assign]
    assert stage.night().skipped == [("shop", "uninstalled")]


def test_a_shop_that_is_paused_while_its_message_waits_for_the_lease_keeps_its_trouble(
    stage: Stage,
) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    lease = stage.shops.lease

    def late(*args: Any, **kwargs: Any) -> bool:
        leaving.pause_shop(stage.workspace(), by=Actor.OPERATOR)
        return lease(*args, **kwargs)

    stage.shops.lease = late  # type: ignore[method-assign]
    assert stage.night().skipped == [("shop", "paused")]
    assert seen(stage) is not None


def test_coming_from_seoshop_ends_the_trouble_that_it_mends(stage: Stage) -> None:
    seoshop_says(stage, ShopUnauthorised("401", status=401))
    stage.night()
    assert seen(stage) is not None
    stage.api.recover()
    come(stage)
    assert seen(stage) is None


def test_coming_from_seoshop_mends_no_inbox(stage: Stage) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    come(stage)
    assert seen(stage) is not None
    stage.uninstall()
    assert seen(stage) is None


def come(stage: Stage) -> None:
    callback = Callback(
        shop_id=SHOP_ID, language="nl", timestamp=stage.now, cluster="eu1", token="f" * 32
    )
    installing.admit_shop(stage.connector, callback)


def test_what_waits_longer_than_a_day_and_a_half_is_overdue_however_often_it_was_tried(
    stage: Stage,
) -> None:
    inbox_says(stage, InboxRefused("403"))
    stage.night()
    assert (read_overview(stage.workspace()).overdue, describe(stage)["overdue"]) == (0, 0)
    stage.night()
    assert (read_overview(stage.workspace()).overdue, describe(stage)["overdue"]) == (1, 1)
    assert stage.entry("order-1").state is EntryState.WAITING


def test_an_order_that_seoshop_alone_cannot_give_becomes_overdue_and_asks_for_attention(
    stage: Stage,
) -> None:
    stage.api.fail(ShopUnavailable("502"), "order")
    stage.night()
    stage.night()
    assert seen(stage) is None
    assert describe(stage)["overdue"] == 1
    assert describe(stage)["attention"]


def test_an_old_order_that_was_asked_for_just_now_is_not_overdue(stage: Stage) -> None:
    stage.night()
    stage.now += timedelta(days=9)
    rerun_wish = {"shop_id": SHOP_ID, "orders": ["ORD1"], "reason": "deleted in Asperion"}
    inbox_says(stage, InboxRefused("403"))
    rerun(stage.connector, rerun_wish, run="rerun")
    assert stage.entry("order-1").state is EntryState.WAITING
    assert read_overview(stage.workspace()).overdue == 0


def test_who_goes_on_after_a_pause_is_given_the_time_to_catch_up(stage: Stage) -> None:
    leaving.pause_shop(stage.workspace(), by=Actor.MERCHANT)
    stage.now += timedelta(days=9)
    leaving.resume_shop(stage.workspace(), by=Actor.MERCHANT)
    stage.now += timedelta(hours=35)
    assert read_overview(stage.workspace()).overdue == 0
    stage.now += timedelta(hours=1)
    assert read_overview(stage.workspace()).overdue == 1


def test_nothing_is_overdue_in_a_shop_that_does_not_export(stage: Stage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))
    stage.now += timedelta(days=9)
    assert read_overview(stage.workspace()).overdue == 0


def test_a_day_counts_what_waits_from_before(stage: Stage) -> None:
    inbox_says(stage, InboxRefused("403"))
    for _ in range(5):
        stage.night()
        day = today(stage)
        assert (day.opened + day.due, day.waiting, day.verdict) == (1, 1, "right")
    inbox_says(stage, None)
    stage.night()
    assert (today(stage).waiting, today(stage).verdict) == (0, "right")


def test_a_day_whose_run_goes_on_later_counts_what_waits(stage: Stage) -> None:
    inbox_says(stage, InboxUnknown("reset"))
    stage.night()
    day = today(stage)
    assert (day.opened + day.due, day.waiting, day.verdict) == (1, 1, "running")


def test_a_waiting_correction_is_no_paid_order() -> None:
    stage = Stage()
    sold = order(id=1, number="ORD1")
    stage.receive(sold)
    stage.night()
    stage.api.put(replace(sold, status=OrderStatus.CANCELLED))
    stage.night()
    inbox_says(stage, InboxRefused("403"))
    assert request_correction(stage.workspace(), "ORD1", by=Actor.MERCHANT) == 1
    note = Hint(kind=DocumentKind.INVOICE, document_id=7, number="INV7", day=stage.now.date())
    stage.entries.record_hint(SHOP_ID, note, at=stage.now, by=Actor.MERCHANT)
    stage.night()
    assert stage.entries.count_waiting(SHOP_ID) == 2
    assert (today(stage).due, today(stage).corrections, today(stage).waiting) == (0, 2, 2)


def test_a_day_on_which_only_old_orders_wait_is_no_selling_day(stage: Stage) -> None:
    for number in range(2, 9):
        stage.api.put(order(id=number, number=f"ORD{number}"))
        stage.night()
    inbox_says(stage, InboxRefused("403"))
    stage.receive(order(id=99, number="ORD99"))
    for _ in range(5):
        stage.night()
    assert stage.watch().quiet_days is not None
