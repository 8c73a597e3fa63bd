"""The step by which a document becomes placed."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.causes import LateChange, PlaceCause
from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.ledger import FileEntry
from chalicelib.ports import StepTaken


def make_placement(file: FileEntry, key: str, by: Actor = Actor.EXPORT) -> StepTaken:
    """The step for one of the `keys` of a placed file, taken when the file was placed."""
    return make_document_placement(file, key, file.sought, at=file.since, by=by)


def make_document_placement(
    file: FileEntry,
    key: str,
    sought: SoughtInvoice | None,
    *,
    at: datetime,
    by: Actor,
    is_of_several: bool = False,
) -> StepTaken:
    """The step for one document, placed at `at`; by API with Asperion's id of it in `sought`. It
    tells the merchant of credit notes in the same write, so that nothing can come between the two;
    else that the customer is one of several debtors with his address (`is_of_several`).
    """
    several = PlaceCause.SEVERAL_DEBTORS if is_of_several else None
    cause = LateChange.REFUNDED if key in file.refunded else several
    return StepTaken(
        key=key,
        event=Event(at=at, step=OrderStep.PLACE, by=by, cause=cause, file=file.name),
        fingerprint=file.keys[key],
        booked_on=file.days.get(key),
        asperion_id=None if sought is None else sought.invoice_id,
        delivered_print=None if sought is None else sought.amounts_print,
    )
