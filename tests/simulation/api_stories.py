"""The stories of deliveries by API: the tests of sending, taking back, reading back and of late
arrivals, each of which a mutant of the table of life may make fail.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

from chalicelib.domain.causes import IN_ASPERION, LateChange
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import EntryState
from tests.simulation.steps_by_hand import A_FILE, ANOTHER, DAY, MERCHANT, Ledger
from tests.unit.usecases import (
    test_arrivals_of_a_sale,
    test_first_invoices,
    test_reading_back,
    test_sending,
    test_sending_fenced,
    test_sending_in_doubt,
    test_taking_back,
)
from tests.unit.usecases.api_stage import ApiStage, sold
from tests.unit.usecases.late import ORDER


def is_otherwise_there_until_it_is_right_again() -> None:
    for cause in IN_ASPERION:
        ledger = _report(cause)
        entry = ledger.entry(ORDER)
        assert (entry.change, entry.there, entry.there_reported_at) == (cause, cause, ledger.now)
        assert entry.shown_print == "shown", cause
        assert ledger.take(OrderStep.SHOW_RIGHT, Actor.WATCH, cause=cause)
        entry = ledger.entry(ORDER)
        seen = (entry.change, entry.there, entry.there_reported_at, entry.shown_print)
        assert seen == (None, None, None, None), cause


def is_dealt_with_and_stays_otherwise_there() -> None:
    for cause in IN_ASPERION:
        ledger = _report(cause)
        assert ledger.take(OrderStep.ACCEPT, MERCHANT, cause=cause)
        entry = ledger.entry(ORDER)
        assert (entry.change, entry.there, entry.there_reported_at) == (None, cause, None), cause


def is_otherwise_there_whatever_happens_in_the_shop() -> None:
    for cause in IN_ASPERION:
        ledger = _report(cause)
        reported_at = ledger.now
        ledger.now += DAY
        assert ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=LateChange.EDITED)
        entry = ledger.entry(ORDER)
        assert (entry.there, entry.there_reported_at) == (cause, reported_at), cause
        assert ledger.take(OrderStep.ACCEPT, MERCHANT, cause=LateChange.EDITED)
        assert ledger.entry(ORDER).there_reported_at == reported_at, cause


def leaves_what_happened_in_the_shop_when_it_is_right_again() -> None:
    for cause in IN_ASPERION:
        ledger = _report(cause)
        assert ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=LateChange.EDITED)
        assert ledger.take(OrderStep.SHOW_RIGHT, Actor.WATCH)
        entry = ledger.entry(ORDER)
        assert (entry.change, entry.there) == (LateChange.EDITED, None), cause


def moves_only_out_of_the_delivery_that_has_it() -> None:
    ledger = Ledger()
    ledger.bring_into(EntryState.CLAIMED)
    assert not ledger.take(OrderStep.MOVE, file="own.api", former_file=ANOTHER)
    assert ledger.entry(ORDER).file == A_FILE
    assert ledger.take(OrderStep.MOVE, file="own.api", former_file=A_FILE)
    assert ledger.entry(ORDER).file == "own.api"


def is_neither_right_again_nor_deleted_where_it_never_was() -> None:
    ledger = Ledger()
    ledger.bring_into(EntryState.PLACED)
    assert not ledger.take(OrderStep.SHOW_RIGHT, Actor.WATCH)
    assert not ledger.take(OrderStep.DELETE_THERE, MERCHANT, cause=LateChange.DELETED_THERE)


def _report(cause: LateChange) -> Ledger:
    ledger = Ledger()
    ledger.bring_into(EntryState.PLACED)
    assert ledger.take(OrderStep.REPORT, Actor.WATCH, cause=cause, shown_print="shown")
    return ledger


def _set_out_taking_back() -> ApiStage:
    stage = test_taking_back.allow_deletion(ApiStage())
    stage.deliver(sold(1), sold(2))
    return stage


def _set_out_first_invoices() -> ApiStage:
    stage = ApiStage()
    stage.deliver(sold(1))
    return stage


_SOURCES: tuple[tuple[ModuleType, Callable[[], ApiStage]], ...] = (
    (test_taking_back, _set_out_taking_back),
    (test_reading_back, ApiStage),
    (test_sending_in_doubt, ApiStage),
    (test_first_invoices, _set_out_first_invoices),
    (test_arrivals_of_a_sale, ApiStage),
    (test_sending_fenced, ApiStage),
    (test_sending, ApiStage),
)
"""Modules of tests, and how the stage of each is set out, as its fixture does."""


def _list_stories() -> Iterator[Callable[[], None]]:
    """Those of the tests that need nothing but a stage, if that."""
    for module, set_out in _SOURCES:
        for name, test in vars(module).items():
            if not name.startswith("test_") or not inspect.isfunction(test):
                continue
            needs = list(inspect.signature(test).parameters)
            if needs == ["stage"]:
                yield partial(_play, test, set_out)
            elif not needs:
                yield test


def _play(test: Callable[[ApiStage], None], set_out: Callable[[], ApiStage]) -> None:
    test(set_out())


API_STORIES: tuple[Callable[[], None], ...] = (
    is_otherwise_there_until_it_is_right_again,
    is_dealt_with_and_stays_otherwise_there,
    is_otherwise_there_whatever_happens_in_the_shop,
    leaves_what_happened_in_the_shop_when_it_is_right_again,
    moves_only_out_of_the_delivery_that_has_it,
    is_neither_right_again_nor_deleted_where_it_never_was,
    *_list_stories(),
)
