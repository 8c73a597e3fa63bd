"""Who closes a period and opens it again, and what is kept of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.period_locks import (
    LockHolder,
    LockObstacle,
    LockRefused,
    list_standing,
    mark_seat,
)
from chalicelib.domain.periods import Period
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seats import Seat, SeatRight
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import LedgerThrottled, RequestError
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.operating.closing_periods import (
    NoReason,
    close_period,
    find_new_days,
    open_period,
    read_closed_periods,
)
from tests.fakes.open_vault import seal
from tests.unit.usecases.closed_books import (
    FEBRUARY,
    MARCH,
    MERCHANT,
    audit,
    close_books,
    locked_until,
    reopen,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_closing_and_opening_stand_in_the_audit(stage: Stage) -> None:
    assert close_books(stage)
    assert not close_books(stage), "it is closed already"
    assert reopen(stage, reason="  een factuur   van de leverancier ")
    assert audit(stage) == [
        (ShopStep.LOCK, Actor.MERCHANT, "13-03-2026"),
        (ShopStep.UNLOCK, Actor.MERCHANT, "13-03-2026: een factuur van de leverancier"),
    ]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\u202eb", "a\x00b"])
def test_opening_takes_a_reason_of_one_line(stage: Stage, reason: str) -> None:
    close_books(stage)
    with pytest.raises(NoReason):
        reopen(stage, reason=reason)
    assert locked_until(stage) == MARCH


def test_opening_twice_is_opening_once(stage: Stage) -> None:
    close_books(stage)
    name = stage.workspace().shop.locks[0].name
    assert open_period(stage.workspace(), name, MERCHANT, reason="een vergissing")
    assert not open_period(stage.workspace(), name, MERCHANT, reason="een vergissing")
    assert len(audit(stage)) == 2


def test_two_who_close_at_once_both_stand(stage: Stage) -> None:
    """Each has read the shop before the other wrote."""
    one, other = stage.workspace(), stage.workspace()
    assert close_period(one, MARCH, MERCHANT)
    assert not close_period(other, MARCH, MERCHANT), "it was closed meanwhile"
    seat = take_seat(stage)
    assert close_period(other, FEBRUARY, seat)
    assert [lock.until for lock in list_standing(stage.workspace().shop.locks)] == [MARCH, FEBRUARY]
    assert len(audit(stage)) == 2


def take_seat(stage: Stage, holder: str = "key1.aaaa") -> LockHolder:
    shop = stage.workspace().shop
    seat = Seat(
        shop_id=SHOP_ID,
        holder=holder,
        address=seal("boekhouder@kantoor.example", SecretKind.SEAT_ADDRESS),
        rights=frozenset({SeatRight.LOCK}),
        installed_at=shop.installed_at,
        since=stage.now,
    )
    assert stage.shops.put_seat(seat)
    return LockHolder(Actor.BOOKKEEPER, mark_seat(seat))


def refusal(stage: Stage, holder: LockHolder) -> LockObstacle:
    with pytest.raises(LockRefused) as refused:
        reopen(stage, holder)
    return refused.value.obstacle


def test_only_the_bookkeeper_opens_what_the_bookkeeper_closed(stage: Stage) -> None:
    seat, other = take_seat(stage), take_seat(stage, "key1.bbbb")
    close_books(stage, MARCH, seat)
    assert refusal(stage, MERCHANT) is LockObstacle.NOT_YOURS
    assert refusal(stage, other) is LockObstacle.NOT_YOURS
    assert locked_until(stage) == MARCH
    assert reopen(stage, seat)
    assert [by for _, by, _ in audit(stage)] == [Actor.BOOKKEEPER] * 2


def test_the_merchant_opens_what_a_bookkeeper_closed_whose_seat_is_no_more(stage: Stage) -> None:
    seat = take_seat(stage)
    close_books(stage, MARCH, seat)
    stage.shops.remove_seat(SHOP_ID, "key1.aaaa")
    assert read_closed_periods(stage.workspace(), MERCHANT).own
    assert reopen(stage)
    assert locked_until(stage) is None


def test_what_remains_closed_is_said(stage: Stage) -> None:
    close_books(stage, FEBRUARY, take_seat(stage))
    close_books(stage, MARCH)
    closed = read_closed_periods(stage.workspace(), MERCHANT)
    assert (closed.until, closed.remains) == (MARCH, FEBRUARY)
    reopen(stage)
    assert locked_until(stage) == FEBRUARY
    assert [lock.until for lock in read_closed_periods(stage.workspace(), MERCHANT).lifted] == [
        MARCH
    ]


def test_the_watch_makes_up_for_what_a_crash_left_out_of_the_audit(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise LedgerThrottled("the tables do not answer")

    with monkeypatch.context() as broken:
        broken.setattr(stage.shops, "append_audit", crash)
        with pytest.raises(LedgerThrottled):
            close_books(stage)
        with pytest.raises(LedgerThrottled):
            reopen(stage)
    assert audit(stage) == []
    watch_shop(stage.connector, SHOP_ID)
    watch_shop(stage.connector, SHOP_ID)
    assert [step for step, _, _ in audit(stage)] == [ShopStep.LOCK, ShopStep.UNLOCK]


def test_closed_periods_outlive_an_uninstallation_without_their_reasons(stage: Stage) -> None:
    close_books(stage, FEBRUARY, take_seat(stage))
    close_books(stage, MARCH)
    reopen(stage)
    gone = stage.uninstall()
    assert gone.state is ShopState.UNINSTALLED
    assert [(lock.until, lock.lifted) for lock in gone.locks] == [(FEBRUARY, None)]
    assert all("factuur" not in note for _, _, note in audit(stage))


@pytest.mark.parametrize("state", [ShopState.INSTALLING, ShopState.UNINSTALLED])
def test_the_books_of_a_shop_that_is_not_installed_are_not_closed(
    stage: Stage, state: ShopState
) -> None:
    def move(shop: Shop) -> Shop:
        return replace(shop, state=state)

    stage.shops.update(SHOP_ID, move)
    with pytest.raises(RequestError):
        close_books(stage)
    assert not stage.shops.find_lease(SHOP_ID).is_held(stage.now)


@pytest.mark.parametrize(
    ("closed", "first"),
    [((), date(2025, 1, 1)), ((FEBRUARY,), date(2026, 3, 1)), ((MARCH,), date(2025, 1, 1))],
)
def test_what_is_shown_before_closing_is_what_was_open_until_then(
    stage: Stage, closed: Collection[date], first: date
) -> None:
    for until in closed:
        close_books(stage, until)
    assert find_new_days(stage.workspace().shop, MARCH) == Period(first, MARCH)
