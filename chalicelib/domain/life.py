"""The life of an order and of a file: every transition, as data. A shop's is in `shop_life`.

The tables compile their conditions and updates from it, the pages word it, `docs/life.md` draws
it, and the tests' ledger in memory applies it. Nothing else decides what may follow what.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.causes import (
    DropCause,
    LateChange,
    PlaceCause,
    ReleaseCause,
    RequestCause,
)
from chalicelib.domain.events import PERSONS, Actor, Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.life_in_books import IN_BOOKS, REFUND, REFUNDED_BEFORE, SEEN_THERE
from chalicelib.domain.transitions import Given, Record, S, Transition

OPERATOR = frozenset({Actor.OPERATOR})
RUNS = frozenset({Actor.EXPORT, Actor.OPERATOR})  # the nightly run, and one an operator started
SWEEP = frozenset({Actor.SWEEP})
INFORMANTS = frozenset({Actor.WEBHOOK, Actor.BACKFILL})

WAITING, CLAIMED, PLACED = EntryState.WAITING, EntryState.CLAIMED, EntryState.PLACED
HELD, DROPPED = EntryState.HELD, EntryState.DROPPED
CLOSED = (None, HELD, DROPPED)

SINCE = Record("since", Given.AT)
SINCE_ASKED = (  # a record of an early version knows its `asked_at` from its next release on
    Record("since", Given.AT, from_field="asked_at"),
    Record("asked_at", Given.AT, once=True),
)
ASKED = (SINCE, Record("asked_at", Given.AT), Record("asked_by", Given.BY))
ASKED_KNOWING = (*ASKED, Record("has_evidence", Given.YES))
FILE = Record("file", Given.FILE)
FINGERPRINT = Record("fingerprint", Given.FINGERPRINT)
BOOKED_ON = Record("booked_on", Given.BOOKED_ON, or_clear=True)
DELIVERED = (
    Record("asperion_id", Given.ASPERION_ID, or_clear=True),
    Record("delivered_print", Given.DELIVERED_PRINT, or_clear=True),
)
HOLD = (Record("hold", Given.CAUSE), Record("hold_detail", Given.DETAIL, or_clear=True))
DROP = Record("drop_cause", Given.CAUSE)
MISSING = Record("missing_since", Given.AT, once=True, only_for=ReleaseCause.NOT_FOUND)
OUTCOME = ("file", "hold", "hold_detail", "drop_cause", "change", "missing_since")
"""What says how a document fared so far; cleared when somebody asks for it."""

BY_A_PERSON = (*OUTCOME, "by_hand")
OF_ITS_FILE = (("file", Given.FILE),)
REQUEST = (RequestCause,)

ORDER_LIFE: tuple[Transition[EntryState], ...] = (
    Transition(OrderStep.HINT, CLOSED, WAITING, INFORMANTS, ASKED_KNOWING, OUTCOME),
    Transition(OrderStep.DISCOVER, CLOSED, WAITING, SWEEP, ASKED, OUTCOME),
    Transition(OrderStep.ASK, CLOSED, WAITING, PERSONS, ASKED_KNOWING, BY_A_PERSON),
    Transition(
        OrderStep.CLAIM, (WAITING,), CLAIMED, RUNS, (SINCE, Record("claimed_at", Given.AT), FILE)
    ),
    Transition(
        OrderStep.MOVE, (CLAIMED,), CLAIMED, RUNS, (FILE,), matches=(("file", Given.FORMER_FILE),)
    ),
    Transition(
        OrderStep.PLACE,
        (CLAIMED,),
        PLACED,
        RUNS,
        (SINCE, FILE, FINGERPRINT, BOOKED_ON, *DELIVERED, *REFUNDED_BEFORE, REFUND),
        clears=("details_reported_at", "vat_reported_at", "taken_back_at", *SEEN_THERE),
        causes=(LateChange, PlaceCause),
        matches=OF_ITS_FILE,
    ),
    Transition(
        OrderStep.HOLD,
        (CLAIMED,),
        HELD,
        RUNS,
        (SINCE, *HOLD),
        clears=("file",),
        causes=(HoldReason,),
        matches=OF_ITS_FILE,
    ),
    Transition(
        OrderStep.DROP,
        (CLAIMED,),
        DROPPED,
        RUNS,
        (SINCE, DROP),
        clears=("file",),
        causes=(DropCause,),
        matches=OF_ITS_FILE,
    ),
    Transition(
        OrderStep.RELEASE,
        (CLAIMED,),
        WAITING,
        RUNS,
        (*SINCE_ASKED, MISSING),
        clears=("file",),
        causes=(ReleaseCause,),
        matches=OF_ITS_FILE,
    ),
    Transition(OrderStep.RETRY, (HELD,), WAITING, PERSONS, ASKED_KNOWING, BY_A_PERSON, REQUEST),
    Transition(OrderStep.HOLD_AGAIN, (HELD,), HELD, PERSONS, HOLD, causes=(HoldReason,)),
    Transition(OrderStep.FREE, (HELD,), WAITING, SWEEP, ASKED, OUTCOME, REQUEST),
    Transition(
        OrderStep.BOOK_BY_HAND,
        (HELD,),
        WAITING,
        PERSONS,
        (*ASKED_KNOWING, Record("by_hand", Given.YES)),
        OUTCOME,
    ),
    Transition(OrderStep.REOPEN, (DROPPED,), WAITING, PERSONS, ASKED_KNOWING, BY_A_PERSON, REQUEST),
    Transition(
        OrderStep.SEND_AGAIN,
        (PLACED,),
        WAITING,
        PERSONS,
        ASKED_KNOWING,
        BY_A_PERSON,
        REQUEST,
        counts=("revision",),
    ),
    *IN_BOOKS,
)
"""A document. The first three are one blind write each: whoever records a hint reads nothing."""

UNSURE = (FileState.PLACING, FileState.UNKNOWN)
CONTENT = (
    *(Given.KEYS, Given.SHA256, Given.SIZE, Given.INBOX, Given.COVER, Given.REFUNDED),
    *(Given.PROFILE, Given.TERMS, Given.RETURNS, Given.DAYS, Given.SALES),
    *(Given.LOCKED_UNTIL, Given.SOUGHT),
)
FIXED = (SINCE, *(Record(each.value, each) for each in CONTENT))
FOUND = (SINCE, Record("sought", Given.SOUGHT))
"""A delivery by API is fixed again when it is over, to what of it is in Asperion."""
FINISHED = (Record("is_finished", Given.YES),)
SURFACED = (SINCE, Record("is_finished", Given.NO), Record("surfaced_at", Given.AT, once=True))
SPOKE_OF_IT = (Contradiction.DIFFERENT, Contradiction.NOT_SHOWN)
ACKNOWLEDGED = (Record("acknowledged_at", Given.AT, True, only_for=of) for of in SPOKE_OF_IT)
DOUBTED = (SINCE, *ACKNOWLEDGED)
BEGUN, PLACING, DONE = FileState.CLAIMED, FileState.PLACING, FileState.PLACED
UNKNOWN, VOID, DOUBLE = FileState.UNKNOWN, FileState.VOID, FileState.DOUBLE

FILE_LIFE: tuple[Transition[FileState], ...] = (
    Transition(FileStep.CREATE, (None,), BEGUN, RUNS, (SINCE,)),
    Transition(FileStep.FIX, (BEGUN,), PLACING, RUNS, FIXED),
    Transition(FileStep.DELIVER, (PLACING,), DONE, RUNS, FIXED),
    Transition(FileStep.TRUST, (PLACING,), DONE, RUNS, (SINCE, Record("is_unasked", Given.YES))),
    Transition(FileStep.FIND, UNSURE, DONE, RUNS, FOUND),
    Transition(FileStep.CONFIRM, (UNKNOWN,), DONE, OPERATOR, (SINCE,)),
    Transition(FileStep.LOSE, (PLACING,), UNKNOWN, RUNS, (SINCE,)),
    Transition(FileStep.CONTRADICT, UNSURE, UNKNOWN, RUNS, DOUBTED, causes=(Contradiction,)),
    Transition(FileStep.REFUSE, (PLACING,), VOID, RUNS, (SINCE,), causes=(ReleaseCause,)),
    Transition(FileStep.MISS, UNSURE, VOID, RUNS, (SINCE,)),
    Transition(FileStep.RESEND, UNSURE, PLACING, RUNS, (SINCE,)),
    Transition(FileStep.GIVE_UP, (UNKNOWN,), VOID, OPERATOR, (SINCE,)),
    Transition(FileStep.FINISH, (DONE,), DONE, RUNS, FINISHED),
    Transition(FileStep.FINISH, (VOID,), VOID, RUNS, FINISHED),
    Transition(FileStep.DISCARD, (BEGUN,), VOID, RUNS, FINISHED, causes=(ReleaseCause,)),
    Transition(FileStep.TAKE_BACK, (VOID,), DONE, RUNS, FOUND),
    Transition(FileStep.SURFACE, (VOID,), DOUBLE, RUNS, SURFACED),
    Transition(FileStep.RESOLVE, (DOUBLE,), DONE, PERSONS, FINISHED),
)
"""An import file. Each but the first also expects the file as the caller read it: in that state,
and since that moment.
"""


def order_transition(event: Event) -> Transition[EntryState]:
    """The transition that an event of a document is. Raises `ValueError` when the table has none
    for its step, actor and cause, or when the event does not say the cause or the file that the
    step records or compares: a mistake in the code, never in the data.
    """
    return _permitted(ORDER_LIFE, event)[0]


def file_transition(event: Event, state: FileState | None) -> Transition[FileState] | None:
    """The transition that an event is for a file in this state; None when the table has none there.
    Raises as `order_transition`.
    """
    return next((t for t in _permitted(FILE_LIFE, event) if state in t.sources), None)


def _permitted(table: Sequence[Transition[S]], event: Event) -> list[Transition[S]]:
    found = [t for t in table if t.step is event.step and event.by in t.by]
    if not found:
        raise ValueError(f"{event.by.value} may not take the step {event.step.value}")
    if event.cause is not None and not isinstance(event.cause, found[0].causes):
        raise ValueError(f"{event.step.value} is not caused by {event.cause!r}")
    lacking = {Given.CAUSE} if event.cause is None else set()
    lacking |= {Given.FILE} if event.file is None else set()
    if lacking & _needs(found[0]):
        raise ValueError(f"{event.step.value} needs a cause or a file that its event does not say")
    return found


def _needs(transition: Transition[S]) -> set[Given]:
    compared = {given for _, given in (*transition.matches, *transition.differs)}
    recorded = {record.given for record in transition.records if record.only_for is None}
    return compared | recorded


def hint_step(by: Actor) -> OrderStep:
    """The step by which somebody records a hint. Raises `ValueError` for who may not."""
    hints = (t for t in ORDER_LIFE if None in t.sources and by in t.by)
    step = next((t.step for t in hints), None)
    if step is None:
        raise ValueError(f"{by.value} records no hints")
    return OrderStep(step)
