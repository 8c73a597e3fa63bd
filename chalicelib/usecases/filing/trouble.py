"""What keeps a shop's exports from ending well: noted beside the shop, until one ends well.

A note names the cause, the first run that met it (``since``) and the last (``at``, both ISO). While
a run goes on later by itself (its allowance or its time is used up), the note stays as it is.
"""

from __future__ import annotations

from chalicelib.domain.ledger import FileState, ReleaseCause
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.run import Run

TROUBLE_NOTE = "export"

_OF_SHOP: tuple[tuple[type[ShopError], TroubleCause], ...] = (
    (ShopUnauthorised, TroubleCause.SHOP_UNAUTHORISED),
    (ShopForbidden, TroubleCause.SHOP_FORBIDDEN),
    (ShopLanguageUnknown, TroubleCause.LANGUAGE),
    (ShopUnavailable, TroubleCause.SHOP_UNAVAILABLE),
    (ShopError, TroubleCause.SHOP_REFUSED),
)
_OF_STOP = {
    ReleaseCause.INBOX_REFUSED: TroubleCause.INBOX_REFUSED,
    ReleaseCause.INBOX_UNKNOWN: TroubleCause.INBOX_UNKNOWN,
    ReleaseCause.SHOP_UNAVAILABLE: TroubleCause.SHOP_UNAVAILABLE,
}
_MENDED_BY_COMING = (TroubleCause.SHOP_UNAUTHORISED, TroubleCause.LANGUAGE)


def cause_of(error: ShopError) -> TroubleCause:
    """The trouble that an error of the whole shop is."""
    return next(cause for kind, cause in _OF_SHOP if isinstance(error, kind))


def note_down(run: Run, *, whole: bool) -> None:
    """Keep what troubled a run, or that nothing does any more. A run of a few chosen orders (not
    `whole`) proves the latter only by placing them, and one that was not let work proves nothing.
    """
    cause = met(run)
    placed = any(file.state is FileState.PLACED for file in run.files)
    if cause is not None:
        _note(run.connector, run.shop_id, cause)
    elif run.stopped_by is None and run.shop.state.exports and (whole or placed):
        over(run.connector, run.shop_id)


def over(connector: Connector, shop_id: int) -> None:
    """Nothing troubles the shop any more."""
    if connector.shops.noted(shop_id, TROUBLE_NOTE):
        connector.shops.note(shop_id, TROUBLE_NOTE, {})


def over_by_coming(connector: Connector, shop_id: int) -> None:
    """The merchant came from SEOshop with a token and a language that work."""
    noted = connector.shops.noted(shop_id, TROUBLE_NOTE) or {}
    if noted.get("cause") in _MENDED_BY_COMING:
        over(connector, shop_id)


def met(run: Run) -> TroubleCause | None:
    """What troubled a run, if anything did."""
    if run.trouble is not None:
        return run.trouble
    if any(file.state is FileState.UNKNOWN for file in run.files):
        return TroubleCause.INBOX_UNKNOWN
    return None if run.stopped_by is None else _OF_STOP.get(run.stopped_by)


def _note(connector: Connector, shop_id: int, cause: TroubleCause) -> None:
    noted = connector.shops.noted(shop_id, TROUBLE_NOTE) or {}
    at = connector.clock().isoformat()
    since = noted["since"] if noted.get("cause") == cause else at
    connector.shops.note(shop_id, TROUBLE_NOTE, {"cause": cause.value, "since": since, "at": at})
