"""What a merchant or operator does by hand: deal with held orders in Asperion, send again, and
accept late changes. Held orders are looked at again by `releasing`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chalicelib.domain import bounds
from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.errors import RequestError
from chalicelib.usecases.afterwards.corrections import accept_change
from chalicelib.usecases.judging.reversals import reversal_of
from chalicelib.usecases.operating.first_invoices import FirstInvoice, check_firsts
from chalicelib.usecases.operating.held_causes import list_held_for
from chalicelib.usecases.operating.repeats import is_done, note_requests
from chalicelib.usecases.workspace import Workspace


def book_order_by_hand(workspace: Workspace, number: str, *, by: Actor, key: str = "") -> int:
    """A person dealt in Asperion with what is held under a number (with `key` that document alone);
    the next run leaves it out. Returns how many documents; 0 when none of them is held.
    """
    found = workspace.connector.entries.find_by_numbers(workspace.shop_id, [number])
    chosen = (each for each in found if key in ("", each.key))
    return _book_each(workspace, chosen, by)


def book_group_by_hand(workspace: Workspace, *, hold: str, detail: str, by: Actor) -> int:
    """Likewise every document held with that cause and detail, as it is listed at this moment."""
    return _book_each(workspace, list_held_for(workspace, hold, detail), by)


def _book_each(workspace: Workspace, entries: Iterable[Entry], by: Actor) -> int:
    step = OrderStep.BOOK_BY_HAND
    taken = (workspace.record(entry.key, step, by=by) for entry in entries)
    return sum(entry is not None for entry in taken)


def send_order_again(
    workspace: Workspace,
    number: str,
    *,
    reason: str,
    by: Actor,
    confirmed: Collection[FirstInvoice] = (),
) -> int:
    """Book a placed order once more, on purpose, or one after all that was dealt with by hand. The
    reason lands in its biography. A booked reversal is never sent again: it would take back what is
    in the books no longer. The same reason once more within the hour is the same request.

    Of what was delivered by API it is asked first where its invoice is. Raises `FirstStillThere`
    while it is somewhere that is not `confirmed`, `RequestError` without a reason, and while the
    credit of the order is still to be delivered, `UnknownOrder` for a number not in the ledger.
    """
    note = " ".join(reason.split())
    if not bounds.is_line(note, bounds.LONGEST_REASON):
        raise RequestError(
            f"Sending again needs a reason of at most {bounds.LONGEST_REASON} visible characters: "
            "the order gets a second invoice."
        )
    entries = [entry for entry in workspace.entries_of(number) if can_be_sent_again(entry)]
    if any(is_credit_under_way(workspace, entry) for entry in entries):
        raise RequestError(
            f"The credit of {number} has not been delivered yet; send it again then."
        )
    requests = note_requests(workspace, [(entry.hint, entry) for entry in entries], note)
    left = [entry for entry in entries if not is_done(entry, requests[entry.key])]
    firsts = check_firsts(workspace, left, confirmed)
    return sum(
        workspace.record(
            entry.key,
            request_step(entry),
            by=by,
            cause=find_request_cause(firsts[entry.key]),
            note=note,
        )
        is not None
        for entry in left
    )


def find_request_cause(first: FirstInvoice) -> RequestCause:
    """The cause of a request to send a document again, by where its first invoice is."""
    is_gone = first is FirstInvoice.GONE
    return RequestCause.FIRST_GONE if is_gone else RequestCause.ON_PURPOSE


def is_credit_under_way(workspace: Workspace, entry: Entry) -> bool:
    """Whether a person took an order back, and its credit is not in the books yet."""
    if entry.kind is not DocumentKind.ORDER or entry.taken_back_at is None:
        return False
    credit = reversal_of(workspace, entry)
    return credit is not None and credit.state.is_open


def can_be_sent_again(entry: Entry) -> bool:
    """Whether a person may let a document that is done with go into another file."""
    if entry.state is EntryState.PLACED:
        return entry.kind is not DocumentKind.REVERSAL
    return entry.state is EntryState.DROPPED and entry.by_hand


_REQUEST_STEPS = {
    EntryState.HELD: OrderStep.RETRY,
    EntryState.DROPPED: OrderStep.REOPEN,
    EntryState.PLACED: OrderStep.SEND_AGAIN,
}


def request_step(entry: Entry) -> OrderStep:
    """The step by which a person lets a document wait that is held, dropped or placed. Raises
    `KeyError` for one that is under way already.
    """
    return _REQUEST_STEPS[entry.state]


def accept_changes(workspace: Workspace, number: str, *, by: Actor) -> int:
    """The merchant has dealt with the late changes of an order: take them off the list."""
    found = workspace.connector.entries.find_by_numbers(workspace.shop_id, [number])
    return sum(accept_change(workspace, entry, by=by) for entry in found)
