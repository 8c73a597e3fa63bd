"""How a held document looks now: read and judged while its page is made, and kept nowhere."""

from __future__ import annotations

from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.ways import Way
from chalicelib.errors import ShopError, VaultError
from chalicelib.usecases.judging.obstacles import find_obstacle
from chalicelib.usecases.judging.reading import read_document
from chalicelib.usecases.workspace import Workspace


def preview_verdict(workspace: Workspace, entry: Entry) -> Verdict | None:
    """The verdict on a held document as the shop has it at this moment; None when it is not held,
    when the shop is not installed whole, or does not answer. Nothing is written.
    """
    shop = workspace.shop
    if entry.state is not EntryState.HELD or (shop.way is Way.FILE and not shop.licence):
        return None
    try:
        verdict = read_document(workspace, entry).verdict
    except (ShopError, VaultError):
        return None
    if isinstance(verdict, Invoice):
        return find_obstacle(workspace, verdict, held_for=entry.hold) or verdict
    return verdict
