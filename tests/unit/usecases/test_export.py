"""The export of one shop: what goes along, what waits, who goes first, what is proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.shops import ShopState
from chalicelib.errors import (
    ProfileError,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.operating.overview import Headline, read_overview
from tests.fakes.documents_of_shop import order, order_line
from tests.unit.usecases.night_of_slices import send_out
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def sold(number: int, **changes: Any) -> Order:
    return order(id=301204400 + number, number=f"ORD0041{number}", **changes)


def state(stage: Stage, number: int) -> EntryState:
    return stage.entry(f"order-{301204400 + number}").state


def failing(stage: Stage, error: Exception, *, on: int | None = None) -> None:
    stage.api.fail(error, "order", about=None if on is None else (301204400 + on,))


def test_a_lost_webhook_loses_nothing(stage: Stage) -> None:
    stage.api.put(replace(sold(1), created_at=stage.now))
    stage.night()
    assert [one.number for one in stage.booked()] == ["ORD00411"]


def test_an_order_paid_in_the_morning_and_shipped_at_noon_is_still_due_at_night(
    stage: Stage,
) -> None:
    stage.receive(sold(1, status="completed_shipped"))
    stage.night()
    assert state(stage, 1) is EntryState.PLACED


def test_one_unreadable_order_is_held_and_the_others_go_on(stage: Stage) -> None:
    stage.receive(sold(1))
    stage.receive(sold(2))
    failing(stage, ShopUnreadable("field priceIncl"), on=1)
    stage.night()
    assert (state(stage, 1), state(stage, 2)) == (EntryState.HELD, EntryState.PLACED)


def test_an_order_seoshop_cannot_give_now_waits_and_the_others_go_on(stage: Stage) -> None:
    stage.receive(sold(1))
    stage.receive(sold(2))
    failing(stage, ShopUnavailable("502"), on=1)
    stage.night()
    assert (state(stage, 1), state(stage, 2)) == (EntryState.WAITING, EntryState.PLACED)


def test_a_refused_token_disconnects_the_shop_and_its_orders_wait(stage: Stage) -> None:
    stage.have_others()
    stage.receive(sold(1))
    stage.api.fail(ShopUnauthorised("401", status=401), "order", "profile")
    stage.night()
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.DISCONNECTED
    assert state(stage, 1) is EntryState.WAITING


def test_a_used_up_allowance_hands_the_job_on_and_asks_nothing_until_then(stage: Stage) -> None:
    stage.receive(sold(1))
    failing(stage, ShopRateLimited("429", until=stage.now + timedelta(hours=13)))
    stage.night()
    assert state(stage, 1) is EntryState.WAITING
    assert stage.queue.sent == [(SHOP_ID, 900)]

    stage.now -= timedelta(hours=12)
    calls = stage.api.calls.copy()
    export_shop(stage.connector, Job(shop_id=SHOP_ID, run="continued"))
    assert stage.api.calls == calls


def test_a_broken_profile_stops_the_run_before_anything_is_claimed(stage: Stage) -> None:
    def broken() -> Any:
        raise ProfileError("profile.toml:3: no such setting")

    stage.receive(sold(1))
    connector = replace(stage.connector, profile=broken)
    with pytest.raises(ProfileError, match=r"profile\.toml:3"):
        export_shop(connector, Job(shop_id=SHOP_ID, run="night"))
    assert state(stage, 1) is EntryState.WAITING


def test_the_day_is_proven_in_counts(stage: Stage) -> None:
    for number, changes in ((1, {}), (2, {"email": ""}), (3, {"status": "cancelled"})):
        stage.receive(sold(number, **changes))
    stage.night()
    (day,) = read_overview(stage.workspace()).days
    assert (day.opened, day.due, day.placed, day.dropped) == (0, 3, 1, 1)
    assert (day.held, day.waiting) == (1, 0)
    assert day.check is not None
    assert (day.check.due, day.check.missing) == (2, 0)
    assert day.verdict == "right"


def test_an_order_the_ledger_does_not_know_makes_the_day_red(stage: Stage) -> None:
    made = replace(sold(1), created_at=stage.now)
    stage.receive(made)
    forget = stage.entries.get

    def forgetful(shop_id: int, key: str) -> Any:
        entry = forget(shop_id, key)
        return None if entry is not None and entry.state is EntryState.PLACED else entry

    stage.entries.get = forgetful  # type: ignore[method-assign]
    report = stage.night()
    assert report.is_day_wrong
    assert read_overview(stage.workspace()).headline is Headline.WRONG_DAY


def test_the_daily_run_sends_one_message_for_every_shop_that_exports(stage: Stage) -> None:
    assert send_out(stage.connector) == 1
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))
    assert send_out(stage.connector, run="next night") == 0


def test_nothing_of_an_order_rests_in_ledger_queue_or_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """What a file, or what is held, adds up to is kept; here no total is of one order alone."""
    sentinels = ("Zonnebloemsma", "geheim@sentinel.example", "Sentinelstraat", "24.20")
    person = {"lastname": sentinels[0], "email": sentinels[1]}
    stage.receive(sold(1, **person))
    stage.receive(sold(2, **{**person, "email": ""}))
    stage.receive(sold(3, **person))
    cheap: Any = {
        "lines": (order_line("6.05"),),
        "price_excl": Decimal("5.00"),
        "price_incl": Decimal("6.05"),
    }
    stage.receive(sold(4, **person, **cheap))
    stage.receive(sold(5, **{**person, "email": ""}, **cheap))
    stage.receive(sold(6, **person, **cheap))
    for number in (3, 6):
        failing(stage, ShopUnavailable("502"), on=number)
    caplog.set_level(0)
    stage.night()
    kept = repr(
        (
            stage.entries.items,
            stage.connector.files.list_recent(SHOP_ID, 9),
            stage.queue.messages,
            stage.shops.kept,
            [record.__dict__ for record in caplog.records if record.name.startswith("chalice")],
        )
    )
    assert sentinels[0].encode() in next(iter(stage.inbox.files.values()))
    for sentinel in sentinels:
        assert sentinel not in kept
