"""A merchant chooses anew, or takes a change back: the choices, and the history of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.bounds import check_policy
from chalicelib.domain.choice_history import (
    ChoiceChange,
    ChoiceHistory,
    add_change,
    name_methods,
)
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.policy import Policy
from chalicelib.domain.policy_edits import Edits, apply_edits, list_edits
from chalicelib.domain.shop_records import SourceChange, WatchFindings
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import RequestError, ShopError, VaultError
from chalicelib.usecases.shop.source_changes import (
    find_mark_under,
    note_change_to_invoices,
    read_change_to_invoices,
)
from chalicelib.usecases.shop.subscriptions import mend_subscriptions
from chalicelib.usecases.workspace import Workspace


def change_choices(
    workspace: Workspace,
    policy: Policy,
    *,
    by: Actor,
    takes_back: int | None = None,
) -> Shop:
    """Somebody chooses anew for an installed shop: store that, keep what changed in the shop's
    history, and renew the subscriptions. `takes_back` is the number of the change that this one
    takes back.

    What is stored is what `policy` changes of the choices that `workspace` was opened with: what
    somebody else changed meanwhile stays. Raises `UnknownShop`, `RequestError` when the shop is
    gone or the choices are more than can be kept, `ShopError` when the subscription fails (the
    choices are stored).
    """
    check_policy(policy)
    edits = list_edits(workspace.shop.policy, policy)
    now, change = workspace.now(), note_source(workspace, policy)
    former: list[Policy] = []  # as it was in the moment of the change

    def choose(stored: Shop) -> Shop:
        require_shop(stored)
        former[:] = [stored.policy]
        edited = apply_edits(stored.policy, edits) if edits else stored.policy
        check_policy(edited)
        chosen = choose_under(stored, edited, change)
        return stored if chosen == stored else replace(chosen, changed_at=now)

    if workspace.change_shop(choose):
        workspace.append_audit(ShopStep.CHANGE_SETTINGS, by)
        keep_change(workspace, former[-1], at=now, by=by, takes_back=takes_back)
    mend_subscriptions(workspace)
    return workspace.shop


def note_source(workspace: Workspace, policy: Policy) -> SourceChange | None:
    """Before a policy is stored: keep how far the orders were seen, when the shop exports invoices
    from now on. Returns the last such change.
    """
    note_change_to_invoices(workspace, policy)
    return read_change_to_invoices(workspace)


def choose_under(stored: Shop, policy: Policy, change: SourceChange | None) -> Shop:
    """The shop with that policy, and with the mark from which its next sweep begins."""
    return replace(stored, policy=policy, swept_until=find_mark_under(stored, policy, change))


def require_shop(stored: Shop) -> None:
    """Raises `RequestError` for a shop that was uninstalled."""
    if stored.state is ShopState.UNINSTALLED:
        raise RequestError(f"Shop {stored.shop_id} was uninstalled; install the app again.")


def keep_change(
    workspace: Workspace,
    former: Policy,
    *,
    at: datetime,
    by: Actor,
    takes_back: int | None = None,
) -> None:
    """Keep in the history what was changed from the `former` policy to the shop's present one."""
    edits = list_edits(former, workspace.shop.policy)
    if not edits:
        return
    named = name_methods(edits, _find_titles(workspace, edits))
    change = ChoiceChange(number=0, at=at, by=by, edits=named, takes_back=takes_back)
    workspace.connector.shops.change(
        workspace.shop_id,
        ChoiceHistory,
        lambda stored: add_change(stored or ChoiceHistory(), change),
    )


def read_history(workspace: Workspace) -> ChoiceHistory:
    """The changes of the shop's choices that are kept."""
    stored = workspace.connector.shops.load(workspace.shop_id, ChoiceHistory)
    return stored or ChoiceHistory()


def _find_titles(workspace: Workspace, edits: Edits) -> dict[str, str]:
    """The names of the shop's payment methods by their keys, as far as edits need them and they can
    be found: as the watch found them, or as the shop gives them now.
    """
    keys = {edit.key for edit in edits if edit.field == "payments"}
    if not keys:
        return {}
    findings = workspace.connector.shops.load(workspace.shop_id, WatchFindings)
    found = dict(findings.new_methods) if findings else {}
    if keys <= {key for key, title in found.items() if title}:
        return found
    try:
        return found | {each.key: each.title for each in workspace.api.payment_methods()}
    except (ShopError, VaultError):
        return found
