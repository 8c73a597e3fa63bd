"""The nightly watch over what nobody asks for: subscriptions, refunds, payment methods, silence.

A few calls a shop, apart from the export so that an export costs one call an order, one a page of a
list and one for the list's end.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from chalicelib.domain.bounds import MOST_NEW_METHODS
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import (
    AppRefused,
    SealBroken,
    ShopError,
    ShopUnauthorised,
    ShopUnreadable,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.changed_orders import see_changed_orders
from chalicelib.usecases.afterwards.later_proofs import prove_later
from chalicelib.usecases.afterwards.reading_back import read_back
from chalicelib.usecases.afterwards.refunds import flag_refunds
from chalicelib.usecases.afterwards.rereading import flag_edits
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake.paging import report_skipped_rows
from chalicelib.usecases.shop.app_proof import require_app
from chalicelib.usecases.shop.connection_change import complete_connection_changes
from chalicelib.usecases.shop.licence_change import complete_changes
from chalicelib.usecases.shop.lifetimes_of_shop import forget_numbers, renew_lifetimes
from chalicelib.usecases.shop.locks_of_shop import complete_lock_audit
from chalicelib.usecases.shop.refused_tokens import meet_refused_token
from chalicelib.usecases.shop.seals import renew_number_seals, renew_seals
from chalicelib.usecases.shop.subscriptions import mend_subscriptions
from chalicelib.usecases.shop.uninstalling import try_leaving_again
from chalicelib.usecases.workspace import Workspace, open_workspace

log = logging.getLogger(__name__)

LONGEST = timedelta(minutes=5)
HABIT_DAYS = 28
DAYS_TO_KNOW_A_HABIT = 5
LEAST_PATIENCE = 3  # days of silence nobody need mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was seen of one shop; `refunded` and `edited` are order numbers, `disproven` those that
    were booked to a VAT number that turned out not to be in use, `otherwise` those that Asperion
    shows otherwise than they were delivered. `quiet_days` is set
    when the shop is quiet beyond its habit, `trouble` when SEOshop refused its token or the app.
    """

    shop_id: int
    healed: tuple[str, ...] = ()
    removed: int = 0
    refunded: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    new_methods: tuple[str, ...] = ()
    quiet_days: int | None = None
    trouble: TroubleCause | None = None
    disproven: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    untold: int = 0  # changes of the licence code that the shop's contact could not be told
    resealed: int = 0  # secrets that were sealed anew

    @property
    def is_fine(self) -> bool:
        """Whether nobody need do anything."""
        seen = (self.healed, self.removed, self.refunded, self.quiet_days, self.trouble)
        return not any((*seen, self.disproven, self.otherwise, self.untold))


def watch_shop(connector: Connector, shop_id: int) -> Watched | None:
    """Watch over a shop. One that is leaving has its token tried, and of one that does not export
    only the secrets are sealed anew, its customers' VAT numbers are asked about, Asperion is read
    back, and its contact is told of a changed licence code; None when there was nothing to do. A
    refused token disconnects it, once it is proven to be the shop's own fault. Raises
    `UnknownShop`, `ShopError`, `LedgerError`, `VaultUnavailable`.
    """
    workspace = open_workspace(connector, shop_id)
    try_leaving_again(workspace)
    renew_lifetimes(workspace)
    numbers = forget_numbers(workspace)
    seen = Watched(
        shop_id=shop_id,
        resealed=renew_seals(workspace) + renew_number_seals(workspace, numbers),
        disproven=prove_later(workspace, numbers),
        otherwise=read_back(workspace),
    )
    complete_lock_audit(workspace)
    if not workspace.shop.state.exports:
        seen = replace(seen, untold=_tell_later(workspace))
        return None if seen == Watched(shop_id=shop_id) else seen
    try:
        require_app(workspace)
        return watch(workspace, seen)
    except AppRefused:
        trouble: TroubleCause | None = TroubleCause.APP_REFUSED
    except SealBroken:
        trouble = TroubleCause.SEAL_BROKEN
    except ShopUnauthorised:
        trouble = _meet_refusal(workspace)
    return replace(seen, trouble=trouble)


def _tell_later(workspace: Workspace) -> int:
    """Of how many changes of where invoices go the contact could not be told yet."""
    return len(complete_changes(workspace)) + len(complete_connection_changes(workspace))


def _meet_refusal(workspace: Workspace) -> TroubleCause | None:
    """What troubles the shop; nothing when the merchant came again meanwhile."""
    refused = workspace.shop
    trouble = meet_refused_token(workspace)
    stored = workspace.connector.find_shop(workspace.shop_id)
    return trouble if stored.token == refused.token else None


def watch(workspace: Workspace, seen: Watched) -> Watched:
    """Watch over one shop, by what SEOshop says of it; adds to what was `seen`. Reads no more
    orders once `LONGEST` has passed. Raises `ShopError`, `LedgerError`; every part keeps its own
    progress, so that what failed is made up for later.
    """
    stop_at = workspace.now() + LONGEST
    untold = _tell_later(workspace)
    created, removed = _mend_subscriptions(workspace)
    unmapped = _find_new_methods(workspace)
    search = see_changed_orders(workspace, stop_at=stop_at)
    refunds = flag_refunds(workspace)
    watched = replace(
        seen,
        healed=created,
        removed=removed,
        refunded=refunds.found,
        edited=flag_edits(search, refunds.moments),
        new_methods=tuple(method.title for method in unmapped),
        quiet_days=count_quiet_days(workspace),
        untold=untold,
    )
    shown = sorted(unmapped, key=lambda method: method.key)[:MOST_NEW_METHODS]
    findings = WatchFindings(
        at=workspace.now(),
        new_methods={method.key: " ".join(method.title.split()) for method in shown},
        quiet_days=watched.quiet_days,
    )
    workspace.connector.shops.save(workspace.shop_id, findings)
    report_skipped_rows(workspace)
    return watched


def _mend_subscriptions(workspace: Workspace) -> tuple[tuple[str, ...], int]:
    """See `mend_subscriptions`. While one of them cannot be read, none is made, lest there be one
    more every night; all else goes on.
    """
    try:
        created, removed = mend_subscriptions(workspace)
    except ShopUnreadable as error:
        extra = {"shop_id": workspace.shop_id, "cause": str(error)}
        log.error("subscriptions cannot be read", extra=extra)
        return (), 0
    if created or removed:
        note = ", ".join(created)
        workspace.append_audit(ShopStep.MEND_SUBSCRIPTIONS, Actor.CONNECTOR, note)
    return created, removed


def _find_new_methods(workspace: Workspace) -> tuple[PaymentMethod, ...]:
    """Payment methods the merchant has not decided on: warned of before the first order comes."""
    try:
        methods = workspace.api.payment_methods()
    except ShopUnauthorised:
        raise
    except ShopError:
        return ()
    return tuple(method for method in methods if is_new(workspace.shop.policy, method.key))


def count_quiet_days(workspace: Workspace) -> int | None:
    """For how many days a shop that normally sells has been quiet, when that is beyond its own
    habit: twice its longest gap of the last four weeks, and more than `LEAST_PATIENCE` days.
    """
    statements = workspace.connector.shops.statements(workspace.shop_id, HABIT_DAYS)
    selling = sorted(statement.day for statement in statements if statement.due)
    if len(selling) < DAYS_TO_KNOW_A_HABIT:
        return None
    longest = max((b - a).days for a, b in pairwise(selling))
    quiet = (local_day(workspace.now()) - selling[-1]).days
    return quiet if quiet > max(2 * longest, LEAST_PATIENCE) else None
