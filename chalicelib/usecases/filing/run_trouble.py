"""What troubled a run, and keeping it beside the shop until a run ends well."""

from __future__ import annotations

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.shop.trouble import clear_trouble, note_trouble

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


def trouble_of_error(error: ShopError) -> TroubleCause:
    """The trouble that an error of the whole shop is."""
    return next(cause for kind, cause in _OF_SHOP if isinstance(error, kind))


def trouble_of_run(run: Run) -> TroubleCause | None:
    """What troubled a run, if anything did."""
    if run.trouble is not None:
        return run.trouble
    if any(file.state is FileState.UNKNOWN for file in run.files):
        return TroubleCause.INBOX_UNKNOWN
    return None if run.stopped_by is None else _OF_STOP.get(run.stopped_by)


def keep_trouble(run: Run, *, is_whole: bool) -> None:
    """Keep what troubled a run, or that nothing does any more. While a run goes on later by itself,
    what is kept stays as it is. A run of a few chosen orders (not `is_whole`) proves that nothing
    does only by placing them, and one that was not let work proves nothing.
    """
    cause = trouble_of_run(run)
    has_placed = any(file.state is FileState.PLACED for file in run.files)
    if cause is not None:
        note_trouble(run, cause)
    elif run.stopped_by is None and run.shop.state.exports and (is_whole or has_placed):
        clear_trouble(run)
