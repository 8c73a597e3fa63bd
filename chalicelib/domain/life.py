"""The life of an order and of a file: every transition, as data. A shop's is in `shop_life`.

The tables compile their conditions and updates from it, the pages word it, `docs/life.md` draws
it, and the tests' ledger in memory applies it. Nothing else decides what may follow what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import ENTRY_DEFAULTS, EntryState, FileState
from chalicelib.domain.transitions import (
    Given,
    Record,
    S,
    Transition,
    apply_changes,
    field_changes,
)

PERSONS = frozenset({Actor.MERCHANT, Actor.OPERATOR})
RUNS = frozenset({Actor.EXPORT, Actor.OPERATOR})  # the nightly run, and one an operator started
OBSERVERS = frozenset({Actor.SWEEP, Actor.WATCH})

WAITING, CLAIMED, PLACED = EntryState.WAITING, EntryState.CLAIMED, EntryState.PLACED
HELD, DROPPED = EntryState.HELD, EntryState.DROPPED

SINCE = Record("since", Given.AT)
ASKED = (SINCE, Record("asked_at", Given.AT), Record("asked_by", Given.BY))
ASKED_KNOWINGLY = (*ASKED, Record("has_evidence", Given.YES))
FINGERPRINT = Record("fingerprint", Given.FINGERPRINT)
OUTCOME = ("file", "hold", "hold_detail", "drop_cause", "change", "missing_since")
"""What says how a document fared so far; cleared when somebody asks for it."""

OUTCOME_AND_HAND = (*OUTCOME, "by_hand")
"""A person who asks for it takes back that it was dealt with by hand."""

NOT_UNDER_WAY = (None, HELD, DROPPED)
HINTERS = frozenset({Actor.WEBHOOK, Actor.BACKFILL})
SWEEP = frozenset({Actor.SWEEP})
REQUESTS = (RequestCause,)
OF_ITS_FILE = (("file", Given.FILE),)

ORDER_LIFE: tuple[Transition[EntryState], ...] = (
    Transition(OrderStep.HINT, NOT_UNDER_WAY, WAITING, HINTERS, ASKED_KNOWINGLY, OUTCOME),
    Transition(OrderStep.DISCOVER, NOT_UNDER_WAY, WAITING, SWEEP, ASKED, OUTCOME),
    Transition(OrderStep.ASK, NOT_UNDER_WAY, WAITING, PERSONS, ASKED_KNOWINGLY, OUTCOME_AND_HAND),
    Transition(
        OrderStep.CLAIM,
        (WAITING,),
        CLAIMED,
        by=RUNS,
        records=(SINCE, Record("claimed_at", Given.AT), Record("file", Given.FILE)),
    ),
    Transition(
        OrderStep.PLACE,
        (CLAIMED,),
        PLACED,
        by=RUNS,
        matches=OF_ITS_FILE,
        records=(SINCE, Record("file", Given.FILE), FINGERPRINT),
        clears=("details_reported_at",),
    ),
    Transition(
        OrderStep.HOLD,
        (CLAIMED,),
        HELD,
        by=RUNS,
        causes=(HoldReason,),
        matches=OF_ITS_FILE,
        records=(SINCE, Record("hold", Given.CAUSE), Record("hold_detail", Given.DETAIL)),
        clears=("file",),
    ),
    Transition(
        OrderStep.DROP,
        (CLAIMED,),
        DROPPED,
        by=RUNS,
        causes=(DropCause,),
        matches=OF_ITS_FILE,
        records=(SINCE, Record("drop_cause", Given.CAUSE)),
        clears=("file",),
    ),
    Transition(
        OrderStep.RELEASE,
        (CLAIMED,),
        WAITING,
        by=RUNS,
        causes=(ReleaseCause,),
        matches=OF_ITS_FILE,
        records=(
            Record("since", Given.AT, from_field="asked_at"),
            Record("missing_since", Given.AT, once=True, only_for=ReleaseCause.NOT_FOUND),
        ),
        clears=("file",),
    ),
    Transition(
        OrderStep.RETRY, (HELD,), WAITING, PERSONS, ASKED_KNOWINGLY, OUTCOME_AND_HAND, REQUESTS
    ),
    Transition(OrderStep.FREE, (HELD,), WAITING, SWEEP, ASKED, OUTCOME, REQUESTS),
    Transition(
        OrderStep.BOOK_BY_HAND,
        (HELD,),
        WAITING,
        by=PERSONS,
        records=(*ASKED_KNOWINGLY, Record("by_hand", Given.YES)),
        clears=OUTCOME,
    ),
    Transition(
        OrderStep.REOPEN, (DROPPED,), WAITING, PERSONS, ASKED_KNOWINGLY, OUTCOME_AND_HAND, REQUESTS
    ),
    Transition(
        OrderStep.SEND_AGAIN,
        (PLACED,),
        WAITING,
        by=PERSONS,
        causes=REQUESTS,
        records=ASKED_KNOWINGLY,
        clears=OUTCOME_AND_HAND,
        counts=("revision",),
    ),
    Transition(
        OrderStep.REPORT,
        (PLACED,),
        PLACED,
        by=OBSERVERS,
        causes=(LateChange,),
        differs=(("change", Given.CAUSE),),
        records=(
            Record("change", Given.CAUSE),
            Record("reported_at", Given.AT),
            Record("refund_reported_at", Given.AT, only_for=LateChange.REFUNDED),
            Record("details_reported_at", Given.AT, only_for=LateChange.DETAILS),
            FINGERPRINT,
        ),
    ),
    Transition(
        OrderStep.WITHDRAW, (PLACED,), PLACED, OBSERVERS, clears=("change",), present=("change",)
    ),
    Transition(
        OrderStep.ACCEPT,
        (PLACED,),
        PLACED,
        by=PERSONS,
        causes=(LateChange,),
        matches=(("change", Given.CAUSE),),
        records=(Record("refund_accepted_at", Given.AT, only_for=LateChange.REFUNDED),),
        clears=("change", "refund_reported_at", "details_reported_at"),
    ),
)
"""A document. The first three are one blind write each: whoever records a hint reads nothing."""

OPERATOR = frozenset({Actor.OPERATOR})
UNSURE = (FileState.PLACING, FileState.UNKNOWN)
CONTENT = tuple(Record(each.value, each) for each in (Given.KEYS, Given.SHA256, Given.SIZE))
FINISHED = (Record("is_finished", Given.YES),)

FILE_LIFE: tuple[Transition[FileState], ...] = (
    Transition(FileStep.CREATE, (None,), FileState.CLAIMED, RUNS, (SINCE,)),
    Transition(
        FileStep.FIX,
        (FileState.CLAIMED,),
        FileState.PLACING,
        RUNS,
        (SINCE, *CONTENT, Record("inbox", Given.INBOX)),
    ),
    Transition(FileStep.DELIVER, (FileState.PLACING,), FileState.PLACED, RUNS, (SINCE,)),
    Transition(FileStep.FIND, UNSURE, FileState.PLACED, RUNS, (SINCE,)),
    Transition(FileStep.CONFIRM, (FileState.UNKNOWN,), FileState.PLACED, OPERATOR, (SINCE,)),
    Transition(FileStep.LOSE, (FileState.PLACING,), FileState.UNKNOWN, RUNS, (SINCE,)),
    Transition(
        FileStep.CONTRADICT,
        (FileState.PLACING,),
        FileState.UNKNOWN,
        RUNS,
        (SINCE,),
        causes=(Contradiction,),
    ),
    Transition(FileStep.REFUSE, (FileState.PLACING,), FileState.VOID, RUNS, (SINCE,)),
    Transition(FileStep.MISS, UNSURE, FileState.VOID, RUNS, (SINCE,)),
    Transition(FileStep.RESEND, UNSURE, FileState.PLACING, RUNS, (SINCE,)),
    Transition(FileStep.GIVE_UP, (FileState.UNKNOWN,), FileState.VOID, OPERATOR, (SINCE,)),
    Transition(FileStep.FINISH, (FileState.PLACED,), FileState.PLACED, RUNS, FINISHED),
    Transition(FileStep.FINISH, (FileState.VOID,), FileState.VOID, RUNS, FINISHED),
    Transition(FileStep.DISCARD, (FileState.CLAIMED,), FileState.VOID, RUNS, FINISHED),
)
"""An import file. Each but the first also expects the file as the caller read it: in that state,
and since that moment.
"""


def order_transition(event: Event) -> Transition[EntryState]:
    """The transition that an event of a document is. Raises `ValueError` when the table has none
    for its step, actor and cause: a mistake in the code, never in the data.
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
    return found


def hint_step(by: Actor) -> OrderStep:
    """The step by which somebody records a hint. Raises `ValueError` for who may not."""
    steps = (t.step for t in ORDER_LIFE if None in t.sources and by in t.by)
    step = next((step for step in steps if isinstance(step, OrderStep)), None)
    if step is None:
        raise ValueError(f"{by.value} records no hints")
    return step


def states_around(
    history: Sequence[Event],
) -> Iterator[tuple[EntryState | None, Event, EntryState]]:
    """Each event of a document's biography, between the state before and the state after it."""
    before: EntryState | None = None
    for event in history:
        after = next(t.to for t in ORDER_LIFE if t.step is event.step)
        yield before, event, after
        before = after


def replay(history: Sequence[Event]) -> dict[str, object]:
    """The fields of a document as its biography alone tells them, from the beginning on; for
    records from before the facts were kept.
    """
    fields = dict(ENTRY_DEFAULTS)
    for event in history:
        transition = next(t for t in ORDER_LIFE if t.step is event.step)
        fields = apply_changes(fields, field_changes(transition, event, {}), ENTRY_DEFAULTS)
    return fields
