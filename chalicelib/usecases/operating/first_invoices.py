"""Whether the invoice of a document that is to be sent again is in Asperion still: asked at that
very moment of what was delivered by API. A file cannot be asked.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum

from chalicelib.domain.causes import LateChange
from chalicelib.domain.concepts import ShownInvoice
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.errors import AsperionError, VaultError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.read_deliveries import is_of_administration
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

TIME = timedelta(seconds=15)
"""For what is asked of Asperion while somebody waits for a page."""


class FirstInvoice(StrEnum):
    """Where the first invoice of a document is."""

    NOT_ASKED = "not asked"  # it went by a file, or the document is not in the books
    GONE = "gone"
    CONCEPT = "concept"
    DEFINITIVE = "definitive"
    UNKNOWN = "unknown"  # Asperion does not say

    @property
    def is_doubled(self) -> bool:
        """Whether sending the document again books its sale twice, or may."""
        return self in (FirstInvoice.CONCEPT, FirstInvoice.DEFINITIVE, FirstInvoice.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What Asperion said of a document's invoice, and what it showed, if anything."""

    first: FirstInvoice
    shown: ShownInvoice | None = None


class FirstStillThere(Exception):
    """Documents whose first invoice is in Asperion still, or may be: `firsts` says where, by key. A
    person has to say that this is known.
    """

    def __init__(self, firsts: dict[str, FirstInvoice]) -> None:
        super().__init__(", ".join(sorted(firsts)))
        self.firsts = firsts

    @property
    def worst(self) -> FirstInvoice:
        """The one that weighs most."""
        return max(self.firsts.values(), key=list(FirstInvoice).index)


def look_at_first(workspace: Workspace, entry: Entry) -> Look:
    """Ask where the invoice of a document is. Of one in a former administration that is not known.
    Raises nothing that Asperion causes.
    """
    if entry.state is not EntryState.PLACED or entry.asperion_id is None:
        return Look(first=FirstInvoice.NOT_ASKED)
    file = workspace.connector.files.get(workspace.shop_id, entry.file or "")
    if file is None or not is_of_administration(workspace, file):
        return Look(first=FirstInvoice.UNKNOWN)
    try:
        api = workspace.asperion
        api.limit_time(TIME)
        shown = api.find_invoice(entry.asperion_id)
    except (AsperionError, VaultError) as error:
        extra = {"shop_id": workspace.shop_id, "error": type(error).__name__}
        log.warning("Asperion cannot be asked for an invoice", extra=extra)
        return Look(first=FirstInvoice.UNKNOWN)
    if shown is None:
        return Look(first=FirstInvoice.GONE)
    is_definitive = shown.status is None or shown.status.is_definitive
    first = FirstInvoice.DEFINITIVE if is_definitive else FirstInvoice.CONCEPT
    return Look(first=first, shown=shown)


def check_firsts(
    workspace: Workspace, entries: Iterable[Entry], confirmed: Collection[FirstInvoice]
) -> dict[str, FirstInvoice]:
    """Where the first invoices of these documents are, by key. Raises `FirstStillThere` when one of
    them is where nobody has `confirmed` that it is.
    """
    firsts = {entry.key: look_at_first(workspace, entry).first for entry in entries}
    doubled = {key: first for key, first in firsts.items() if first.is_doubled}
    if any(first not in confirmed for first in doubled.values()):
        raise FirstStillThere(doubled)
    return firsts


def is_known_gone(entry: Entry) -> bool:
    """Whether a document's invoice was seen to be deleted in Asperion."""
    return entry.there is LateChange.DELETED_THERE
