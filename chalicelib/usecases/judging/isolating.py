"""One bad document never stops its shop: what is wrong with it alone becomes its own verdict."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from pathlib import Path

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.judgement import NotDue, Verdict
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.policy import not_due
from chalicelib.errors import ConnectorError, ShopRefused, ShopUnreadable
from chalicelib.usecases.judging.reading import Reading, read_document
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

OF_ITS_DATA = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What code raises when it meets data that nobody foresaw. Anything else is not the document's."""


def read_isolated(workspace: Workspace, entry: Entry) -> Reading:
    """Read and judge one document. One that cannot be read for reasons of its own is held as
    `UNREADABLE`: a field of the wrong shape, a refusal that SEOshop gives to it alone, an error
    that nobody foresaw. What could be read of it counts all the same: its number and day, and a
    status by which it is not due.

    Raises `ShopRateLimited`, `ShopNotFound`, `ShopUnavailable` for what may be gone later, and
    whatever concerns more than this document: other `ShopError`, `LedgerError`, `ProfileError`.
    """
    reading = Reading(verdict=Hold(HoldReason.UNREADABLE), summary="")
    try:
        return read_document(workspace, entry)
    except ShopUnreadable as error:
        reason = {"cause": str(error)}
        reading = _judge_readable(workspace, entry, error.readable)
    except ShopRefused as refusal:
        workspace.api.profile()  # raises when SEOshop refuses the shop, and not just this document
        reason = {"cause": f"refused ({refusal.status})"}
    except ConnectorError:
        raise
    except OF_ITS_DATA as error:
        # Its message may hold a piece of the order: kind and place are enough.
        reason = {"error": type(error).__name__, "place": _place(error)}
    log.error("unreadable", extra={"shop_id": workspace.shop_id, "document": entry.key, **reason})
    return reading


def _judge_readable(workspace: Workspace, entry: Entry, readable: object) -> Reading:
    """The verdict on a document of which no more could be read than a list shows, if that."""
    verdict: Verdict = Hold(HoldReason.UNREADABLE)
    hint: Hint | None = None
    if entry.kind is DocumentKind.ORDER and isinstance(readable, OrderSummary):
        hint = Hint.of_order(readable)
        if cause := not_due(readable, workspace.shop.policy):
            verdict = NotDue(cause)
    elif entry.kind is DocumentKind.INVOICE and isinstance(readable, ShopInvoice):
        hint = Hint.of_invoice(readable)
    if hint is not None and hint.number == str(entry.document_id):  # a number that was not there
        hint = replace(hint, number=entry.number)
    return Reading(verdict=verdict, summary="", hint=hint)


def _place(error: Exception) -> str:
    """Where it was raised: ``lines.py:41``."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
