"""How a held document looks now: read and judged while its page is made, and kept nowhere."""

from __future__ import annotations

from chalicelib.axml import unwritable
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.shops import Shop
from chalicelib.errors import ShopError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.reading import read


def look(connector: Connector, shop: Shop, entry: Entry) -> Verdict | None:
    """The verdict on a held document as the shop has it at this moment; None when it is not held,
    when the shop is not installed whole, or does not answer. Nothing is written.
    """
    if entry.state is not EntryState.HELD or not shop.licence:
        return None
    try:
        verdict = read(connector, shop, connector.page_api(shop), entry).verdict
    except ShopError:
        return None
    if isinstance(verdict, Invoice) and entry.hold == HoldReason.UNWRITABLE:
        still = unwritable(connector.profile(), verdict)
        return Hold(HoldReason.UNWRITABLE, entry.hold_detail) if still else verdict
    return verdict
