"""The documents of a file that an earlier file holds as well, since a person sent them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date

from chalicelib.domain.events import OrderStep
from chalicelib.domain.fingerprint import fingerprint
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.reading import Reading
from chalicelib.usecases.workspace import Workspace

_COUNTERPARTS = {
    DocumentKind.ORDER: DocumentKind.REVERSAL,
    DocumentKind.REVERSAL: DocumentKind.ORDER,
}


@dataclass(slots=True)
class SentAgain:
    """By ledger key: `unchanged` are the invoices that are as the earlier file says, `changed_on`
    the dates of the others.
    """

    unchanged: dict[str, Invoice] = field(default_factory=dict)
    changed_on: dict[str, date] = field(default_factory=dict)


def find_sent_again(
    workspace: Workspace, claimed: Iterable[Entry], readings: Mapping[str, Reading]
) -> SentAgain:
    """Which of these documents, claimed by a file that these readings go into, were sent again. One
    that was taken back since it was booked is a new sale.
    """
    found = SentAgain()
    for entry in claimed:
        reading = readings.get(entry.key)
        if reading is None or not isinstance(reading.verdict, Invoice):
            continue
        if entry.revision == 0 or _is_taken_back(workspace, entry):
            continue
        invoice = reading.verdict
        booked = workspace.read_prints(entry)
        if booked is not None and fingerprint(invoice, booked.key) == booked.content:
            found.unchanged[entry.key] = invoice
        else:
            found.changed_on[entry.key] = invoice.day
    return found


def _is_taken_back(workspace: Workspace, entry: Entry) -> bool:
    """Whether an order was reversed since it was placed last, or a reversed one booked anew."""
    counterpart = _COUNTERPARTS.get(entry.kind)
    if counterpart is None:
        return False
    placed_at = max((e.at for e in entry.history if e.step is OrderStep.PLACE), default=None)
    other = workspace.entry_of(counterpart, entry.document_id)
    if other is None or other.state is not EntryState.PLACED or placed_at is None:
        return False
    return other.since >= placed_at
