"""A period is closed and opened again while nights go on: nothing is booked in it any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, FileStep, OrderStep, ShopStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.domain.orders import Order
from chalicelib.domain.period_locks import (
    LockHolder,
    LockObstacle,
    LockRefused,
    list_standing,
    mark_seat,
)
from chalicelib.domain.periods import Period
from chalicelib.domain.policy import LateOrders, Source
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seats import Seat, SeatRight
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import InboxUnknown, LedgerThrottled, RequestError, ShopBusy
from chalicelib.ports import Task
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.judging.trying_out import try_out
from chalicelib.usecases.operating.closing_periods import (
    NoReason,
    Unconfirmed,
    close_period,
    find_new_days,
    list_unsure_files,
    open_period,
    read_closed_periods,
)
from chalicelib.usecases.operating.rebuilding import rebuild_file
from chalicelib.usecases.operating.rebuilt_files import Likeness, Rebuilt
from chalicelib.usecases.operating.releasing import release_and_judge
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, item, order
from tests.fakes.open_vault import seal
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY = "order-301204417"
FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 13)
"""The nights begin on 15 March 2026; "March" is closed up to its 13th."""
MERCHANT = LockHolder(Actor.MERCHANT)
LATE = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def sell(stage: Stage, number: int = 1, **facts: Any) -> Order:
    """A paid order of 10 March, of which a webhook tells now."""
    one = order(
        **{"id": 301204416 + number, "number": f"ORD0041{number}", "created_at": LATE, **facts}
    )
    stage.receive(one)
    return one


def close(stage: Stage, until: date = MARCH, holder: LockHolder = MERCHANT, **more: Any) -> bool:
    return close_period(stage.workspace(), until, holder, **more)


def reopen(stage: Stage, holder: LockHolder = MERCHANT, reason: str = "vergeten factuur") -> bool:
    name = list_standing(stage.workspace().shop.locks)[0].name
    return open_period(stage.workspace(), name, holder, reason=reason)


def audit(stage: Stage) -> list[tuple[ShopStep, Actor, str]]:
    lines = stage.shops.audit(SHOP_ID)
    steps = (ShopStep.LOCK, ShopStep.UNLOCK)
    return [(one.step, one.by, one.note) for one in lines if one.step in steps]


def booked_days(stage: Stage) -> list[tuple[date, str]]:
    return [(one.date, one.description) for one in stage.booked()]


def locked_until(stage: Stage) -> date | None:
    return stage.workspace().shop.locked_until


def choose(stage: Stage, **choices: Any) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=replace(shop.policy, **choices)))


def last_file(stage: Stage) -> FileEntry:
    return stage.connector.files.list_recent(SHOP_ID, 1)[0]


def is_original(stage: Stage) -> bool:
    made = rebuild_file(stage.workspace(), last_file(stage).name)
    assert isinstance(made, Rebuilt), made
    same = made.content == stage.inbox.files[last_file(stage).name]
    return made.likeness is Likeness.ORIGINAL and same


def meanwhile(stage: Stage, deed: Any) -> None:
    """While a run reads its order, somebody does something."""

    def interrupt(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            deed()

    stage.api.before_call = interrupt


def force(stage: Stage, until: date) -> None:
    """The lock as it is stored, whoever has the lease: as if the run at work had lost it."""
    other = Stage()
    close(other, until)
    locks = other.workspace().shop.locks
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, locks=locks))


# ---- what comes late ----------------------------------------------------------------------------


def test_a_latecomer_is_booked_on_the_first_open_day(stage: Stage) -> None:
    sell(stage)
    close(stage)
    stage.night()
    assert booked_days(stage) == [
        (date(2026, 3, 14), "Bestelling ORD00411 (datum 10-03-2026, periode afgesloten)")
    ]


def test_a_latecomer_is_held_and_goes_on_by_itself_when_the_period_is_open(stage: Stage) -> None:
    choose(stage, late_orders=LateOrders.HOLD)
    sell(stage)
    close(stage)
    stage.night()
    held = stage.entry(KEY)
    assert (held.state, held.hold, held.hold_detail) == (
        EntryState.HELD,
        HoldReason.PERIOD_LOCKED,
        "2026-03-13",
    )
    stage.night()
    assert len(stage.entry(KEY).history) == len(held.history), "nothing is tried that cannot help"
    reopen(stage)
    stage.night()
    assert booked_days(stage) == [(date(2026, 3, 10), "Bestelling ORD00411")]


def test_a_latecomer_goes_on_by_itself_when_the_choice_changes(stage: Stage) -> None:
    choose(stage, late_orders=LateOrders.HOLD)
    sell(stage)
    close(stage)
    stage.night()
    choose(stage, late_orders=LateOrders.NEXT)
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)]
    steps = [event.step for event in stage.entry(KEY).history]
    assert OrderStep.FREE in steps


def test_a_latecomer_that_is_looked_at_meanwhile_stays_held(stage: Stage) -> None:
    choose(stage, late_orders=LateOrders.HOLD)
    sell(stage)
    close(stage)
    stage.night()
    release_and_judge(stage.workspace(), {"period_locked"}, by=Actor.MERCHANT)
    assert stage.entry(KEY).state is EntryState.HELD
    reopen(stage)
    release_and_judge(stage.workspace(), {"period_locked"}, by=Actor.MERCHANT)
    assert stage.entry(KEY).state is EntryState.WAITING


def test_looks_and_rehearsals_judge_as_the_night_would(stage: Stage) -> None:
    sell(stage)
    close(stage)
    tried = try_out(stage.workspace(), numbers=["ORD00411"])
    assert [one.day for one in tried.invoices] == [date(2026, 3, 14)]
    choose(stage, late_orders=LateOrders.HOLD)
    rehearsed = rerun(stage.connector, {"shop_id": SHOP_ID, "dry_run": True}, run="rerun/1")
    assert rehearsed["held"] == [{"order": "ORD00411", "reason": "period_locked"}]


def test_nothing_is_reported_as_changed_by_a_closed_period(stage: Stage) -> None:
    sold = sell(stage)
    stage.night()
    close(stage)
    stage.api.put(replace(sold, updated_at=stage.now))
    stage.night()
    stage.watch()
    entry = stage.entry(KEY)
    assert (entry.state, entry.change) == (EntryState.PLACED, None)


def test_an_order_of_a_closed_period_is_taken_back_on_a_day_that_is_open(stage: Stage) -> None:
    sold = sell(stage)
    stage.night()
    close(stage)
    stage.api.put(replace(sold, status=type(sold.status)("cancelled"), updated_at=stage.now))
    stage.night()
    assert request_correction(stage.workspace(), sold.number, by=Actor.MERCHANT) == 1
    stage.night()
    [(first, _), (second, text)] = booked_days(stage)
    assert first == date(2026, 3, 10)
    assert second > MARCH
    assert text == "Correctie bestelling ORD00411"
    assert is_original(stage)


def test_a_credit_note_of_a_closed_day_is_late_and_its_invoice_with_it(stage: Stage) -> None:
    choose(stage, source=Source.INVOICES)
    bill = invoice(created_at=LATE, updated_at=stage.now, order_id=301204417)
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=bill.id,
        created_at=LATE + timedelta(days=1),
        updated_at=stage.now,
        order_id=301204417,
    )
    stage.api.items[note.id] = [item("24.20")]
    stage.api.put(order(created_at=LATE, updated_at=stage.now, invoices=(bill, note)))
    close(stage)
    stage.night()
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)] * 2
    assert all("periode afgesloten" in text for _, text in booked_days(stage))


# ---- a file made once more ----------------------------------------------------------------------


@pytest.mark.parametrize("late_orders", LateOrders)
def test_a_file_comes_out_as_it_was_after_its_period_was_closed(
    stage: Stage, late_orders: LateOrders
) -> None:
    sell(stage)
    stage.night()
    choose(stage, late_orders=late_orders)
    close(stage)
    assert is_original(stage)


@pytest.mark.parametrize("late_orders", LateOrders)
def test_a_file_with_late_documents_comes_out_as_it_was_when_the_period_is_open_again(
    stage: Stage, late_orders: LateOrders
) -> None:
    sell(stage)
    close(stage)
    stage.night()
    assert is_original(stage)
    reopen(stage)
    choose(stage, late_orders=late_orders)
    assert is_original(stage)
    close(stage, stage.now.date() - timedelta(days=1))
    assert is_original(stage)


def test_a_file_of_an_earlier_version_comes_out_as_it_was(stage: Stage) -> None:
    """It says nothing of a closed period, and there was none."""
    sell(stage)
    stage.night()
    assert last_file(stage).locked_until is None
    close(stage)
    assert is_original(stage)


# ---- what is under way --------------------------------------------------------------------------


def test_a_period_that_is_closed_while_a_file_is_made_stops_it(stage: Stage) -> None:
    sell(stage)
    meanwhile(stage, lambda: force(stage, MARCH))
    run = export_shop(stage.connector, Job(shop_id=SHOP_ID, run="run"))
    assert stage.inbox.files == {}
    assert [file.state for file in run.files] == [FileState.VOID]
    assert stage.entry(KEY).history[-1].cause is ReleaseCause.SHOP_CHANGED
    stage.export_later(minutes=1)
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)]


def test_a_period_that_is_opened_while_a_file_is_made_lets_it_be_made_anew(stage: Stage) -> None:
    sell(stage)
    close(stage)
    meanwhile(stage, lambda: reopen(stage))
    export_shop(stage.connector, Job(shop_id=SHOP_ID, run="run"))
    stage.export_later(minutes=1)
    assert booked_days(stage) == [(date(2026, 3, 10), "Bestelling ORD00411")]


def test_no_period_is_closed_while_a_run_is_at_work(stage: Stage) -> None:
    sell(stage)
    refused: list[type[Exception]] = []

    def try_to_close() -> None:
        with pytest.raises(ShopBusy) as error:
            close(stage)
        refused.append(error.type)

    meanwhile(stage, try_to_close)
    stage.night()
    assert refused == [ShopBusy]
    assert locked_until(stage) is None
    assert audit(stage) == []
    assert close(stage), "and afterwards it is"


def test_a_run_that_comes_while_a_period_is_being_closed_comes_after_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(stage)
    read = list_unsure_files

    def run_meanwhile(*args: Any) -> list[FileEntry]:
        run = export_shop(stage.connector, Job(shop_id=SHOP_ID, run="night/1"))
        assert [one.order for one in run.skipped] == ["shop"]
        return read(*args)

    monkeypatch.setattr(
        "chalicelib.usecases.operating.closing_periods.list_unsure_files", run_meanwhile
    )
    assert close(stage)
    assert Task.WISH in [message.task for message in stage.queue.messages]
    assert stage.inbox.files == {}


def lose(stage: Stage, *, arrives: bool) -> FileEntry:
    """A file of which nobody knows whether it arrived."""
    sell(stage)
    stage.inbox.fail(InboxUnknown("lost"), times=1, though_stored=arrives)
    stage.inbox.mute = arrives
    stage.night()
    file = last_file(stage)
    assert file.state is FileState.UNKNOWN
    return file


def test_files_that_may_still_come_in_are_named_and_have_to_be_confirmed(stage: Stage) -> None:
    file = lose(stage, arrives=True)
    with pytest.raises(Unconfirmed) as asked:
        close(stage)
    assert [one.name for one in asked.value.files] == [file.name]
    assert locked_until(stage) is None
    with pytest.raises(Unconfirmed):
        close(stage, confirmed=["axml-orders-20260101-184520-001.xml"])
    assert close(stage, confirmed=[file.name])
    assert not stage.shops.find_lease(SHOP_ID).is_held(stage.now)


def test_a_file_that_never_arrived_is_not_sent_again_into_a_closed_period(stage: Stage) -> None:
    lost = lose(stage, arrives=False)
    close(stage, confirmed=[lost.name])
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)]
    assert lost.name not in stage.inbox.files
    kept = stage.connector.files.get(SHOP_ID, lost.name)
    assert kept is not None
    assert kept.history[-2].step is FileStep.MISS
    assert stage.entry(KEY).state is EntryState.PLACED


def test_a_file_that_never_arrived_and_has_no_closed_day_is_sent_again(stage: Stage) -> None:
    lost = lose(stage, arrives=False)
    close(stage, FEBRUARY, confirmed=[lost.name])
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 10)]
    assert is_original(stage)


# ---- who, and what is kept of it ----------------------------------------------------------------


def test_closing_and_opening_stand_in_the_audit(stage: Stage) -> None:
    assert close(stage)
    assert not close(stage), "it is closed already"
    assert reopen(stage, reason="  een factuur   van de leverancier ")
    assert audit(stage) == [
        (ShopStep.LOCK, Actor.MERCHANT, "13-03-2026"),
        (ShopStep.UNLOCK, Actor.MERCHANT, "13-03-2026: een factuur van de leverancier"),
    ]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\u202eb", "a\x00b"])
def test_opening_takes_a_reason_of_one_line(stage: Stage, reason: str) -> None:
    close(stage)
    with pytest.raises(NoReason):
        reopen(stage, reason=reason)
    assert locked_until(stage) == MARCH


def test_opening_twice_is_opening_once(stage: Stage) -> None:
    close(stage)
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
    close(stage, MARCH, seat)
    assert refusal(stage, MERCHANT) is LockObstacle.NOT_YOURS
    assert refusal(stage, other) is LockObstacle.NOT_YOURS
    assert locked_until(stage) == MARCH
    assert reopen(stage, seat)
    assert [by for _, by, _ in audit(stage)] == [Actor.BOOKKEEPER] * 2


def test_the_merchant_opens_what_a_bookkeeper_closed_whose_seat_is_no_more(stage: Stage) -> None:
    seat = take_seat(stage)
    close(stage, MARCH, seat)
    stage.shops.remove_seat(SHOP_ID, "key1.aaaa")
    assert read_closed_periods(stage.workspace(), MERCHANT).own
    assert reopen(stage)
    assert locked_until(stage) is None


def test_what_remains_closed_is_said(stage: Stage) -> None:
    close(stage, FEBRUARY, take_seat(stage))
    close(stage, MARCH)
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
            close(stage)
        with pytest.raises(LedgerThrottled):
            reopen(stage)
    assert audit(stage) == []
    watch_shop(stage.connector, SHOP_ID)
    watch_shop(stage.connector, SHOP_ID)
    assert [step for step, _, _ in audit(stage)] == [ShopStep.LOCK, ShopStep.UNLOCK]


def test_closed_periods_outlive_an_uninstallation_without_their_reasons(stage: Stage) -> None:
    close(stage, FEBRUARY, take_seat(stage))
    close(stage, MARCH)
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
        close(stage)
    assert not stage.shops.find_lease(SHOP_ID).is_held(stage.now)


@pytest.mark.parametrize(
    ("closed", "first"),
    [((), date(2025, 1, 1)), ((FEBRUARY,), date(2026, 3, 1)), ((MARCH,), date(2025, 1, 1))],
)
def test_what_is_looked_at_before_closing_is_what_was_open_until_then(
    stage: Stage, closed: Collection[date], first: date
) -> None:
    for until in closed:
        close(stage, until)
    assert find_new_days(stage.workspace().shop, MARCH) == Period(first, MARCH)
