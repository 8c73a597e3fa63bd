"""What the simulation sees of all calls of the tables, and knows because of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.domain.causes import LateChange
from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Event, FileStep, OrderStep
from chalicelib.domain.file_names import read_way
from chalicelib.domain.fleet_halt import FleetHalt
from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.sending_progress import SendingProgress
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.statement import DayStatement
from chalicelib.domain.ways import Way
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing.export import ANOTHER_RUN
from tests.fakes.open_vault import look_into
from tests.simulation.booked import SHOP_ID, read_file
from tests.simulation.delivered import list_found, list_late, read_content
from tests.simulation.journal_watch import JournalWatch
from tests.simulation.log_lines import Arguments, describe, describe_call
from tests.simulation.machine import Process
from tests.simulation.statements import check_statement
from tests.simulation.weather import WRITES

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

PLACING = (
    *(FileStep.DELIVER, FileStep.TRUST, FileStep.FIND, FileStep.CONFIRM, FileStep.TAKE_BACK),
    FileStep.SURFACE,
)
RENEWED_WITHIN = 20.0
"""Seconds, from a grant until it is kept, of a process that does not stand still."""

FILE_PROCESSES = ("send_again", "rerun")


@dataclass(slots=True)
class Placement:
    """A file that was recorded as placed on a day, and how many documents the inbox has of it.
    `is_finished`: every document knows.
    """

    day: date
    documents: int
    is_finished: bool = False


class Observer:
    """Sees every call of a table. `sent_again` counts by key the documents sent again on purpose,
    `placements` are the files that were recorded as placed, by name.

    `contradicted` are files whose step was recorded by somebody to whom the inbox had said that it
    has them, or took them. `unprovable` are those that it holds and has denied to everybody: that
    their documents go into another file cannot be helped.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.journal = JournalWatch(world)
        self.sent_again: Counter[str] = Counter()
        self.placements: dict[str, Placement] = {}
        self.fixed_at: dict[str, float] = {}
        self.is_lost = False  # the shop is disconnected
        self.own_ids: dict[str, set[int]] = {}  # Asperion's, of documents that were placed
        self.placed_by_api: dict[tuple[str, str], date] = {}
        self.is_refused = False  # its connection with Asperion is
        self.stated: dict[date, DayStatement] = {}
        self.contradicted: set[str] = set()
        self.unprovable: set[str] = set()

    def see_call(self, process: Process, table: str, name: str) -> None:
        """Before a call: whoever reads the shop knows where it stands, and whoever lists the
        statements is about to state the days.
        """
        if table == "shops" and name in ("get", "update"):
            process.read_at = self.world.machine.time
        if name == "statements":
            process.finished_before = self.count_placed(only_finished=True)

    def count_placed(self, *, only_finished: bool = False) -> Counter[date]:
        """How many documents were recorded as placed, by the day of their files. Those of a
        delivery by API are placed one by one before it is.
        """
        counted: Counter[date] = Counter()
        for placement in self.placements.values():
            if placement.is_finished or not only_finished:
                counted[placement.day] += placement.documents
        if not only_finished:
            early = (
                day for (name, _), day in self.placed_by_api.items() if name not in self.placements
            )
            counted.update(early)
        return counted

    def see_write(
        self,
        process: Process,
        name: str,
        args: Arguments,
        kwargs: dict[str, Any],
        result: Any,
    ) -> None:
        """After a call that happened."""
        world = self.world
        if name not in WRITES:
            return
        if process.reads_only and not isinstance(result, AsperionTokens):
            world.blame(f"{process.name} wrote ({name}) although it was to read only")
        if world.verbose:
            world.log(process.name, f"{name} {describe_call(args, kwargs)} -> {describe(result)}")
        self._see_result(process, name, args, result)
        world.indexes.follow()

    def _see_result(self, process: Process, name: str, args: Arguments, result: Any) -> None:
        if name in ("lease", "note_wish"):
            self._see_lease(process, name, result)
        elif name == "create":
            standings = self.world.standings
            process.policies[result.name] = standings.during(
                process.started, standings.machine.time
            )
        elif name == "record" and result is not None:
            self._see_step(process, args, result)
        else:
            self._see_record(process, args, result)

    def _see_record(self, process: Process, args: Arguments, result: Any) -> None:
        if isinstance(result, Shop):
            self._see_shop(process, result)
        elif isinstance(result, JournalEntry | DayStatement):
            self.journal.see(process, result)
            if isinstance(result, DayStatement):
                self._see_statement(process, result)
        elif isinstance(result, Migration):
            self._see_migration(result)
        elif isinstance(result, FleetHalt):
            self.world.standings.see_halt(result, self.world.shops.records[SHOP_ID])
        elif isinstance(result, SendingProgress):
            self._see_progress(process, args, result)
        elif isinstance(result, AsperionTokens):
            self._see_tokens(process, result)

    def _see_progress(self, process: Process, args: Arguments, progress: SendingProgress) -> None:
        """Whoever keeps how far a delivery has come is about to send the document it names."""
        delivery = args[-1].removeprefix(f"{SendingProgress.NAME}-")
        if progress.last is not None and not progress.is_closed:
            process.sending = (delivery, progress.last.key)

    def _see_tokens(self, process: Process, tokens: AsperionTokens) -> None:
        """A connection counts as refused only when it is, and was not lost by two who spent the
        same refresh token.
        """
        was_refused, self.is_refused = self.is_refused, tokens.refused_since is not None
        if not self.is_refused or was_refused:
            return
        asperion, refresh = self.world.asperion, look_into(tokens.refresh) or ""
        self.world.counts["connection refused"] += 1
        if refresh in asperion.identity.refresh_tokens:
            self.world.blame(f"{process.name} calls a connection refused that counts")
        spender, when = asperion.spent.get(refresh, (process, 0.0))
        is_stalled = self.world.machine.time - when > RENEWED_WITHIN
        if spender is process or refresh in asperion.unheard or is_stalled:
            return
        if not (spender.dead or spender.was_throttled):
            self.world.blame(f"{process.name} loses the connection that {spender.name} renewed")

    def _see_shop(self, process: Process, shop: Shop) -> None:
        world = self.world
        world.standings.see(shop)
        is_fine = look_into(shop.token) == world.shop.token and not world.shop.token_refused
        if world.shop.app_refused and not world.has_neighbours:
            is_fine = False  # for two nights nobody could tell the two apart
        is_lost, was_lost = shop.state is ShopState.DISCONNECTED, self.is_lost
        self.is_lost = is_lost
        if is_lost and not was_lost and is_fine:
            world.blame(f"{process.name} finds the shop disconnected, whose token is good")

    def _see_statement(self, process: Process, statement: DayStatement) -> None:
        former = self.stated.get(statement.day)
        self.stated[statement.day] = statement
        # Or else nothing was written, or a file named that surfaced since it was drawn up.
        if former is None or former.at != statement.at:
            check_statement(self.world, process, statement, former)

    def _see_lease(self, process: Process, name: str, granted: Any) -> None:
        if name == "note_wish":
            process.is_noted = process.is_noted or granted is not None
            return
        process.had_lease = process.had_lease or bool(granted)
        if granted:
            self.world.lose_lease(process)
        else:
            self.world.counts["lease refused"] += 1

    def _see_migration(self, migration: Migration) -> None:
        if not migration.after_id and migration.state is MigrationState.RUNNING:
            began = self.world.migration_began
            self.world.migration_began = self.world.machine.time if began is None else began

    def _see_step(self, process: Process, args: Arguments, result: Any) -> None:
        recorded = args[1]
        if isinstance(recorded, StepTaken):
            if recorded.event.step is OrderStep.PLACE:
                self._see_placement(recorded)
            if recorded.event.cause is LateChange.DELETED_THERE:
                self._check_deleted(process, result)
            if recorded.asperion_id is not None:
                self.own_ids.setdefault(recorded.key, set()).add(recorded.asperion_id)
            if recorded.event.step is OrderStep.SEND_AGAIN:
                self.sent_again[recorded.key] += 1
                if process.kind not in FILE_PROCESSES:
                    self.world.blame(f"{process.name} sent {recorded.key} again unasked")
        elif isinstance(result, FileEntry):
            self._see_file_step(process, recorded, result)

    def _check_deleted(self, process: Process, entry: Entry) -> None:
        """What is told to be gone is gone."""
        for books in self.world.asperion.administrations.values():
            if entry.asperion_id in books.invoices:
                self.world.blame(f"{process.name} misses {entry.key}, which Asperion has")

    def _see_placement(self, taken: StepTaken) -> None:
        name = taken.event.file or ""
        if read_way(name) is Way.API:
            self.placed_by_api[name, taken.key] = local_day(taken.event.at)

    def _see_file_step(self, process: Process, event: Event, file: FileEntry) -> None:
        self._see_outcome(process, event, file)
        if event.step in (FileStep.FIX, FileStep.RESEND):
            self.fixed_at[file.name] = self.world.machine.time
            self.world.meanwhile()
        if event.step is FileStep.FINISH and file.name in self.placements:
            self.placements[file.name].is_finished = True
        if event.step not in PLACING:
            return
        content = read_content(self.world, file.name)
        if content is None:
            self.world.blame(f"{process.name} calls {file.name} placed, which never came in")
        else:
            documents = len(read_file(content))
            if event.step is FileStep.SURFACE:  # those alone that are in no other file
                entries = self.world.entries.items[file.shop_id].values()
                documents = sum(entry.file == file.name for entry in entries)
            self.placements[file.name] = Placement(local_day(event.at), documents)

    def _see_outcome(self, process: Process, event: Event, file: FileEntry) -> None:
        """What the inbox said it had is never given up by a run, however often it says no."""
        inbox, name = self.world.inbox, file.name
        if file.way is Way.API:
            self._see_api_outcome(process, event, file)
            return
        if file.state is FileState.UNKNOWN and name in process.received:
            self.contradicted.add(name)
        if event.step not in (FileStep.MISS, FileStep.REFUSE) or name not in inbox.files:
            return
        if name in inbox.frozen:
            inbox.late.add(name)
        elif name in process.received or name in self.contradicted or name not in inbox.denied:
            self.world.blame(f"{process.name} gives {name} up, which the inbox said it had")
        else:
            self.unprovable.add(name)
            self.world.counts["double that nobody can prove"] += 1

    def _see_api_outcome(self, process: Process, event: Event, file: FileEntry) -> None:
        """What Asperion has of a delivery is never given up, but for what came in later."""
        asperion = self.world.asperion
        if file.state is FileState.UNKNOWN and len(file.keys) > 1:
            self.world.blame(f"{process.name} leaves {len(file.keys)} of {file.name} in doubt")
        if event.step is FileStep.FIND:
            self._check_found(process, file)
        if event.step not in (FileStep.MISS, FileStep.REFUSE):
            return
        if read_content(self.world, file.name) is None:
            return
        if file.name in list_late(self.world, asperion.frozen):
            self.world.inbox.late.add(file.name)
        else:
            self.world.blame(f"{process.name} gives {file.name} up, which Asperion has")

    def _check_found(self, process: Process, file: FileEntry) -> None:
        """What a run takes for its own is there once, as it was sent."""
        for key in file.keys.keys() - process.answered:
            found = list_found(self.world, key)
            if len(found) != 1 or found[0].is_changed:
                shown = [stored.shown for stored in found]
                self.world.blame(f"{process.name} takes one of {shown} for {key} of {file.name}")

    def check_arrivals(self, process: Process) -> None:
        """Whoever had a file confirmed by the inbox, and came to a good end, has told so."""
        files = self.world.files.items.get(SHOP_ID, {})
        for name in process.placed:
            if files[name].state is FileState.VOID:
                self.world.blame(f"{process.name} placed {name}, which counts as given up")

    def check_ended(self, process: Process, report: Any) -> None:
        """A message is done with: its run had the shop to itself, and goes on if it must."""
        world, queue = self.world, self.world.queue
        is_busy = report is not None and ANOTHER_RUN in report.skipped
        if is_busy and not (process.is_noted or process.sent_on):
            world.blame(f"{process.name} found another run at work, and nobody knows of it")
        exports = not (report and report.skipped and report.skipped[0][0] == "shop")
        if exports and not process.had_lease:
            world.blame(f"{process.name} is done with its message and never had the lease")
        # What could not be read of single documents is tried again the same night.
        follows = report and (report.trouble or report.resume_at or report.left)
        has_left = report and report.shop.state is ShopState.UNINSTALLED  # by this very refusal
        if process.is_barred and not (follows or has_left):
            world.blame(f"{process.name} could not read a list, and nothing follows from that")
        if report is None or report.resume_at is None or process.sent_on:
            return
        others = world.at_work["export"] > 1  # they send one, or their own message comes back
        came = queue.last_delivery > process.started  # the one that was relied on
        if not (others or came or queue.under_way or queue.dead):
            world.blame(f"{process.name} stops until {report.resume_at}; no message is under way")
