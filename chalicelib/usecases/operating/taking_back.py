"""A person takes back a document that was delivered: its concept invoice is deleted in Asperion, or
it is credited by its mirror. Always on request, for a reason that is kept.

A concept alone is deleted, and where Asperion allows it; what is definitive, or went by a file, is
credited. A lost answer to a deletion is followed by a look; what is proven gone counts as deleted,
whoever did it, so that asking twice is asking once. The shop's lease is held meanwhile, so that no
run books the document at that moment.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain import bounds
from chalicelib.domain.causes import LateChange
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, OrderStep, ShopStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.errors import (
    AsperionError,
    AsperionInvalid,
    AsperionUnknown,
    RequestError,
    VaultError,
)
from chalicelib.usecases.afterwards.corrections import let_reversal_wait
from chalicelib.usecases.filing.leased_deeds import lease_shop
from chalicelib.usecases.judging.reversals import reversal_of
from chalicelib.usecases.operating.first_invoices import FirstInvoice, is_known_gone, look_at_first
from chalicelib.usecases.workspace import Workspace


class TakingBack(StrEnum):
    """How a document is taken back."""

    DELETE = "delete"
    CREDIT = "credit"


_AUDITED = {
    TakingBack.DELETE: ShopStep.DELETE_INVOICE,
    TakingBack.CREDIT: ShopStep.CREDIT_ORDER,
}


class Obstacle(StrEnum):
    """Why a document is not taken back."""

    NO_REASON = "no reason"
    NOT_BOOKED = "not booked"  # it is not in the books, or goes there again
    TAKEN_BACK = "taken back"  # it is gone already, or its credit is booked or on its way
    NOT_ALLOWED = "not allowed"  # this way is not open for it
    DEFINITIVE = "definitive"  # it is a concept no longer: it can be credited
    UNKNOWN = "unknown"  # Asperion does not answer; nothing is known to be deleted
    REFUSED = "refused"  # Asperion does not let it be deleted


class NotTakenBack(RequestError):
    """A document is not taken back; nothing was booked."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(f"The document is not taken back: {obstacle.value}.")
        self.obstacle = obstacle


def list_ways(workspace: Workspace, entry: Entry) -> tuple[TakingBack, ...]:
    """The ways that are open for a document, as far as the ledger tells; that of its invoice by
    deletion Asperion has the last word on.
    """
    if entry.state is not EntryState.PLACED or is_known_gone(entry):
        return ()
    if _is_credited(workspace, entry):
        return ()
    may_delete = workspace.connector.settings.asperion_guesses.may_delete
    ways = [TakingBack.DELETE] if may_delete and entry.asperion_id is not None else []
    ways += [TakingBack.CREDIT] if entry.kind is DocumentKind.ORDER else []
    return tuple(ways)


def take_back(
    workspace: Workspace, key: str, way: TakingBack, *, reason: str, by: Actor
) -> Entry | None:
    """Take a document back. Returns it afterwards; None when somebody else was faster. Raises
    `NotTakenBack`, `RequestError` for a document that is not known, `ShopBusy` while a run is at
    work.
    """
    note = " ".join(reason.split())
    if not bounds.is_line(note, bounds.LONGEST_REASON):
        raise NotTakenBack(Obstacle.NO_REASON)
    with lease_shop(
        workspace,
        f"take back/{key}/{workspace.now().isoformat()}",
        otherwise="nothing is taken back meanwhile",
    ):
        entry = workspace.entry(key)
        if entry is None:
            raise RequestError("The document is not known here.")
        _check(workspace, entry, way)
        act = {TakingBack.DELETE: _delete, TakingBack.CREDIT: _credit}[way]
        taken = act(workspace, entry, note, by)
    if taken is not None:
        workspace.append_audit(_AUDITED[way], by, note=f"{entry.number}: {note}")
    return taken


def _check(workspace: Workspace, entry: Entry, way: TakingBack) -> None:
    """Raises `NotTakenBack` for what the ledger knows to be in the way."""
    if entry.state is not EntryState.PLACED:
        raise NotTakenBack(Obstacle.NOT_BOOKED)
    if is_known_gone(entry) or _is_credited(workspace, entry):
        raise NotTakenBack(Obstacle.TAKEN_BACK)
    if way not in list_ways(workspace, entry):
        raise NotTakenBack(Obstacle.NOT_ALLOWED)


def _is_credited(workspace: Workspace, entry: Entry) -> bool:
    if entry.kind is not DocumentKind.ORDER:
        return False
    return reversal_of(workspace, entry) is not None


def _delete(workspace: Workspace, entry: Entry, note: str, by: Actor) -> Entry | None:
    look = look_at_first(workspace, entry)
    if look.first is FirstInvoice.DEFINITIVE:
        raise NotTakenBack(Obstacle.DEFINITIVE)
    if look.first is FirstInvoice.CONCEPT and entry.asperion_id is not None:
        _delete_concept(workspace, entry, entry.asperion_id)
    elif look.first is not FirstInvoice.GONE:
        raise NotTakenBack(Obstacle.UNKNOWN)
    step, cause = OrderStep.DELETE_THERE, LateChange.DELETED_THERE
    return workspace.record(entry.key, step, by=by, cause=cause, note=note)


def _delete_concept(workspace: Workspace, entry: Entry, invoice_id: int) -> None:
    """Delete it, and ask again when the answer is lost. Raises `NotTakenBack`."""
    try:
        workspace.asperion.delete_invoice(invoice_id)
    except AsperionInvalid:
        raise NotTakenBack(Obstacle.REFUSED) from None
    except AsperionUnknown:
        if look_at_first(workspace, entry).first is not FirstInvoice.GONE:
            raise NotTakenBack(Obstacle.UNKNOWN) from None
    except (AsperionError, VaultError):
        raise NotTakenBack(Obstacle.UNKNOWN) from None


def _credit(workspace: Workspace, entry: Entry, note: str, by: Actor) -> Entry | None:
    """Note the wish with the order first: its credit is judged by it. A crash between the two is
    made good by asking again. Beside an invoice that Asperion says is not there a credit would
    stand alone; where it does not say, the credit is what was asked for.
    """
    if look_at_first(workspace, entry).first is FirstInvoice.GONE:
        raise NotTakenBack(Obstacle.TAKEN_BACK)
    taken = workspace.record(entry.key, OrderStep.CREDIT, by=by, note=note)
    if taken is None:
        return None
    hint = Hint(
        kind=DocumentKind.REVERSAL,
        document_id=entry.document_id,
        number=entry.number,
        day=local_day(workspace.now()),
    )
    let_reversal_wait(workspace, entry, hint, by)
    return taken
