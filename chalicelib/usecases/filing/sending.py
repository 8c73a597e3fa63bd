"""Deliver documents by API: one after another, and the fate of each is recorded at once.

Before a document is posted the record of the delivery's progress names it; so at any moment no more
than one of a delivery can be in doubt, and whoever finds the delivery broken off knows which
(`delivery_ending`). A run whose record somebody else has changed sends nothing more.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.concepts import Concept, ShownInvoice, SoughtInvoice
from chalicelib.domain.days import local_day
from chalicelib.domain.events import FileStep, OrderStep
from chalicelib.domain.holds import HeldBack, Hold, HoldReason
from chalicelib.domain.landing import amounts_print
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.refused_fields import RefusedField, choose_field
from chalicelib.domain.sending_progress import SendingProgress, SentDocument
from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionInvalid,
    AsperionUnknown,
    VaultError,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.claimed_documents import record_verdict
from chalicelib.usecases.filing.debtors import find_debtor
from chalicelib.usecases.filing.delivery_ending import Doubt, end_delivery
from chalicelib.usecases.filing.delivery_parts import Concepts, add_up_part
from chalicelib.usecases.filing.judged_documents import JudgedDocuments
from chalicelib.usecases.filing.last_look import find_obstacle
from chalicelib.usecases.filing.placement import make_document_placement
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.filing.run_trouble import find_release_cause, meet_closed_vault
from chalicelib.usecases.filing.sending_record import forget_progress, note_progress
from chalicelib.usecases.filing.sought_invoices import describe_sought, is_sent_before
from chalicelib.usecases.judging.reading import hold_credit_notes

log = logging.getLogger(__name__)

CHECKED_AFTER = timedelta(seconds=10)
"""How long a look at the shop counts: what is sent of a long delivery is judged by its choices of
now, and goes to its administration of now.
"""

MOST_REFUSALS = 5
"""So many documents in a row, none taken in between, refused for the same field: then it is not
these documents that are wrong.
"""


@dataclass(kw_only=True)
class Sender:
    """One run that sends one delivery. `progress` is the record as this run wrote it last,
    `claimed` are the documents by ledger key. `doubt` is set when the document that was sent last
    may be in Asperion or not, `is_fenced` when another run has the delivery in hand.
    """

    run: Run
    file: FileEntry
    concepts: Concepts
    documents: JudgedDocuments
    claimed: Mapping[str, Entry]
    progress: SendingProgress
    doubt: Doubt | None = None
    is_fenced: bool = False
    _checked_at: datetime = field(init=False)
    _held: set[str] = field(default_factory=set)
    _placed: set[str] = field(default_factory=set)

    def send(self) -> None:
        """Send what can be sent, and end the delivery; nothing when the last look finds an obstacle
        to that.
        """
        self._checked_at = self.run.now()
        if (obstacle := find_obstacle(self.run, self.file)) is not None:
            placing.void_file(self.run, self.file, FileStep.REFUSE, cause=obstacle)
            forget_progress(self.run, self.file)
            return
        for key, concept in self.concepts.items():
            if not self._may_go_on():
                break
            if key not in self._held:
                self._deliver(key, concept)
        if not self.is_fenced:
            end_delivery(self.run, self.file, self.doubt)

    def _may_go_on(self) -> bool:
        """Whether another document may be sent."""
        run = self.run
        if run.now() >= run.stop_at:
            run.stop(ReleaseCause.TIME, resume_at=run.now())
        return run.stopped_by is None

    def _deliver(self, key: str, concept: Concept) -> None:
        """Send one document. Raises `LeaseLost`."""
        run, entry = self.run, self.claimed[key]
        if run.lease is not None:
            run.lease.renew_when_due()
        try:
            debtor_id = find_debtor(run, concept)
            sought = describe_sought(run, concept, debtor_id, entry)
            is_there = is_sent_before(run, concept, sought, entry)
        except HeldBack as error:
            self._hold(key, error.hold)
            return
        except (AsperionError, VaultError) as error:
            self._meet(key, error)
            return
        if not self._take_up(key, sought):
            return
        if is_there:
            self._doubt(Doubt())
        else:
            self._post(key, concept, sought)

    def _take_up(self, key: str, sought: SoughtInvoice) -> bool:
        """Name the document in the record; False when it may not be sent. All documents of a
        delivery are placed on one day, as it is itself.
        """
        if (obstacle := self._find_obstacle()) is not None:
            self._give_back(key, obstacle)
            return False
        so_far, at = self._so_far(), self.run.now()
        if local_day(at) != local_day(self.file.since):
            self._give_back(key, ReleaseCause.TIME)
            self.run.stop(ReleaseCause.TIME, resume_at=at)
            return False
        next_ = replace(
            so_far,
            at=at,
            last=SentDocument(
                key=key,
                sought=sought,
                alone=add_up_part(self.concepts, self.documents, [key]),
                together=add_up_part(self.concepts, self.documents, [*so_far.placed, key]),
            ),
        )
        if not note_progress(self.run, self.file, self.progress, next_):
            self._meet_another_run()
            return False
        self.progress = next_
        if self.run.now() - next_.at > placing.BEGINS_WITHIN:
            log.error("held up, nothing was sent", extra=self._named())
            resume_at = self.run.now() + self.run.connector.settings.proof_delay
            self._give_back(key, ReleaseCause.HELD_UP)
            self.run.stop(ReleaseCause.HELD_UP, resume_at=resume_at)
            return False
        return True

    def _find_obstacle(self) -> ReleaseCause | None:
        """Why no more may be sent, if anything; the shop is looked at again after a while."""
        now = self.run.now()
        if now - self._checked_at <= CHECKED_AFTER:
            return None
        self._checked_at = now
        return find_obstacle(self.run, self.file)

    def _so_far(self) -> SendingProgress:
        last = self.progress.last
        is_placed = last is not None and last.key in self._placed
        return self.progress.take_last() if is_placed else self.progress

    def _post(self, key: str, concept: Concept, sought: SoughtInvoice) -> None:
        try:
            shown = self.run.asperion.add_invoice(concept, sought.debtor_id)
        except AsperionUnknown:
            self._doubt(Doubt())
        except (AsperionError, VaultError) as error:
            self._meet(key, error)
        else:
            self._place(key, sought, shown)

    def _place(self, key: str, sought: SoughtInvoice, shown: ShownInvoice | None) -> None:
        """Asperion took the document; it counts as placed if that is what it shows."""
        if shown is None:
            self._doubt(Doubt())
            return
        print_key = self.run.prints_keys[0]
        if amounts_print(shown.codes, shown.day, print_key) != sought.amounts_print:
            log.error("Asperion shows another amount", extra=self._named())
            self._doubt(Doubt(is_different=True, invoice_id=shown.id))
            return
        taken = make_document_placement(
            self.file,
            key,
            replace(sought, invoice_id=shown.id),
            at=self.progress.at,
            by=self.run.by,
            is_of_several=sought.debtor_id in self.run.shared_debtors,
        )
        if self.run.connector.entries.record(self.run.shop_id, taken) is None:
            placing.place_moved_document(self.run, self.file, key, shown.id)
            self._meet_another_run()
            return
        self._placed.add(key)
        self.run.refusals.clear()

    def _meet(self, key: str, error: AsperionError | VaultError) -> None:
        """Nothing was stored: the document is held for what Asperion refuses of it, or it waits,
        and so do all others. Asperion may ask for a pause between documents; where it takes none at
        all, it is as good as out of reach.
        """
        if isinstance(error, AsperionInvalid):
            self._meet_refusal(key, choose_field(error.fields))
            return
        run, cause, resume_at = self.run, find_release_cause(error), None
        if isinstance(error, AsperionBusy) and (self._placed or run.has_placed):
            cause, resume_at = ReleaseCause.ASPERION_BUSY, error.until
        if isinstance(error, VaultError):
            meet_closed_vault(run, error)
        self._give_back(key, cause)
        run.stop(cause, resume_at=resume_at)

    def _meet_refusal(self, key: str, refused: RefusedField) -> None:
        refusals = self.run.refusals
        refusals[:] = [each for each in refusals if each is refused] + [refused]
        if len(refusals) < MOST_REFUSALS:
            self._hold(key, Hold(HoldReason.ASPERION_REFUSED, refused))
            return
        log.error("Asperion refuses all documents", extra={**self._named(), "field": refused})
        self._give_back(key, ReleaseCause.DOCUMENTS_REFUSED)
        self.run.stop(ReleaseCause.DOCUMENTS_REFUSED)

    def _hold(self, key: str, hold: Hold) -> None:
        """Hold a document, and what credits it."""
        readings = self.documents.readings
        later = {each: readings[each] for each in readings if each not in self._held}
        notes = hold_credit_notes([key], later)
        for each, its_hold in {key: hold, **notes}.items():
            verdict = replace(readings[each], verdict=its_hold)
            record_verdict(self.run, self.file, self.claimed[each], verdict)
            self._held.add(each)

    def _give_back(self, key: str, cause: ReleaseCause) -> None:
        """A document was certainly not sent: it waits again."""
        self.run.record(key, OrderStep.RELEASE, by=self.run.by, cause=cause, file=self.file.name)

    def _doubt(self, doubt: Doubt) -> None:
        """Nobody knows whether the document that was sent last is in Asperion, as it was sent."""
        log.error("an invoice is in doubt", extra=self._named())
        self.doubt = doubt
        resume_at = self.run.now() + self.run.connector.settings.proof_delay
        self.run.stop(ReleaseCause.INBOX_UNKNOWN, resume_at=resume_at)

    def _meet_another_run(self) -> None:
        """Somebody else ends the delivery."""
        log.error("another run has the delivery", extra=self._named())
        self.is_fenced = True
        self.run.stop(ReleaseCause.LEASE_LOST, resume_at=self.run.now() + timedelta(seconds=1))

    def _named(self) -> dict[str, object]:
        return {"shop_id": self.run.shop_id, "file": self.file.name}
