"""The merchant changes the licence code, and with it where the invoices go.

The shop's record keeps the change in the write that makes it, so that none is without its trace;
audit and mail follow, and what is missing of them the nightly watch makes up for.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.licence import clean_licence, mask_licence, show_ending
from chalicelib.domain.licence_changes import LicenceChange, keep_needed
from chalicelib.domain.notified_changes import MOST_A_DAY, count_of_day
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import LedgerConflict, LicenceError, RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.shop.contact import tell_contact
from chalicelib.usecases.shop.untold_changes import make_up_for
from chalicelib.usecases.workspace import Workspace

_WITHOUT_CODE = (ShopState.INSTALLING, ShopState.UNINSTALLED)


class TooManyChanges(RequestError):
    """The licence code was changed so often today that it may not be changed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A licence code that may take the place of the present one. `code` is a secret; `former` and
    `new` are endings. By `former_mark` and `new_print`, a keyed hash, a later call can tell that it
    is about the same two.
    """

    code: str
    former: str
    new: str
    former_mark: str
    new_print: str
    is_same: bool


def propose_licence(workspace: Workspace, typed: str) -> Proposal:
    """What a typed code would change; nothing is stored, nor is the present code opened. Raises
    `LicenceError`.
    """
    code, shop = clean_licence(typed), workspace.shop
    return Proposal(
        code=code,
        former=show_ending(shop.masked_licence),
        new=show_ending(mask_licence(code)),
        former_mark=_mark_of(shop),
        new_print=workspace.list_inbox_prints(code)[0],
        is_same=_holds(workspace, shop, code),
    )


def _mark_of(shop: Shop) -> str:
    return "" if shop.licence is None else shop.licence.mark


def _holds(workspace: Workspace, shop: Shop, code: str) -> bool:
    vault, sealed = workspace.connector.vault, shop.licence
    return sealed is not None and vault.holds(shop.shop_id, SecretKind.LICENCE, sealed, code)


def _is_current(workspace: Workspace, shop: Shop) -> bool:
    vault, sealed = workspace.connector.vault, shop.licence
    return sealed is not None and vault.is_current(shop.shop_id, SecretKind.LICENCE, sealed)


def is_code_in_use(workspace: Workspace, typed: str) -> bool:
    """Whether a typed code is the shop's present one."""
    try:
        return propose_licence(workspace, typed).is_same
    except LicenceError:
        return False


def change_licence(
    workspace: Workspace, licence: str, *, by: Actor, former_mark: str
) -> LicenceChange | None:
    """Put another licence code in the place of the one that has `former_mark`; the audit and the
    shop's contact are told. Returns the change; None when that code is in use already: at most it
    is sealed anew, for one that could not be opened any more.

    Raises `LicenceError`; `RequestError` for a shop that is not installed; `TooManyChanges`;
    `LedgerConflict` when the code in use is by now another one than the merchant saw;
    `VaultUnavailable` with nothing stored.
    """
    code, now = clean_licence(licence), workspace.now()
    vault, shop_id = workspace.connector.vault, workspace.shop_id
    sealed = vault.seal(shop_id, SecretKind.LICENCE, code)
    made: list[LicenceChange] = []

    def change(stored: Shop) -> Shop:
        made.clear()
        if stored.state in _WITHOUT_CODE:
            raise RequestError("The licence code of a shop that is not installed is not changed.")
        if _holds(workspace, stored, code):
            return stored if _is_current(workspace, stored) else replace(stored, licence=sealed)
        if _mark_of(stored) != former_mark:
            raise LedgerConflict("The licence code was changed by somebody else meanwhile.")
        if count_of_day(stored.licence_changes, now) >= MOST_A_DAY:
            raise TooManyChanges(f"The licence code was changed {MOST_A_DAY} times today.")
        former = stored.licence
        if former is not None and former.is_plain:  # as versions before 1.3.0 stored it
            former = vault.seal(shop_id, SecretKind.LICENCE, former.content)
        one = LicenceChange(
            at=now,
            by=by,
            former=show_ending(stored.masked_licence),
            new=show_ending(sealed.shown),
            code=former,
        )
        made.append(one)
        changes = keep_needed((*stored.licence_changes, one), now)
        return replace(stored, licence=sealed, licence_changes=changes, changed_at=now)

    workspace.update_shop(change)
    for one in made:
        _append_to_audit(workspace, one)
        tell_contact(workspace, one)
        return one
    return None


def complete_changes(workspace: Workspace) -> tuple[LicenceChange, ...]:
    """Make up for what is missing of the last changes: a line in the audit, a mail that was not
    sent. Returns those of which the contact could not be told this time either; none in an
    installation that sends no mail.
    """
    changes = workspace.shop.licence_changes
    return make_up_for(workspace, changes, [ShopStep.CHANGE_LICENCE], _append_to_audit)


def _append_to_audit(workspace: Workspace, change: LicenceChange) -> None:
    """Under the moment of the change itself, by which the watch finds it."""
    event = AuditEvent(at=change.at, step=ShopStep.CHANGE_LICENCE, by=change.by, note=change.note)
    workspace.connector.shops.append_audit(workspace.shop_id, event)
