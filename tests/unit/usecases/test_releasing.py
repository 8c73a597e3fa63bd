"""What was mended is looked at again at once: free, held on for the reason of now, or left to the
next run; and nothing goes into the books twice by that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import PaymentStatus
from chalicelib.errors import (
    ShopError,
    ShopNotFound,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    ShopUnreadable,
    UnknownOrder,
)
from chalicelib.usecases.operating import releasing
from chalicelib.usecases.operating.releasing import Released, release_and_judge, release_order
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

MERCHANT = Actor.MERCHANT
NO_EMAIL = {HoldReason.EMAIL_MISSING.value}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def key(number: int) -> str:
    return f"order-{number}"


def hold(stage: Stage, *numbers: int) -> None:
    """Orders without an e-mail address, held by a night."""
    for number in numbers:
        stage.receive(order(id=number, number=f"ORD{number}", email=""))
    stage.night()
    stage.api.calls.clear()


def mend(stage: Stage, *numbers: int, **changes: object) -> None:
    for number in numbers:
        known: dict[str, Any] = {"email": "klant@example.nl", **changes}
        stage.api.put(order(id=number, number=f"ORD{number}", **known))


def release(stage: Stage) -> Released:
    return release_and_judge(stage.workspace(), NO_EMAIL, by=MERCHANT)


def states(stage: Stage) -> list[EntryState]:
    return [entry.state for entry in stage.entries.items[SHOP_ID].values()]


def test_what_is_mended_is_free_and_goes_along_the_next_night(stage: Stage) -> None:
    hold(stage, 1, 2, 3)
    mend(stage, 1, 2, 3)

    assert release(stage) == Released(free=3)
    assert states(stage) == [EntryState.WAITING] * 3
    assert stage.api.calls == {"order": 3}
    assert stage.entry(key(1)).history[-1].cause is RequestCause.MENDED
    stage.night()
    assert len(stage.booked()) == 3


def test_what_is_not_mended_stays_held_and_says_so(stage: Stage) -> None:
    hold(stage, 1, 2)
    mend(stage, 2)

    assert release(stage) == Released(free=1, held={HoldReason.EMAIL_MISSING: 1})
    entry = stage.entry(key(1))
    assert (entry.state, entry.hold) == (EntryState.HELD, HoldReason.EMAIL_MISSING)
    assert entry.history[-1].step is OrderStep.HOLD_AGAIN


def test_another_reason_takes_the_place_of_the_former(stage: Stage) -> None:
    hold(stage, 1)
    mend(stage, 1, lines=())

    assert release(stage) == Released(held={HoldReason.NO_LINES: 1})
    assert stage.entry(key(1)).hold == HoldReason.NO_LINES
    assert release(stage) == Released()


def test_what_is_no_longer_due_is_left_to_the_run_that_drops_it(stage: Stage) -> None:
    hold(stage, 1)
    mend(stage, 1, payment_status=PaymentStatus.NOT_PAID)

    assert release(stage) == Released(nothing=1)
    stage.night()
    assert stage.entry(key(1)).state is EntryState.DROPPED


@pytest.mark.parametrize(
    "error",
    [
        ShopRateLimited("wait", until=FIRST_NIGHT),
        ShopUnauthorised("no", status=401),
        ShopUnavailable("down"),
        ShopError("odd"),
    ],
)
def test_a_shop_that_cannot_be_asked_leaves_all_to_the_next_run(
    stage: Stage, error: ShopError
) -> None:
    hold(stage, *range(1, 8))
    mend(stage, *range(1, 8))
    stage.api.fail(error)

    assert release(stage) == Released(later=7)
    assert states(stage) == [EntryState.WAITING] * 7
    assert stage.api.calls.total() <= 3


def test_one_order_that_is_not_there_keeps_no_other(stage: Stage) -> None:
    hold(stage, 1, 2, 3)
    mend(stage, 1, 3)
    stage.api.fail(ShopNotFound("gone", status=404), about={2})

    assert release(stage) == Released(free=2, later=1)


def test_an_order_that_cannot_be_read_is_held_for_that(stage: Stage) -> None:
    hold(stage, 1)
    stage.api.fail(ShopUnreadable("order, field priceIncl"))

    assert release(stage) == Released(held={HoldReason.UNREADABLE: 1})


def test_no_more_is_asked_than_a_page_has_time_for(stage: Stage) -> None:
    hold(stage, 1, 2, 3, 4)
    mend(stage, 1, 2, 3, 4)
    workspace = stage.workspace()

    def take_long(_: object) -> None:
        stage.now += releasing.TIME / 2

    stage.api.before_call = take_long

    assert release_and_judge(workspace, NO_EMAIL, by=MERCHANT) == Released(free=2, later=2)
    assert states(stage) == [EntryState.WAITING] * 4


def test_of_a_large_group_the_first_are_asked_for_and_all_are_free(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "MOST_JUDGED", 3)
    monkeypatch.setattr(releasing, "_AT_ONCE", 2)
    hold(stage, *range(1, 8))
    mend(stage, *range(1, 8))

    assert release(stage) == Released(free=3, later=4)
    assert stage.api.calls == {"order": 3}


def test_the_last_calls_of_the_allowance_are_left_to_the_pages(stage: Stage) -> None:
    hold(stage, 1, 2)
    mend(stage, 1, 2)
    stage.api.remaining = releasing.CALLS_LEFT

    assert release(stage) == Released(later=2)
    assert not stage.api.calls


def test_what_somebody_else_moved_meanwhile_is_left_to_that(stage: Stage) -> None:
    hold(stage, 1)
    mend(stage, 1)
    workspace = stage.workspace()
    listed = stage.entries.list_held(SHOP_ID)

    stage.entries.record_hint(SHOP_ID, listed[0].hint, at=stage.now, by=Actor.WEBHOOK)
    stage.night()
    result = releasing.judge_again(workspace, listed, by=MERCHANT, cause=RequestCause.MENDED)

    assert result == Released()
    assert stage.entry(key(1)).state is EntryState.PLACED
    assert len(stage.booked()) == 1


def test_a_document_that_is_claimed_while_it_is_read_stays_with_its_file(stage: Stage) -> None:
    hold(stage, 1)
    mend(stage, 1)
    hint = stage.entry(key(1)).hint

    def arrive(_: object) -> None:
        stage.api.before_call = lambda _: None
        stage.entries.record_hint(SHOP_ID, hint, at=stage.now, by=Actor.WEBHOOK)
        stage.night()

    stage.api.before_call = arrive

    assert release(stage) == Released()
    assert stage.entry(key(1)).state is EntryState.PLACED
    stage.night()
    assert len(stage.booked()) == 1


def test_an_order_of_a_number_nobody_knows_is_an_error(stage: Stage) -> None:
    with pytest.raises(UnknownOrder, match="ORD9"):
        release_order(stage.workspace(), "ORD9", by=MERCHANT)


def test_an_order_that_is_not_held_is_left_alone(stage: Stage) -> None:
    stage.receive(order())

    assert release_order(stage.workspace(), "ORD00412", by=MERCHANT) == Released()


def test_a_shop_without_a_licence_code_is_not_asked(stage: Stage) -> None:
    hold(stage, 1)
    mend(stage, 1)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))

    assert release(stage) == Released(later=1)
    assert not stage.api.calls
