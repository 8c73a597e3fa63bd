"""The step by which a document of a placed file becomes placed."""

from __future__ import annotations

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.ledger import FileEntry
from chalicelib.ports import StepTaken


def make_placement(file: FileEntry, key: str, by: Actor = Actor.EXPORT) -> StepTaken:
    """The step for one of the file's `keys`, taken when the file was placed. It tells the merchant
    of credit notes in the same write, so that nothing can come between the two.
    """
    sought = file.sought
    cause = LateChange.REFUNDED if key in file.refunded else None
    event = Event(at=file.since, step=OrderStep.PLACE, by=by, cause=cause, file=file.name)
    return StepTaken(
        key=key,
        event=event,
        fingerprint=file.keys[key],
        booked_on=file.days.get(key),
        asperion_id=None if sought is None else sought.invoice_id,
        delivered_print=None if sought is None else sought.amounts_print,
    )
