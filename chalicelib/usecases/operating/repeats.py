"""Whether a person asks for the very same thing once more: a caller that got no answer repeats its
request, and a button is pressed twice. That is one act, and books one invoice.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import timedelta

from chalicelib.domain.bounds import MOST_ASKED
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.domain.repeated_requests import Request, Requests
from chalicelib.errors import RequestError
from chalicelib.usecases.workspace import Workspace

Found = tuple[Hint, Entry | None]
"""A document as it is asked for, and what the ledger knows of it."""

WITHIN = timedelta(hours=1)
"""How long the same order with the same reason is the same request."""

DELIVERED_WITHIN = timedelta(hours=6)
"""How long Lambda may deliver one call again, by its own account; with its id each time."""


def note_requests(
    workspace: Workspace, documents: Iterable[Found], reason: str, *, call: str = ""
) -> Mapping[str, Request]:
    """Note that these documents are asked for with a reason, by a `call` of that id if it has one.
    Returns each request by its document's key, as it was made first.

    Kept are keyed hashes, and for as long as they are compared. Raises `RequestError` when these
    are more than there is room for, with nothing noted.
    """
    now = workspace.now()
    asked = {hint.key: Request(at=now, file=_file_of(entry)) for hint, entry in documents}
    prints = {key: _print(workspace, "reason", key, reason) for key in asked}
    calls = {key: _print(workspace, "call", key, reason, call) for key in asked if call}
    newest = {key: each[0] for key, each in prints.items()}

    def note(kept: Requests | None) -> Requests:
        known = kept or Requests()
        by_reason = {p: one for p, one in known.by_reason.items() if now - one.at < WITHIN}
        by_call = {p: one for p, one in known.by_call.items() if now - one.at < DELIVERED_WITHIN}
        for key, request in asked.items():
            by_this_call = calls.get(key, [])
            first = _find(by_call, by_this_call) or _find(by_reason, prints[key]) or request
            by_reason[newest[key]] = first
            if by_this_call:
                by_call[by_this_call[0]] = first
        if max(len(by_reason), len(by_call)) > MOST_ASKED:
            raise RequestError(
                f"At most {MOST_ASKED} documents can be asked for with a reason within six hours. "
                "Nothing was done; ask again later."
            )
        return Requests(by_reason=by_reason, by_call=by_call)

    noted = workspace.connector.shops.change(workspace.shop_id, Requests, note) or Requests()
    return {key: noted.by_reason[newest[key]] for key in asked}


def is_done(entry: Entry, request: Request) -> bool:
    """Whether a document went into another file since it was asked for: what was wished is done."""
    return entry.state is EntryState.PLACED and entry.file != request.file


def _file_of(entry: Entry | None) -> str:
    is_placed = entry is not None and entry.state is EntryState.PLACED
    return (entry.file or "") if entry is not None and is_placed else ""


def _print(workspace: Workspace, *parts: str) -> list[str]:
    """The keyed hash of a request, with the key for new ones first."""
    text = "\n".join(("request", *parts)).encode()
    return [hmac.digest(key, text, "sha256").hex()[:32] for key in workspace.prints_keys]


def _find(known: Mapping[str, Request], prints: Iterable[str]) -> Request | None:
    return next((known[each] for each in prints if each in known), None)
