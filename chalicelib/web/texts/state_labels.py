"""The words for the states of orders and files, each with its tone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.lazy_dataclass import dataclass


class Tone(StrEnum):
    """How a text is coloured: the class that the style sheet knows."""

    GOOD = "good"
    BUSY = "busy"
    WARN = "warn"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Label:
    """A word and its tone."""

    text: str
    tone: Tone


ORDER_STATES: Mapping[EntryState, Label] = {
    EntryState.WAITING: Label("Waiting", Tone.BUSY),
    EntryState.CLAIMED: Label("Being processed", Tone.BUSY),
    EntryState.PLACED: Label("Delivered", Tone.GOOD),
    EntryState.HELD: Label("Held", Tone.WARN),
    EntryState.DROPPED: Label("Left out", Tone.QUIET),
}
FILE_STATES: Mapping[FileState, Label] = {
    FileState.CLAIMED: Label("Being made", Tone.BUSY),
    FileState.PLACING: Label("Being sent", Tone.BUSY),
    FileState.PLACED: Label("Delivered", Tone.GOOD),
    FileState.UNKNOWN: Label("Being checked", Tone.WARN),
    FileState.VOID: Label("Not sent", Tone.QUIET),
    FileState.DOUBLE: Label("Twice in Asperion", Tone.WARN),
}
_SENDING = Label("The contents were fixed and sending began.", Tone.BUSY)
_DELIVERED = Label("Delivered: Asperion has it.", Tone.GOOD)
_UNKNOWN = Label("Asperion did not confirm it.", Tone.WARN)
_VOID = Label("It did not arrive; its orders go into another delivery.", Tone.QUIET)

FILE_EVENTS: Mapping[FileStep, Label] = {
    FileStep.CREATE: Label("Begun: the waiting orders were gathered.", Tone.BUSY),
    FileStep.FIX: _SENDING,
    FileStep.RESEND: _SENDING,
    FileStep.DELIVER: _DELIVERED,
    FileStep.TRUST: Label("Delivered: Asperion says that it accepted it.", Tone.GOOD),
    FileStep.FIND: _DELIVERED,
    FileStep.CONFIRM: _DELIVERED,
    FileStep.LOSE: _UNKNOWN,
    FileStep.CONTRADICT: _UNKNOWN,
    FileStep.REFUSE: _VOID,
    FileStep.MISS: _VOID,
    FileStep.GIVE_UP: _VOID,
    FileStep.TAKE_BACK: Label(
        "It is in Asperion after all; its orders go into no other delivery.", Tone.GOOD
    ),
    FileStep.SURFACE: Label(
        "It is in Asperion after all, while its orders went into another delivery.", Tone.WARN
    ),
    FileStep.RESOLVE: Label("What was in Asperion twice has been dealt with.", Tone.GOOD),
}
"""What a file's page shows of its life; that it was finished or discarded is no news to anybody."""
