"""Each of these small faults in delivering by API is caught by the simulation: sending one by one,
lost answers, moving over, tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import attrgetter
from typing import Any

import pytest

from chalicelib.domain import landing
from chalicelib.domain.content_parts import reduce_content
from chalicelib.domain.events import OrderStep
from chalicelib.domain.landing import Sought, SoughtAnswer, find_sought
from chalicelib.domain.print_keys import key_id
from chalicelib.domain.sending_progress import name_progress
from chalicelib.errors import AsperionNotSent, AsperionUnknown
from chalicelib.settings import Settings
from chalicelib.usecases.afterwards import read_deliveries, reading_back
from chalicelib.usecases.asperion_tokens import TokenKeeper
from chalicelib.usecases.filing import (
    debtors,
    delivery_ending,
    destinations,
    last_look,
    sending,
    sought_invoices,
)
from chalicelib.usecases.filing.sending_record import note_progress
from tests.simulation import sim_world
from tests.simulation.breaking import Break, find_wrong_schedule


def sends_without_a_fence(patch: pytest.MonkeyPatch) -> None:
    """A run that was held up sends on although another has ended its delivery."""
    note = note_progress

    def note_anyhow(run: Any, file: Any, read: Any, progress: Any) -> bool:
        if not note(run, file, read, progress):
            run.connector.shops.change(
                run.shop_id, type(progress), lambda kept: progress, name_progress(file.name)
            )
        return True

    patch.setattr(sending, "note_progress", note_anyhow)


def asks_too_early(patch: pytest.MonkeyPatch) -> None:
    """An invoice that is not listed yet counts as never stored."""
    patch.setattr(sim_world, "Settings", partial(Settings, proof_delay=timedelta(0)))


def sends_again_without_asking(patch: pytest.MonkeyPatch) -> None:
    """What got no answer is sent once more, and hope."""
    post = sending.Sender._post

    def post_hopefully(self: Any, key: str, concept: Any, sought: Any) -> None:
        self.run.__dict__["asperion"] = _Hopeful(self.run.asperion)
        post(self, key, concept, sought)

    patch.setattr(sending.Sender, "_post", post_hopefully)


class _Hopeful:
    def __init__(self, api: Any) -> None:
        self._api = api

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def add_invoice(self, concept: Any, debtor_id: int) -> Any:
        try:
            return self._api.add_invoice(concept, debtor_id)
        except AsperionUnknown as error:
            raise AsperionNotSent(str(error)) from error


def takes_any_invoice_of_the_customer(patch: pytest.MonkeyPatch) -> None:
    """Whatever there is of that day for that debtor will be it, whatever it says."""
    patch.setattr(landing, "description_print", lambda text, key: f"{key_id(key)}.same")
    patch.setattr(sought_invoices, "description_print", lambda text, key: f"{key_id(key)}.same")


def does_not_compare_amounts(patch: pytest.MonkeyPatch) -> None:
    """An invoice with that description is the one that was sent, whatever it comes to."""
    patch.setattr(landing, "_is_same", lambda sought, shown, key: True)


def ignores_a_second_hit(patch: pytest.MonkeyPatch) -> None:
    """Of two invoices alike the first is the one."""

    def find_first(sought: Any, found: Any, keys: Any, **known: Any) -> SoughtAnswer:
        listed = list(found)
        for one in listed:
            answer = find_sought(sought, [one], keys, **known)
            if answer.sought is Sought.SAME:
                return answer
        return find_sought(sought, listed, keys, **known)

    patch.setattr(destinations, "find_sought", find_first)


def keeps_the_totals_of_what_was_refused(patch: pytest.MonkeyPatch) -> None:
    """A delivery says it comes to all that it was made of."""

    def reduce_keys(file: Any, keys: Any, part: Any, **sought: Any) -> Any:
        whole = replace(part, cover=file.cover, returns=file.returns)
        return reduce_content(file, keys, whole, **sought)

    patch.setattr(delivery_ending, "reduce_content", reduce_keys)


def takes_the_first_debtor(patch: pytest.MonkeyPatch) -> None:
    """The oldest debtor with the address, blocked or not."""

    def look_up(run: Any, concept: Any) -> int | None:
        found = run.asperion.find_debtors(concept.debtor.email)
        if found:
            return int(found[0].id)
        return look_up_well(run, concept)

    look_up_well = debtors._look_up
    patch.setattr(debtors, "_look_up", look_up)


def forgets_to_move(patch: pytest.MonkeyPatch) -> None:
    """The document in doubt stays claimed by the delivery that is over."""
    hand_over = delivery_ending._hand_over

    def hand_over_nothing(run: Any, file: Any, own: Any, key: str, **doubt: Any) -> Any:
        return hand_over(run, file, own, "", **doubt)

    patch.setattr(delivery_ending, "_hand_over", hand_over_nothing)


def forgets_what_was_in_doubt(patch: pytest.MonkeyPatch) -> None:
    """A document whose answer was lost waits again with the others."""
    patch.setattr(delivery_ending, "_find_decision", lambda entry, file: OrderStep.RELEASE)


def renews_without_a_lease(patch: pytest.MonkeyPatch) -> None:
    """Two runs spend one refresh token."""
    patch.setattr(
        TokenKeeper,
        "_take_lease",
        lambda self, read: replace(self._read(), lease_owner=self._owner),
    )


def forgets_the_new_refresh_token(patch: pytest.MonkeyPatch) -> None:
    """What was spent is kept."""
    keep = TokenKeeper._keep

    def keep_old(self: Any, mine: Any, grant: Any) -> Any:
        return keep(self, mine, replace(grant, refresh=None))

    patch.setattr(TokenKeeper, "_keep", keep_old)


def does_not_look_at_the_way(patch: pytest.MonkeyPatch) -> None:
    """A run that began goes on the way that it began with."""
    patch.setattr(last_look, "is_of_present_destination", lambda run, file: True)
    patch.setattr(last_look, "_bearing", attrgetter("token", "policy", "locked_until"))


def asks_in_the_present_administration(patch: pytest.MonkeyPatch) -> None:
    """Wherever a document was sent, it is looked for where the shop's documents go now."""
    ask = destinations._ask_asperion

    def ask_here(run: Any, sought: Any) -> Any:
        connection = run.shop.connection
        here = connection.administration.id if connection else sought.administration_id
        return ask(run, sought and replace(sought, administration_id=here))

    patch.setattr(destinations, "_ask_asperion", ask_here)


def reads_deliveries_of_every_administration(patch: pytest.MonkeyPatch) -> None:
    """What went to a former administration is looked for in the present one."""
    patch.setattr(read_deliveries, "_list_prints", lambda workspace: _Everything())


def reads_the_books_before_the_ledger(patch: pytest.MonkeyPatch) -> None:
    """What is delivered while Asperion is read is missed there."""
    find = read_deliveries.find_deliveries

    def find_later(workspace: Any) -> Any:
        workspace.__dict__["asperion"] = _ReadBefore(workspace.asperion)
        return find(workspace)

    patch.setattr(reading_back, "find_deliveries", find_later)


class _ReadBefore:
    def __init__(self, api: Any) -> None:
        self.limit_time = api.limit_time
        self._shown = {each.id: each for each in api.list_invoices()}
        self.find_invoice = self._shown.get

    def list_invoices(self, *, day: Any, **journal: Any) -> Any:
        return (each for each in self._shown.values() if each.day == day)


class _Everything:
    def __contains__(self, one: object) -> bool:
        return True


MUTANTS: tuple[tuple[Break, str], ...] = (
    (asks_too_early, "posts"),
    (sends_again_without_asking, "posts"),
    (takes_any_invoice_of_the_customer, "posts"),
    (does_not_compare_amounts, "posts"),
    (ignores_a_second_hit, "twice"),
    (keeps_the_totals_of_what_was_refused, ""),
    (takes_the_first_debtor, "debtor blocked"),
    (forgets_to_move, "posts"),
    (forgets_what_was_in_doubt, "posts"),
    (forgets_the_new_refresh_token, "tokens"),
    (asks_in_the_present_administration, "posts"),
    (reads_deliveries_of_every_administration, "moved over"),
    (reads_the_books_before_the_ledger, "read back"),
)
OF_SEVERAL_WORKERS: tuple[tuple[Break, str], ...] = (
    (renews_without_a_lease, "looks at lists"),
    (sends_without_a_fence, ""),
    (does_not_look_at_the_way, "moved over"),
)
FIRST_SEEDS: Mapping[Break, int] = {
    takes_any_invoice_of_the_customer: 435,
    asks_in_the_present_administration: 860,
    asks_too_early: 220,
    renews_without_a_lease: 55,
    does_not_look_at_the_way: 470,
    sends_without_a_fence: 60,
    reads_the_books_before_the_ledger: 300,
}
"""Where to begin to look: the moments that show these come once in some hundreds of schedules."""


@pytest.mark.parametrize(("mutant", "sure"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    first = FIRST_SEEDS.get(mutant, 0)
    assert find_wrong_schedule(by_api=True, sure=sure, first=first) is not None


@pytest.mark.parametrize(
    ("mutant", "sure"), OF_SEVERAL_WORKERS, ids=[one.__name__ for one, _ in OF_SEVERAL_WORKERS]
)
def test_the_simulation_catches_among_several_workers(
    mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    first = FIRST_SEEDS.get(mutant, 0)
    found = find_wrong_schedule(by_api=True, crowded=True, sure=sure, first=first)
    assert found is not None
