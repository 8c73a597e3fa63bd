"""What may happen to a document while it is in the books: rows of the table in `life`."""

from __future__ import annotations

from chalicelib.domain.causes import IN_ASPERION, LateChange
from chalicelib.domain.events import PERSONS, Actor, OrderStep
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.transitions import Given, Record, Transition

WATCH = frozenset({Actor.WATCH})
OBSERVERS = frozenset({Actor.SWEEP, Actor.WATCH})
PLACED = EntryState.PLACED

FINGERPRINT = Record("fingerprint", Given.FINGERPRINT)
REPORTED = (Record("change", Given.CAUSE), Record("reported_at", Given.AT))
REFUNDED_BEFORE = (
    Record("change", Given.CAUSE, only_for=LateChange.REFUNDED),
    Record("reported_at", Given.AT, only_for=LateChange.REFUNDED),
)
REFUND = Record("refund_reported_at", Given.AT, only_for=LateChange.REFUNDED)
DETAILS = Record("details_reported_at", Given.AT, only_for=LateChange.DETAILS)
NUMBER = Record("vat_reported_at", Given.AT, only_for=LateChange.VAT_NUMBER)
THERE = (
    *(Record("there", Given.CAUSE, only_for=each) for each in IN_ASPERION),
    *(Record("there_reported_at", Given.AT, only_for=each) for each in IN_ASPERION),
    Record("shown_print", Given.SHOWN_PRINT),
)
THERE_ACCEPTED = tuple(
    Record("there_reported_at", Given.NOTHING, only_for=each, or_clear=True) for each in IN_ASPERION
)
THERE_RIGHT = tuple(
    Record("change", Given.NOTHING, only_for=each, or_clear=True) for each in IN_ASPERION
)
ACCEPTED = Record("refund_accepted_at", Given.AT, only_for=LateChange.REFUNDED)
SEEN_THERE = ("there", "there_reported_at", "shown_print")
CHANGES = ("change", "refund_reported_at", "details_reported_at", "vat_reported_at")
OF_ITS_CHANGE = (("change", Given.CAUSE),)

IN_BOOKS: tuple[Transition[EntryState], ...] = (
    Transition(
        OrderStep.REPORT,
        (PLACED,),
        PLACED,
        OBSERVERS,
        (*REPORTED, REFUND, DETAILS, NUMBER, *THERE, FINGERPRINT),
        causes=(LateChange,),
        differs=OF_ITS_CHANGE,
    ),
    Transition(
        OrderStep.WITHDRAW, (PLACED,), PLACED, OBSERVERS, clears=("change",), present=("change",)
    ),
    Transition(
        OrderStep.ACCEPT,
        (PLACED,),
        PLACED,
        PERSONS,
        (ACCEPTED, *THERE_ACCEPTED),
        clears=CHANGES,
        causes=(LateChange,),
        matches=OF_ITS_CHANGE,
    ),
    Transition(
        OrderStep.SHOW_RIGHT,
        (PLACED,),
        PLACED,
        WATCH,
        THERE_RIGHT,
        clears=SEEN_THERE,
        causes=(LateChange,),
        present=("there",),
    ),
    Transition(
        OrderStep.DELETE_THERE,
        (PLACED,),
        PLACED,
        PERSONS,
        (Record("there", Given.CAUSE),),
        clears=(*CHANGES, "there_reported_at", "shown_print"),
        causes=(LateChange,),
        present=("asperion_id",),
    ),
    Transition(
        OrderStep.CREDIT,
        (PLACED,),
        PLACED,
        PERSONS,
        (Record("taken_back_at", Given.AT),),
        clears=CHANGES,
    ),
)
