"""Why something happened to a document: closed lists of codes. Stored: a value never changes."""

from __future__ import annotations

from enum import StrEnum


class DropCause(StrEnum):
    """Why a document is left out of the books."""

    NOT_PAID = "not_paid"
    PARTLY_PAID = "partly_paid"  # how much of a reversal stands is for a person to say
    CANCELLED = "cancelled"
    ON_HOLD = "on_hold"
    OFFER = "offer"
    ZERO_VALUE = "zero_value"
    BEFORE_START = "before_start"  # paid before the connector came
    TOO_OLD = "too_old"  # it may have been booked, and be forgotten since
    BOOKED_AS_ORDER = "booked_as_order"
    BOOKED_AS_INVOICE = "booked_as_invoice"
    NO_ORDER = "no_order"  # an invoice without an order
    DUE_AGAIN = "due_again"  # the order of a reversal stands again
    BY_HAND = "by_hand"  # a person dealt with it in Asperion
    NOT_FOUND = "not found"  # no longer in the shop


class ReleaseCause(StrEnum):
    """Why a file gives a document back, or a run stops and gives back what it holds."""

    BUDGET = "budget"  # the shop's allowance of calls is used up
    TIME = "time"  # the function's
    UNAVAILABLE = "unavailable"  # SEOshop cannot give this document now
    SHOP_UNAVAILABLE = "shop unavailable"  # … nor anything else
    NOT_FOUND = "not found"  # a fresh order may appear within minutes
    INBOX_REFUSED = "inbox refused"
    INBOX_UNAVAILABLE = "inbox unavailable"  # out of reach, or takes nothing just now
    INBOX_UNKNOWN = "inbox unknown"
    FILE_NOT_SENT = "file not sent"
    FILE_GIVEN_UP = "file given up"  # by another run
    NOT_IN_ITS_FILE = "not in its file"
    HELD_UP = "held up"  # the run, for so long that its file may not be sent any more
    SHOP_CHANGED = (
        "shop changed"  # it left, paused, or has other settings than the file was made by
    )
    HALTED = "halted"  # by the operator: all shops, or the part that this one is of
    RUN_FAILED = "run failed"
    REINSTALLED = "reinstalled"  # meanwhile: the run goes on with the new token
    LEASE_LOST = "lease lost"  # another run has the shop by now
    ASPERION_BUSY = "asperion busy"  # it wants to be called later
    CONNECTION_REFUSED = "connection refused"  # the merchant has to connect with Asperion again
    ADMINISTRATION_CLOSED = "administration closed"  # … or may not open it any more
    DOCUMENTS_REFUSED = "documents refused"  # one after another, for the same field
    NOTHING_LEFT = "nothing left"  # of a file: all that it took up was held or left out
    BROKEN_OFF = "broken off"  # a file found unsent by a later run
    VAT_UNANSWERED = "vat unanswered"  # whether the customer's VAT number is in use


class RequestCause(StrEnum):
    """Why a held, dropped or placed document waits for a file once more."""

    MENDED = "released"  # the cause of a group of holds is mended
    ASKED = "looked at again"
    RERUN = "rerun"
    ORIGINAL_PLACED = "original_placed"  # a credit note's invoice is in the books by now
    PERIOD_OPEN = "period_open"  # what was late may be booked by now
    SALE_DECIDED = "sale_decided"  # another document of its sale is under way no longer
    OTHER_WAY = "other_way"  # it could not go out in the way that the shop has no longer
    TAKEN_BACK_AGAIN = "taken_back_again"  # an order that was booked again is reversed again
    ON_PURPOSE = "on_purpose"  # the event's note says why
    FIRST_GONE = "first_gone"  # … and its first invoice was in Asperion no longer


class LateChange(StrEnum):
    """What happened to a document after it was booked: in the shop, or in Asperion."""

    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"  # in a shop that books paid orders only
    EDITED = "edited"  # its totals
    DETAILS = "details"  # customer, articles or VAT, with the totals as they were
    REFUNDED = "refunded"
    REVIVED = "revived"  # stands again after its reversal was booked
    VAT_NUMBER = "vat_number"  # not in use, as VIES answered only after it was booked
    DELETED_THERE = "deleted_there"  # its invoice is in Asperion no longer
    CHANGED_THERE = "changed_there"  # … or has another date there, or other amounts
    TWICE_THERE = "twice_there"  # … or is there twice: same description, same debtor

    @property
    def is_in_asperion(self) -> bool:
        """Whether it happened in Asperion, as the connector reads it back."""
        return self in IN_ASPERION


IN_ASPERION = (LateChange.DELETED_THERE, LateChange.CHANGED_THERE, LateChange.TWICE_THERE)


class PlaceCause(StrEnum):
    """What there is to say of a document that was placed, unless it was credited before."""

    SEVERAL_DEBTORS = "several_debtors"  # of Asperion's debtors more than one has the address


DocumentCause = DropCause | ReleaseCause | RequestCause | LateChange | PlaceCause
