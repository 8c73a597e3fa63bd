"""Each of these small faults in sweeping, judging and comparing is caught by the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.domain import changes
from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import Entry
from chalicelib.usecases.afterwards import refunds, rereading
from chalicelib.usecases.filing import claimed_documents, day, day_account, export, shop_check
from chalicelib.usecases.intake import sweep
from chalicelib.usecases.judging import comparing, isolating, reading
from tests.simulation.breaking import Break, find_wrong_schedule


def sweeps_nothing(patch: pytest.MonkeyPatch) -> None:
    """The sweep sees no order: lost webhooks stay lost."""
    patch.setattr(sweep, "_sweep_order", lambda *_: None)


def does_not_wait_for_unfinished_files(patch: pytest.MonkeyPatch) -> None:
    """The next sweep begins after what changed while its file was unfinished."""
    patch.setattr(sweep, "_wait_for_file", lambda *_: None)


def ends_the_sweep_first(patch: pytest.MonkeyPatch) -> None:
    """The shop's `swept_until` is moved before the pages are stored."""
    whole = sweep.sweep_shop

    def sweep_hastily(workspace: Any, **kwargs: Any) -> Any:
        started = workspace.now()
        workspace.connector.shops.update(
            workspace.shop_id, lambda one: replace(one, swept_until=started)
        )
        return whole(workspace, **kwargs)

    patch.setattr(export, "sweep_shop", sweep_hastily)


def believes_the_webhook(patch: pytest.MonkeyPatch) -> None:
    """What was read once is booked later, without reading it again."""
    read = isolating.read_isolated
    memory: dict[tuple[int, str], Any] = {}

    def remember(workspace: Any, entry: Entry) -> Any:
        key = (id(workspace.connector.entries._target), entry.key)
        if key not in memory:
            memory[key] = read(workspace, entry)
        return memory[key]

    patch.setattr(claimed_documents, "read_isolated", remember)


def spends_the_pages_share(patch: pytest.MonkeyPatch) -> None:
    """Goes on calling although it learned that only the pages' share is left."""
    patch.setattr(RateLimit, "reserve_call", lambda self: None)


def calls_every_day_wrong(patch: pytest.MonkeyPatch) -> None:
    """The check of the shop's list always finds something."""
    patch.setattr(shop_check, "_find_differing", lambda run, due, *_: set(due))


def states_only_lists(patch: pytest.MonkeyPatch) -> None:
    """The day's statement knows no documents but those that are still open."""
    documents = day_account.documents_since
    patch.setattr(
        day,
        "documents_since",
        lambda workspace, files, listed: documents(workspace, (), listed),
    )


def states_nothing_twice(patch: pytest.MonkeyPatch) -> None:
    """What happened in a day after its last run is on no statement."""
    patch.setattr(day, "_first_day", lambda run, kept, last, today: today)


def books_credit_notes_alone(patch: pytest.MonkeyPatch) -> None:
    """A credit note does not ask whether its invoice is in the books."""
    patch.setattr(reading, "original_not_booked", lambda *_: None)


def leaves_credit_notes_to_the_merchant(patch: pytest.MonkeyPatch) -> None:
    """One that was held stays so when its invoice is booked."""
    patch.setattr(export, "free_held", lambda *_: [])


def compares_no_invoices(patch: pytest.MonkeyPatch) -> None:
    """What becomes of an invoice after it was booked is nobody's business."""
    patch.setattr(sweep, "compare_invoice", lambda *_: False)


def takes_paid_in_part_for_unpaid(patch: pytest.MonkeyPatch) -> None:
    """The whole sale is offered to be taken back."""
    compare = changes.order_change

    def compare_crudely(*facts: Any) -> LateChange | None:
        change = compare(*facts)
        return LateChange.UNPAID if change is LateChange.PARTLY_PAID else change

    patch.setattr(comparing, "order_change", compare_crudely)


def searches_one_night_for_refunds(patch: pytest.MonkeyPatch) -> None:
    """However many nights the search failed."""
    patch.setattr(refunds, "_search_from", lambda _, kept, now: now - refunds.REACHES_BACK)


def reads_nothing_again(patch: pytest.MonkeyPatch) -> None:
    """Only lists are compared."""
    patch.setattr(rereading, "_reread", lambda *_: None)


def forgets_what_was_hidden(patch: pytest.MonkeyPatch) -> None:
    """A change that goes by takes with it what it hid."""
    patch.setattr(comparing, "hidden_change", lambda entry: None)


MUTANTS: tuple[Break, ...] = (
    sweeps_nothing,
    does_not_wait_for_unfinished_files,
    ends_the_sweep_first,
    believes_the_webhook,
    spends_the_pages_share,
    calls_every_day_wrong,
    states_only_lists,
    states_nothing_twice,
    books_credit_notes_alone,
    leaves_credit_notes_to_the_merchant,
    compares_no_invoices,
    takes_paid_in_part_for_unpaid,
    searches_one_night_for_refunds,
    reads_nothing_again,
    forgets_what_was_hidden,
)

FIRST_SEEDS: Mapping[Break, int] = {
    compares_no_invoices: 550,
    does_not_wait_for_unfinished_files: 760,
    ends_the_sweep_first: 50,
    takes_paid_in_part_for_unpaid: 595,
    reads_nothing_again: 200,
    forgets_what_was_hidden: 70,
}
"""Where to begin to look: the moments that show these come once in some hundreds of schedules."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(crowded=False, first=FIRST_SEEDS.get(mutant, 0)) is not None
