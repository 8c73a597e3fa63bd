"""What troubled a run, and keeping it beside the shop until a run ends well."""

from __future__ import annotations

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import (
    AppRefused,
    AsperionError,
    AsperionForbidden,
    AsperionUnauthorised,
    ConnectionRefused,
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopUnauthorised,
    ShopUnavailable,
    VaultError,
    VaultUnavailable,
)
from chalicelib.usecases.filing.run import THE_SHOP, NotBooked, Run
from chalicelib.usecases.shop.refused_tokens import meet_refused_token
from chalicelib.usecases.shop.trouble import clear_trouble, note_trouble

_OF_SHOP: tuple[tuple[type[ShopError], TroubleCause], ...] = (
    (AppRefused, TroubleCause.APP_REFUSED),
    (ShopForbidden, TroubleCause.SHOP_FORBIDDEN),
    (ShopLanguageUnknown, TroubleCause.LANGUAGE),
    (ShopUnavailable, TroubleCause.SHOP_UNAVAILABLE),
    (ShopError, TroubleCause.SHOP_REFUSED),
)
_OF_ASPERION: tuple[tuple[type[AsperionError], TroubleCause], ...] = (
    (ConnectionRefused, TroubleCause.CONNECT_AGAIN),
    (AsperionUnauthorised, TroubleCause.CONNECT_AGAIN),
    (AsperionForbidden, TroubleCause.ADMINISTRATION_CLOSED),
    (AsperionError, TroubleCause.INBOX_UNAVAILABLE),
)
_ABOUT_THE_INSTALLATION = (ShopUnauthorised, ShopForbidden, ShopLanguageUnknown)
_OF_REFUSAL = {
    TroubleCause.SHOP_UNAUTHORISED: "SEOshop refuses the token; install the app again",
    TroubleCause.UNPROVEN: "SEOshop refuses the token, or the app; it is tried again",
    TroubleCause.APP_REFUSED: "SEOshop refuses the app's own key and secret; it is tried again",
}
_OF_STOP = {
    ReleaseCause.INBOX_REFUSED: TroubleCause.INBOX_REFUSED,
    ReleaseCause.INBOX_UNAVAILABLE: TroubleCause.INBOX_UNAVAILABLE,
    ReleaseCause.INBOX_UNKNOWN: TroubleCause.INBOX_UNKNOWN,
    ReleaseCause.SHOP_UNAVAILABLE: TroubleCause.SHOP_UNAVAILABLE,
    ReleaseCause.CONNECTION_REFUSED: TroubleCause.CONNECT_AGAIN,
    ReleaseCause.ADMINISTRATION_CLOSED: TroubleCause.ADMINISTRATION_CLOSED,
    ReleaseCause.DOCUMENTS_REFUSED: TroubleCause.DOCUMENTS_REFUSED,
}


def _trouble_of_error(error: ShopError) -> TroubleCause:
    """The trouble that an error of the whole shop is."""
    return next(cause for kind, cause in _OF_SHOP if isinstance(error, kind))


def meet_refusal(run: Run, error: ShopError) -> None:
    """SEOshop gives nothing at all. A refusal of what the merchant replaced meanwhile, by coming
    from the AppCenter again, says nothing: the run goes on with the new token. Nor does silence
    when the run's own time is up.
    """
    stored = run.connector.find_shop(run.shop_id)
    if isinstance(error, _ABOUT_THE_INSTALLATION) and _has_come_again(run.shop, stored):
        run.stop(ReleaseCause.REINSTALLED, resume_at=run.now())
        return
    if isinstance(error, ShopUnavailable) and run.now() >= run.stop_at:
        run.stop(ReleaseCause.TIME, resume_at=run.now())
        return
    if isinstance(error, ShopUnauthorised):
        _meet_refused_token(run)
        return
    run.trouble = _trouble_of_error(error)
    run.skipped.append(NotBooked(THE_SHOP, str(error)))


def meet_closed_vault(run: Run, error: VaultError) -> None:
    """Token or licence code cannot be opened, at the moment or for good: neither the shop nor the
    inbox has refused anything.
    """
    is_passing = isinstance(error, VaultUnavailable)
    run.trouble = TroubleCause.VAULT_UNAVAILABLE if is_passing else TroubleCause.SEAL_BROKEN
    run.skipped.append(NotBooked(THE_SHOP, str(error)))


def meet_asperion(run: Run, error: AsperionError) -> None:
    """Asperion's API lets nothing in, of none of the shop's orders: they wait."""
    run.trouble = next(cause for kind, cause in _OF_ASPERION if isinstance(error, kind))
    run.skipped.append(NotBooked(THE_SHOP, str(error)))


def find_release_cause(error: AsperionError | VaultError) -> ReleaseCause:
    """Why documents wait again that Asperion's API certainly did not take because of this error."""
    if isinstance(error, AsperionForbidden):
        return ReleaseCause.ADMINISTRATION_CLOSED
    if isinstance(error, ConnectionRefused | AsperionUnauthorised):
        return ReleaseCause.CONNECTION_REFUSED
    return ReleaseCause.INBOX_UNAVAILABLE


def _meet_refused_token(run: Run) -> None:
    """Find out whose fault it is, unless the merchant comes again in that very moment."""
    refused = run.shop
    trouble = meet_refused_token(run)
    if run.shop.state is ShopState.UNINSTALLED:
        run.skipped.append(NotBooked(THE_SHOP, run.shop.state.value))
        return
    if _has_come_again(refused, run.connector.find_shop(run.shop_id)):
        run.stop(ReleaseCause.REINSTALLED, resume_at=run.now())
        return
    run.trouble = trouble
    run.skipped.append(NotBooked(THE_SHOP, _OF_REFUSAL[trouble]))


def _has_come_again(known: Shop, stored: Shop) -> bool:
    return (known.token, known.language, known.cluster) != (
        stored.token,
        stored.language,
        stored.cluster,
    )


def name_trouble(run: Run) -> None:
    """Say of a run what troubled it, unless the shop's refusal did, which it says itself."""
    if run.stopped_by in (ReleaseCause.SHOP_CHANGED, ReleaseCause.HALTED):
        return  # nothing troubles it: the next run works with the shop as it is
    if run.trouble is None and FileState.UNKNOWN in {file.state for file in run.files}:
        run.trouble = TroubleCause.INBOX_UNKNOWN
    elif run.trouble is None and run.stopped_by is not None:
        run.trouble = _OF_STOP.get(run.stopped_by)


def keep_trouble(run: Run, *, is_whole: bool) -> None:
    """Keep what troubled a run beside the shop, or that nothing does any more. While it goes on
    later by itself, what is kept stays as it is. A run of a few chosen orders (not `is_whole`)
    proves that nothing does only by placing them, and one that was not let work proves nothing.
    """
    if run.trouble is not None:
        note_trouble(run, run.trouble)
    elif run.stopped_by is None and run.shop.state.exports and (is_whole or run.has_placed):
        clear_trouble(run)
