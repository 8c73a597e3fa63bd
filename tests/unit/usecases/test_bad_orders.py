"""One bad order never stops its shop: it is held in sight, and the others go on."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.errors import (
    InboxUnknown,
    LedgerThrottled,
    ProfileError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopRefused,
)
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage

BAD, GOOD = 301204401, 301204402


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order(id=BAD, number="ORD-bad"))
    stage.receive(order(id=GOOD, number="ORD-good"))
    return stage


def failing(stage: Stage, error: BaseException, *, also_the_shop: bool = False) -> None:
    stage.api.fail(error, "order", about=(BAD,))
    if also_the_shop:
        stage.api.fail(error, "profile")


def states(stage: Stage) -> tuple[EntryState, EntryState]:
    return stage.entry(f"order-{BAD}").state, stage.entry(f"order-{GOOD}").state


@pytest.mark.parametrize(
    "error",
    [
        ShopRefused("SEOshop calls the request wrong", status=400),
        ShopRefused("SEOshop calls the request wrong", status=410),
        ShopRefused("SEOshop calls the request wrong", status=422),
        ValueError("s.devries@example.nl"),
        KeyError("s.devries@example.nl"),
        OverflowError("s.devries@example.nl"),
        RecursionError("s.devries@example.nl"),
    ],
    ids=repr,
)
def test_an_order_that_cannot_be_read_is_held_and_the_others_go_on(
    stage: Stage, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    failing(stage, error)
    report = stage.night()
    assert states(stage) == (EntryState.HELD, EntryState.PLACED)
    assert stage.entry(f"order-{BAD}").hold == "unreadable"
    assert report.held == [("ORD-bad", "unreadable")]
    (line,) = [each for each in caplog.records if each.getMessage() == "unreadable"]
    assert line.levelno == logging.ERROR
    assert "s.devries@example.nl" not in repr(vars(line))


def test_an_unforeseen_error_is_logged_by_kind_and_place(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    failing(stage, KeyError("s.devries@example.nl"))
    stage.night()
    (line,) = [each for each in caplog.records if each.getMessage() == "unreadable"]
    logged = vars(line)
    assert logged["error"] == "KeyError"
    assert logged["place"].startswith("seoshop.py:")


def test_it_is_read_again_once_it_changed(stage: Stage) -> None:
    failing(stage, ShopRefused("422", status=422))
    stage.night()
    stage.api.recover()
    stage.api.put(order(id=BAD, number="ORD-bad"))
    stage.night()
    assert states(stage) == (EntryState.PLACED, EntryState.PLACED)


@pytest.mark.parametrize(
    "error",
    [
        ShopRefused("SEOshop calls every request wrong", status=400),
        ShopForbidden("a permission is missing", status=403),
    ],
    ids=repr,
)
def test_what_seoshop_refuses_the_whole_shop_holds_no_order(stage: Stage, error: Exception) -> None:
    failing(stage, error, also_the_shop=True)
    report = stage.night()
    assert states(stage) == (EntryState.WAITING, EntryState.WAITING)
    assert report.skipped == [("shop", str(error))]


def test_an_unknown_language_concerns_the_whole_shop_and_says_what_helps(stage: Stage) -> None:
    failing(stage, ShopLanguageUnknown("open the app from the AppCenter again", status=404))
    report = stage.night()
    assert states(stage) == (EntryState.WAITING, EntryState.WAITING)
    assert report.held == []
    assert report.skipped == [("shop", "open the app from the AppCenter again")]


@pytest.mark.parametrize(
    "error",
    [LedgerThrottled("busy"), ProfileError("profile.toml:3"), KeyboardInterrupt(), MemoryError()],
    ids=repr,
)
def test_what_is_not_the_orders_own_trouble_is_never_swallowed(
    stage: Stage, error: BaseException
) -> None:
    failing(stage, error)
    with pytest.raises(type(error)):
        stage.night()
    assert states(stage) == (EntryState.WAITING, EntryState.WAITING)


def test_a_file_that_has_to_be_placed_again_is_not_kept_up_for_ever_by_one(stage: Stage) -> None:
    stage.inbox.fail(InboxUnknown("the answer was lost"))
    stage.night()
    assert states(stage) == (EntryState.CLAIMED, EntryState.CLAIMED)
    stage.inbox.recover()
    failing(stage, KeyError("payments"))
    stage.night()
    assert states(stage) == (EntryState.HELD, EntryState.PLACED)


def test_a_rehearsal_shows_what_the_run_would_hold(stage: Stage) -> None:
    failing(stage, ShopRefused("422", status=422))
    stage.now += timedelta(hours=12)
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "dry_run": True}, run="dry")
    assert answer["held"] == [{"order": "ORD-bad", "reason": "unreadable"}]
    assert answer["files"][0]["orders"] == ["ORD-good"]


def test_only_a_refusal_costs_a_call_more(stage: Stage) -> None:
    stage.night()
    assert stage.api.calls["profile"] == 0
    stage.api.put(order(id=GOOD + 1, number="ORD-next"))
    stage.receive(order(id=BAD + 9, number="ORD-worse"))
    stage.api.fail(ShopRefused("422", status=422), "order", about=(BAD + 9,))
    stage.night()
    assert stage.api.calls["profile"] == 1
