"""How a held document looks now: read and judged while its page is made, and kept nowhere."""

from __future__ import annotations

from chalicelib.axml import find_unwritable
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.errors import ShopError, VaultError
from chalicelib.usecases.judging.reading import read_document
from chalicelib.usecases.workspace import Workspace


def preview_verdict(workspace: Workspace, entry: Entry) -> Verdict | None:
    """The verdict on a held document as the shop has it at this moment; None when it is not held,
    when the shop is not installed whole, or does not answer. Nothing is written.
    """
    if entry.state is not EntryState.HELD or not workspace.shop.licence:
        return None
    try:
        verdict = read_document(workspace, entry).verdict
    except (ShopError, VaultError):
        return None
    if isinstance(verdict, Invoice) and entry.hold == HoldReason.UNWRITABLE:
        still = find_unwritable(workspace.connector.profile(), verdict)
        return Hold(HoldReason.UNWRITABLE, still.field) if still else verdict
    return verdict
