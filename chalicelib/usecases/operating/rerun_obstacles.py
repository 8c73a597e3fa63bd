"""Why a rerun leaves a document out, as things are."""

from __future__ import annotations

from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.usecases.operating.first_invoices import FirstInvoice, look_at_first
from chalicelib.usecases.operating.repair import is_credit_under_way
from chalicelib.usecases.operating.rerun_request import RerunRequest
from chalicelib.usecases.workspace import Workspace

_WHERE = {
    FirstInvoice.CONCEPT: "is a draft in Asperion still",
    FirstInvoice.DEFINITIVE: "is definitive in Asperion",
    FirstInvoice.UNKNOWN: "may be in Asperion still, which does not answer",
}


def look_for_obstacle(
    workspace: Workspace, entry: Entry, asked: RerunRequest
) -> tuple[str | None, FirstInvoice]:
    """Why the document cannot go into a file as things are, or None; and where its first invoice
    is, which Asperion is asked for.
    """
    why = _find_obstacle(entry, asked)
    if why is None and is_credit_under_way(workspace, entry):
        why = "is being credited; send it again once the credit is delivered"
    if why is not None:
        return why, FirstInvoice.NOT_ASKED
    first = look_at_first(workspace, entry).first
    if asked.despite_first or first not in _WHERE:
        return None, first
    why = f'has a first invoice that {_WHERE[first]}; with "despite_first": true it gets a second'
    return why, first


def _find_obstacle(entry: Entry, asked: RerunRequest) -> str | None:
    if entry.state is EntryState.CLAIMED:
        return f"is in file {entry.file}, which is not finished"
    if entry.state is EntryState.PLACED and entry.kind is DocumentKind.REVERSAL:
        return f"is in file {entry.file} already; an order is taken back once"
    if entry.state is EntryState.PLACED and not asked.reason:
        return f'is in file {entry.file} already; sending it again needs a "reason"'
    if entry.by_hand and not asked.reason:
        return 'was dealt with by hand; sending it after all needs a "reason"'
    return None
