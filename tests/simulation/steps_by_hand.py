"""Steps of one document, taken by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chalicelib.domain.causes import DropCause, RequestCause
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import (
    DocumentKind,
    Entry,
    EntryState,
    Hint,
)
from chalicelib.ports import StepTaken
from tests.unit.usecases.late import NUMBER, ORDER
from tests.unit.usecases.stage import SHOP_ID, Stage

DAY = timedelta(days=1)
SOME_DAY = date(2026, 3, 14)
A_FILE, ANOTHER = "a.xml", "another.xml"
HINT = Hint(kind=DocumentKind.ORDER, document_id=301204417, number=NUMBER, day=SOME_DAY)
MERCHANT = Actor.MERCHANT
GOES_ALONG = ("detail", "fingerprint", "asperion_id", "shown_print", "former_file")


class Ledger(Stage):
    """The tables alone: steps are taken by hand."""

    def take(self, step: OrderStep, by: Actor = Actor.EXPORT, **facts: Any) -> Entry | None:
        """Take a step of the document."""
        goes_along = {name: facts.pop(name) for name in GOES_ALONG if name in facts}
        event = Event(at=self.now, step=step, by=by, **facts)
        return self.entries.record(SHOP_ID, StepTaken(key=ORDER, event=event, **goes_along))

    def hint(self, by: Actor) -> bool:
        """Record that the document may be due."""
        return self.entries.record_hint(SHOP_ID, HINT, at=self.now, by=by)

    def claim(self) -> None:
        """A file takes the document up."""
        assert self.take(OrderStep.CLAIM, file=A_FILE)

    def bring_into(self, state: EntryState) -> None:
        """Bring a new document into a state."""
        self.hint(Actor.WEBHOOK)
        if state is EntryState.WAITING:
            return
        self.claim()
        if state is EntryState.PLACED:
            assert self.take(OrderStep.PLACE, file=A_FILE, fingerprint="booked")
        elif state is EntryState.HELD:
            reason = HoldReason.CREDIT_BEFORE_ORIGINAL
            assert self.take(OrderStep.HOLD, cause=reason, file=A_FILE, detail="INV1")
        elif state is EntryState.DROPPED:
            assert self.take(OrderStep.DROP, cause=DropCause.NOT_PAID, file=A_FILE)

    def let_wait(self, step: OrderStep) -> None:
        """Let the document wait by that step."""
        if step in HINTERS:
            assert self.hint(HINTERS[step])
            return
        by = Actor.SWEEP if step is OrderStep.FREE else MERCHANT
        cause = None if step is OrderStep.BOOK_BY_HAND else RequestCause.ASKED
        assert self.take(step, by, cause=cause)


HINTERS = {
    OrderStep.HINT: Actor.WEBHOOK,
    OrderStep.DISCOVER: Actor.SWEEP,
    OrderStep.ASK: MERCHANT,
}
