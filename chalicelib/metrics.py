"""What exports and the watch count; how it is published is in `chalicelib.figures`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.figures import REFUSALS, publish
from chalicelib.ports import Task
from chalicelib.report_figures import MADE, NEGLECTED

if TYPE_CHECKING:
    from chalicelib.usecases.afterwards.watch import Watched
    from chalicelib.usecases.filing.run import Run

TROUBLES: Mapping[TroubleCause, str] = {
    TroubleCause.INBOX_REFUSED: "FilesRefused",
    TroubleCause.INBOX_UNAVAILABLE: "InboxesUnavailable",
    TroubleCause.INBOX_UNKNOWN: "FilesUnknown",
    TroubleCause.SHOP_UNAVAILABLE: "ShopsUnavailable",
    TroubleCause.SHOP_FORBIDDEN: "ShopsForbidden",
    TroubleCause.SHOP_UNAUTHORISED: "ShopsUnauthorised",
    TroubleCause.UNPROVEN: "ShopsUnproven",
    TroubleCause.APP_REFUSED: "AppRefused",
    TroubleCause.SHOP_REFUSED: "ShopsRefused",
    TroubleCause.LANGUAGE: "ShopsWithoutLanguage",
    TroubleCause.LICENCE: "ShopsWithoutLicence",
    TroubleCause.CONNECT_AGAIN: "ConnectionsRefused",
    TroubleCause.ADMINISTRATION_CLOSED: "AdministrationsClosed",
    TroubleCause.DOCUMENTS_REFUSED: "DocumentsRefused",
    TroubleCause.UNFINISHED: "ExportsUnfinished",
    TroubleCause.VAULT_UNAVAILABLE: "VaultUnavailable",
    TroubleCause.SEAL_BROKEN: "SealsBroken",
}
"""The figure of each cause: how many runs it kept from ending well."""

_OF_WATCH = (
    TroubleCause.SHOP_UNAUTHORISED,
    TroubleCause.UNPROVEN,
    TroubleCause.APP_REFUSED,
    TroubleCause.SEAL_BROKEN,
)

ALARMING = frozenset(
    {"ExportsFailed", "DaysOpen", "FilesDouble", *TROUBLES.values(), *REFUSALS.values()}
    | {MADE, NEGLECTED}
)
"""Figures on which the stack has an alarm: when many shops have the same trouble at once, and many
calls are turned away. One of either is no alarm's matter; the shop is in the morning's report.
"""


def count_export(run: Run) -> None:
    """Count what an export placed and held, and what went wrong."""
    states = [(each.state, each.orders) for each in run.files]
    unknown = sum(state is FileState.UNKNOWN for state, _ in states)
    troubles = {name: int(run.trouble is cause) for cause, name in TROUBLES.items()}
    publish(
        {
            "ShopsExported": 1,
            "OrdersPlaced": sum(orders for state, orders in states if state is FileState.PLACED),
            "OrdersHeld": len(run.held),
            "FilesDouble": sum(state is FileState.DOUBLE for state, _ in states),
            "OrdersLeft": len(run.left),
            "DaysOpen": int(run.is_day_wrong),
            **troubles,
            TROUBLES[TroubleCause.INBOX_UNKNOWN]: unknown,
        }
    )


def count_watch(watched: Watched) -> None:
    """Count what the check of a shop found."""
    publish(
        {
            "ShopsWatched": 1,
            "SubscriptionsMended": len(watched.healed) + watched.removed,
            "SealsRenewed": watched.resealed,
            "ShopsQuiet": int(watched.quiet_days is not None),
            "ContactsNotTold": watched.untold,
            **{TROUBLES[cause]: int(watched.trouble is cause) for cause in _OF_WATCH},
        }
    )


def count_failure(task: Task | None) -> None:
    """Count a message that could not be carried out; None is one that could not be read.

    A watch is tried again, and the next night: its alarm is that of the dead letters. An export
    that fails may keep a night's orders from the bookkeeper.
    """
    publish({"WatchesFailed" if task is Task.WATCH else "ExportsFailed": 1})
