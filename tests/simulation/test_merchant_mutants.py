"""Each of these small faults in what a merchant may change in mid-run is caught by the simulation:
leaving, coming back, licence code, choices, source, migration, credit notes before the booking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.holds import Hold
from chalicelib.domain.shop_life import take_step
from chalicelib.usecases.afterwards import refunds
from chalicelib.usecases.filing import (
    destinations,
    export,
    last_look,
    placing,
    recovery,
    run_trouble,
    shop_check,
)
from chalicelib.usecases.intake import migration
from chalicelib.usecases.judging import one_sale, reading
from chalicelib.usecases.shop import refused_tokens
from chalicelib.usecases.shop.app_proof import AppVerdict
from chalicelib.usecases.workspace import Workspace
from tests.simulation.breaking import Break, find_wrong_schedule


def sends_to_whoever_has_left(patch: pytest.MonkeyPatch) -> None:
    """No look at the shop before the first byte."""
    patch.setattr(placing, "find_obstacle", lambda run, file: None)


def checks_the_state_alone(patch: pytest.MonkeyPatch) -> None:
    """A shop that exports may have any licence code by now."""
    patch.setattr(last_look, "_bearing", attrgetter("token"))
    patch.setattr(last_look, "_has_same_licence", lambda *_: True)
    patch.setattr(last_look, "is_of_present_destination", lambda *_: True)


def judges_by_former_choices(patch: pytest.MonkeyPatch) -> None:
    """The last look is at everything but what the merchant chose."""
    patch.setattr(last_look, "_bearing", attrgetter("token", "licence", "installed_at"))


def asks_whatever_inbox_there_is(patch: pytest.MonkeyPatch) -> None:
    """The inbox of another licence code is believed that a file is not there."""
    patch.setattr(destinations, "_open_its_inbox", lambda run, file: run.inbox)


def sends_the_same_file_to_another_code(patch: pytest.MonkeyPatch) -> None:
    """What was proven not to be at the former code goes to the present one under its old name."""
    for module in (recovery, last_look):
        patch.setattr(module, "is_of_present_destination", lambda run, file: True)


def books_a_sale_as_order_and_as_invoice(patch: pytest.MonkeyPatch) -> None:
    """No document asks for the others of its sale."""
    patch.setattr(reading, "keep_back_order", lambda *_: None)
    patch.setattr(reading, "keep_back_invoice", lambda *_: None)


def waits_for_no_other_document(patch: pytest.MonkeyPatch) -> None:
    """An invoice whose file is not decided is taken for one that is not booked."""
    keep_back = one_sale.keep_back_order

    def keep_back_rarely(*facts: Any) -> Any:
        verdict = keep_back(*facts)
        return None if isinstance(verdict, Hold) else verdict

    patch.setattr(reading, "keep_back_order", keep_back_rarely)


def disconnects_whoever_came_again(patch: pytest.MonkeyPatch) -> None:
    """The refusal of a former token is taken for one of the present."""

    def disconnect(workspace: Workspace) -> None:
        step, by = ShopStep.DISCONNECT, Actor.CONNECTOR
        workspace.update_shop(lambda one: take_step(one, step, by, at=workspace.now()))

    patch.setattr(run_trouble, "_has_come_again", lambda known, stored: False)
    patch.setattr(refused_tokens, "disconnect_shop", disconnect)
    patch.setattr(refused_tokens, "prove_app", lambda *_, **__: AppVerdict.ACCEPTED)


def compares_with_the_choices_of_before(patch: pytest.MonkeyPatch) -> None:
    """A day in which the merchant chose anew is checked as if he had chosen at its beginning."""
    check = shop_check.check_shop

    def check_from_the_start(run: Any, swept: Any, earlier: Any) -> Any:
        run.shop = replace(run.shop, changed_at=run.shop.installed_at)
        return check(run, swept, earlier)

    patch.setattr(export, "check_shop", check_from_the_start)


def migrates_nothing(patch: pytest.MonkeyPatch) -> None:
    """A migration is begun and not carried on."""
    patch.setattr(export, "advance_migration", lambda *_, **__: ([], False))


def migrates_what_was_excepted(patch: pytest.MonkeyPatch) -> None:
    """What another connector has booked is taken along."""
    tally = migration.tally_orders
    patch.setattr(migration, "tally_orders", lambda shop, page, _: tally(shop, page, frozenset()))


def tells_of_no_earlier_credit_notes(patch: pytest.MonkeyPatch) -> None:
    """What was credited before the booking is nobody's business."""
    patch.setattr(reading, "list_open_notes", lambda *_: ())
    patch.setattr(refunds, "_report_refund", lambda *_: False)


MUTANTS: tuple[tuple[Break, str], ...] = (
    (sends_to_whoever_has_left, "uninstalled"),
    (checks_the_state_alone, "licence changed"),
    (judges_by_former_choices, "policy changed"),
    (asks_whatever_inbox_there_is, "licence changed"),
    (sends_the_same_file_to_another_code, "licence changed"),
    (books_a_sale_as_order_and_as_invoice, "source changed"),
    (waits_for_no_other_document, "source changed"),
    (disconnects_whoever_came_again, "reinstalled"),
    (compares_with_the_choices_of_before, "source changed"),
    (migrates_nothing, "migration"),
    (migrates_what_was_excepted, "migration"),
    (tells_of_no_earlier_credit_notes, "migration"),
)

FIRST_SEEDS: Mapping[Break, int] = {
    sends_to_whoever_has_left: 1_580,
    sends_the_same_file_to_another_code: 1_045,
    judges_by_former_choices: 370,
    waits_for_no_other_document: 90,
    compares_with_the_choices_of_before: 115,
}
"""Where to begin to look: the moments that show these come once in some hundreds of schedules."""


@pytest.mark.parametrize(("mutant", "sure"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(sure=sure, first=FIRST_SEEDS.get(mutant, 0)) is not None
