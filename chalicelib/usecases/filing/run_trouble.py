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


def keep_trouble(run: Run, *, is_whole: bool) -> None:
    """Keep what troubled a run, with the run too, or that nothing does any more. While it goes on
    later by itself, what is kept stays as it is. A run of a few chosen orders (not `is_whole`)
    proves that nothing does only by placing them, and one that was not let work proves nothing.
    """
    if run.stopped_by is ReleaseCause.SHOP_CHANGED:
        return  # nothing troubles it: the next run works with the shop as it is
    states = {file.state for file in run.files}
    if run.trouble is None and FileState.UNKNOWN in states:
        run.trouble = TroubleCause.INBOX_UNKNOWN
    elif run.trouble is None and run.stopped_by is not None:
        run.trouble = _OF_STOP.get(run.stopped_by)
    if run.trouble is not None:
        note_trouble(run, run.trouble)
    elif (
        run.stopped_by is None
        and run.shop.state.exports
        and (is_whole or FileState.PLACED in states)
    ):
        clear_trouble(run)
