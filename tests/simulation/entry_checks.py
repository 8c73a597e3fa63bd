"""What a document says of itself, checked against its biography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.causes import LateChange, ReleaseCause
from chalicelib.domain.events import Event, OrderStep
from chalicelib.domain.ledger import Entry, EntryState

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

ASKING = (
    *(OrderStep.HINT, OrderStep.DISCOVER, OrderStep.ASK, OrderStep.RETRY, OrderStep.FREE),
    *(OrderStep.BOOK_BY_HAND, OrderStep.REOPEN, OrderStep.SEND_AGAIN),
)
TELLING = (OrderStep.REPORT, OrderStep.PLACE)  # the booking tells of credit notes before it
STAYING = (
    *(OrderStep.REPORT, OrderStep.WITHDRAW, OrderStep.ACCEPT, OrderStep.HOLD_AGAIN),
    *(OrderStep.SHOW_RIGHT, OrderStep.DELETE_THERE, OrderStep.CREDIT),
)
HOLDING = (OrderStep.HOLD, OrderStep.HOLD_AGAIN)


def check_biography(world: World, entry: Entry) -> None:
    """A document says when it came into its state and what goes with that state, and no more."""
    written = [event for event in entry.history if event.step not in STAYING]
    moving = [event for event in written if event.step is not OrderStep.MOVE]
    asked = [event for event in moving if event.step in ASKING][-1]
    expected = {
        "since": asked.at if moving[-1].step is OrderStep.RELEASE else moving[-1].at,
        "asked_at": asked.at,
        "asked_by": asked.by,
        "missing_since": _missing_since(moving),
        "file": written[-1].file
        if entry.state in (EntryState.CLAIMED, EntryState.PLACED)
        else None,
        "hold": _hold_of(entry),
        "drop_cause": moving[-1].cause if entry.state is EntryState.DROPPED else None,
        "change": _change_of(entry),
        "revision": sum(event.step is OrderStep.SEND_AGAIN for event in moving),
    }
    for name, value in expected.items():
        if getattr(entry, name) != value:
            world.blame(f"{entry.key} has {name} {getattr(entry, name)}, not {value}")
    if entry.hold_detail and entry.state is not EntryState.HELD:
        world.blame(f"{entry.key} is {entry.state.value} and has a hold's detail")


def _hold_of(entry: Entry) -> object:
    """Why it is held, as it was looked at last."""
    if entry.state is not EntryState.HELD:
        return None
    return [event.cause for event in entry.history if event.step in HOLDING][-1]


def _missing_since(moving: list[Event]) -> object:
    """When SEOshop first did not find it since it was asked for."""
    last = max(number for number, event in enumerate(moving) if event.step in ASKING)
    missed = (event.at for event in moving[last:] if event.cause is ReleaseCause.NOT_FOUND)
    return next(missed, None)


def _change_of(entry: Entry) -> LateChange | None:
    """What was reported last since it was booked, unless it went by or was dealt with."""
    noted = [e for e in entry.history if e.step is not OrderStep.SHOW_RIGHT or e.cause is not None]
    last = noted[-1]
    shown = last.cause if last.step in TELLING else None
    return shown if isinstance(shown, LateChange) else None
