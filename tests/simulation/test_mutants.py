"""Deliberate breakage: each of these small faults in the claim and file code is caught.

A mutant is put in place for some schedules, and at least one of them must end with wrong books.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from chalicelib.usecases.changes import noticing, refunds, rereading
from chalicelib.usecases.exporting import (
    export,
    filing,
    isolating,
    placing,
    proof,
    reading,
    recovery,
)
from chalicelib.usecases.exporting.run import Run

from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.domain import changes
from chalicelib.domain.ledger import (
    Entry,
    EntryState,
    FileState,
    LateChange,
    Outcome,
    ReleaseCause,
)
from chalicelib.errors import InboxRefused, InboxUnknown, LedgerError, ShopBusy
from chalicelib.ports import Inbox, Presence
from chalicelib.settings import Settings
from chalicelib.usecases.intake import sweep
from chalicelib.usecases.operating import settling
from tests.fakes.ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.simulation import world
from tests.simulation.schedule import play

MOST_SEEDS = 5000
Break = Callable[[pytest.MonkeyPatch], None]


def claims_without_condition(patch: pytest.MonkeyPatch) -> None:
    """Two workers may claim the same order."""

    def claim(
        self: MemoryEntries, entry: Entry, file: str, *, at: Any, by: str = "export"
    ) -> Entry | None:
        stored = self.get(entry.shop_id, entry.key)
        if stored is None:
            return None
        self._into(replace(stored, file=file), EntryState.CLAIMED, at, by, file)
        return self.get(entry.shop_id, entry.key)

    patch.setattr(MemoryEntries, "claim", claim)
    lease_for_everybody(patch)


def lease_for_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemoryShops, "lease", lambda *_, **__: True)


def places_again_without_asking(patch: pytest.MonkeyPatch) -> None:
    """An unknown file is taken for absent."""
    patch.setattr(recovery, "_ask", lambda run, file: placing.void(run, file, "surely not there"))


def asks_too_early(patch: pytest.MonkeyPatch) -> None:
    """An inbox's no counts as proof at once, while the upload is on its way."""
    patch.setattr(world, "Settings", partial(Settings, proof_delay=timedelta(0)))


def takes_a_lost_answer_for_a_no(patch: pytest.MonkeyPatch) -> None:
    """Try again and hope."""
    send = placing.send

    def hopeful(run: Run, file: Any, content: bytes) -> None:
        run.inbox = _Hopeful(run.inbox)
        send(run, file, content)

    patch.setattr(placing, "send", hopeful)


class _Hopeful:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.ask = inbox.ask

    def place(self, name: str, content: bytes) -> None:
        try:
            self._inbox.place(name, content)
        except InboxUnknown as error:
            raise InboxRefused(str(error)) from error


def tells_orders_before_the_file_is_placed(patch: pytest.MonkeyPatch) -> None:
    """Documents are marked placed before the first byte is sent."""
    send = placing.send

    def early(run: Run, file: Any, content: bytes) -> None:
        for key, print_ in file.keys.items():
            run.connector.entries.settle(
                run.shop_id,
                key,
                file=file.name,
                to=EntryState.PLACED,
                outcome=Outcome(fingerprint=print_),
                at=run.now(),
            )
        send(run, file, content)

    patch.setattr(placing, "send", early)


def believes_any_file_of_that_name(patch: pytest.MonkeyPatch) -> None:
    """What cannot be asked is taken for placed."""
    ask = recovery._ask

    def trusting(run: Run, file: Any) -> None:
        run.inbox = _Trusting()
        ask(run, file)

    patch.setattr(recovery, "_ask", trusting)


class _Trusting:
    def place(self, name: str, content: bytes) -> None:
        raise AssertionError("not asked for")

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return Presence.SAME


def forgets_void_files(patch: pytest.MonkeyPatch) -> None:
    """A refused file's orders stay claimed."""
    patch.setattr(placing, "settle_void", lambda connector, file, *_: connector.files.settle(file))
    patch.setattr(recovery, "_reclaim", lambda run, entry: None)


def does_not_recover(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recovery, "recover", lambda run: None)


def looks_at_nothing(patch: pytest.MonkeyPatch) -> None:
    """The sweep sees no order: lost webhooks stay lost."""
    patch.setattr(sweep, "_look_at", lambda *_: None)


def does_not_wait_for_unsettled_files(patch: pytest.MonkeyPatch) -> None:
    """The mark moves past what changed while its file was unfinished."""
    look_at = sweep._look_at

    def forgetful(connector: Any, shop: Any, summary: Any, seen: Any) -> None:
        look_at(connector, shop, summary, seen)
        seen.unsettled = None

    patch.setattr(sweep, "_look_at", forgetful)


def moves_files_without_condition(patch: pytest.MonkeyPatch) -> None:
    """A placed file can be moved to void by a worker that is late."""
    patch.setattr(MemoryFiles, "_as_read", lambda self, file: self.get(file.shop_id, file.name))
    lease_for_everybody(patch)


def fills_what_another_run_began(patch: pytest.MonkeyPatch) -> None:
    """A claimed file that is found is carried on with, as if its run were surely dead."""
    resume = recovery._resume

    def carry_on(run: Run, stale: Any) -> None:
        file = run.connector.files.get(run.shop_id, stale.name)
        if file is None or file.settled or file.state is not FileState.CLAIMED:
            resume(run, stale)
            return
        listed = run.connector.entries.open(run.shop_id, EntryState.CLAIMED)
        keys = [entry.key for entry in listed if entry.file == file.name]
        entries = [run.connector.entries.get(run.shop_id, key) for key in keys]
        filing.fill(run, file, [entry for entry in entries if entry is not None])

    patch.setattr(recovery, "_resume", carry_on)


def sends_however_late(patch: pytest.MonkeyPatch) -> None:
    """A run that was held up sends what others have given up meanwhile."""
    begins_within = placing.BEGINS_WITHIN
    patch.setattr(placing, "BEGINS_WITHIN", timedelta(days=1))
    patch.setattr(
        recovery,
        "placing",
        SimpleNamespace(**{**vars(placing), "BEGINS_WITHIN": begins_within}),
    )


def fixes_without_condition(patch: pytest.MonkeyPatch) -> None:
    """A file given up by one run is fixed and sent by another."""

    def fix(self: MemoryFiles, file: Any, *, keys: Any, sha256: str, size: int, at: Any) -> Any:
        stored = self.get(file.shop_id, file.name)
        assert stored is not None
        changed = replace(stored, keys=dict(keys), sha256=sha256, size=size, settled=False)
        return self._moved(changed, FileState.PLACING, at, "export")

    patch.setattr(MemoryFiles, "fix", fix)


def moves_the_mark_first(patch: pytest.MonkeyPatch) -> None:
    """The sweep's mark is moved before the pages are stored."""
    whole = sweep.sweep

    def hasty(connector: Any, shop: Any, api: Any) -> Any:
        started = connector.clock()
        connector.shops.update(shop.shop_id, lambda one: replace(one, swept_until=started))
        return whole(connector, shop, api)

    patch.setattr(export, "sweep", hasty)


def gives_everything_back_when_sending_fails(patch: pytest.MonkeyPatch) -> None:
    """An error after the file was sent puts its orders back, as one before it does."""
    fill = filing.fill

    def nervous(run: Run, file: Any, claimed: Any) -> None:
        pending = list(claimed)
        try:
            fill(run, file, pending)
        except LedgerError:
            filing._release(run, file, pending, ReleaseCause.RUN_FAILED)
            raise

    patch.setattr(filing, "fill", nervous)


def believes_the_webhook(patch: pytest.MonkeyPatch) -> None:
    """What was read once is booked later, without reading it again."""
    read = isolating.read_alone
    memory: dict[tuple[int, str], Any] = {}

    def remembered(connector: Any, shop: Any, api: Any, entry: Entry) -> Any:
        key = (id(connector.entries._target), entry.key)
        if key not in memory:
            memory[key] = read(connector, shop, api, entry)
        return memory[key]

    patch.setattr(filing, "read_alone", remembered)


def spends_the_pages_share(patch: pytest.MonkeyPatch) -> None:
    """Goes on calling although it was told that only the pages' share is left."""
    patch.setattr(RateLimit, "reserve_call", lambda self: None)


def never_hands_itself_on(patch: pytest.MonkeyPatch) -> None:
    """What a run could not finish waits for another night."""
    patch.setattr(export, "_continue_later", lambda run: None)


def drops_its_message_when_the_shop_is_busy(patch: pytest.MonkeyPatch) -> None:
    whole = export.export_shop

    def indifferent(connector: Any, job: Any) -> Any:
        try:
            return whole(connector, job)
        except ShopBusy:
            return None

    patch.setattr(export, "export_shop", indifferent)


def calls_every_day_wrong(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(proof, "_differing", lambda *_: 1)


def lets_a_person_send_again_what_may_still_arrive(patch: pytest.MonkeyPatch) -> None:
    settle = settling.settle_file

    def hasty(connector: Any, *rest: Any) -> None:
        at_once = replace(connector.settings, proof_delay=timedelta(0))
        settle(replace(connector, settings=at_once), *rest)

    patch.setattr(settling, "settle_file", hasty)


def asks_before_sending_must_have_begun(patch: pytest.MonkeyPatch) -> None:
    """A run may begin to send a while after it fixed the file."""
    patch.setattr(
        recovery,
        "placing",
        SimpleNamespace(**{**vars(placing), "BEGINS_WITHIN": timedelta(0)}),
    )


def books_credit_notes_alone(patch: pytest.MonkeyPatch) -> None:
    """A credit note does not ask whether its invoice is in the books."""
    patch.setattr(reading, "original_not_booked", lambda *_: None)


def leaves_credit_notes_to_the_merchant(patch: pytest.MonkeyPatch) -> None:
    """One that was held stays so when its invoice is booked."""
    patch.setattr(export, "free_credit_notes", lambda *_: 0)


def compares_no_invoices(patch: pytest.MonkeyPatch) -> None:
    """What becomes of an invoice after it was booked is nobody's business."""
    patch.setattr(sweep, "compare_invoice", lambda *_: False)


def takes_paid_in_part_for_unpaid(patch: pytest.MonkeyPatch) -> None:
    """The whole sale is offered to be taken back."""
    compare = changes.order_change

    def crude(*facts: Any) -> LateChange | None:
        change = compare(*facts)
        return LateChange.UNPAID if change is LateChange.PARTLY_PAID else change

    patch.setattr(noticing, "order_change", crude)


def looks_one_night_back_for_refunds(patch: pytest.MonkeyPatch) -> None:
    """However many nights the look failed."""
    patch.setattr(refunds, "_since", lambda connector, shop, now: now - refunds.LOOK_BACK)


def reads_nothing_again(patch: pytest.MonkeyPatch) -> None:
    """Only lists are compared."""
    patch.setattr(rereading, "_look_at", lambda *_: None)


def forgets_what_was_hidden(patch: pytest.MonkeyPatch) -> None:
    """A change that goes by takes with it what it hid."""
    patch.setattr(noticing, "untold", lambda entry: None)


MUTANTS: tuple[Break, ...] = (
    spends_the_pages_share,
    never_hands_itself_on,
    drops_its_message_when_the_shop_is_busy,
    calls_every_day_wrong,
    lets_a_person_send_again_what_may_still_arrive,
    asks_before_sending_must_have_begun,
    books_credit_notes_alone,
    leaves_credit_notes_to_the_merchant,
    compares_no_invoices,
    takes_paid_in_part_for_unpaid,
    looks_one_night_back_for_refunds,
    reads_nothing_again,
    forgets_what_was_hidden,
    fills_what_another_run_began,
    sends_however_late,
    fixes_without_condition,
    moves_the_mark_first,
    gives_everything_back_when_sending_fails,
    believes_the_webhook,
    claims_without_condition,
    places_again_without_asking,
    asks_too_early,
    takes_a_lost_answer_for_a_no,
    tells_orders_before_the_file_is_placed,
    believes_any_file_of_that_name,
    forgets_void_files,
    does_not_recover,
    looks_at_nothing,
    does_not_wait_for_unsettled_files,
    moves_files_without_condition,
)

OF_SEVERAL_WORKERS = (
    asks_before_sending_must_have_begun,
    fills_what_another_run_began,
    sends_however_late,
    fixes_without_condition,
    claims_without_condition,
    moves_files_without_condition,
)
"""These need several workers at once, which most schedules do not have."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    crowded = mutant in OF_SEVERAL_WORKERS
    caught = next((n for n in range(MOST_SEEDS) if play(n, crowded=crowded).wrong), None)
    assert caught is not None, f"{mutant.__name__} survives {MOST_SEEDS} schedules"
