"""The health of a shop, judged anew whenever something about it may have changed: at the end of a
run and of a watch, and after what a person did.

It costs a handful of reads, and a write only where it changed. Whoever writes looks once more
afterwards, at everything: of two who judge at once the last to write has seen what the other did,
so that what is kept in the end is right.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.ledger import FileState
from chalicelib.domain.shop_health import HealthFacts, ShopHealth, judge_health
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.shops import Shop
from chalicelib.domain.statement import DayStatement, Verdict
from chalicelib.errors import ConnectorError, UnknownShop
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.lateness import count_overdue
from chalicelib.usecases.shop.trouble import read_trouble
from chalicelib.usecases.shop.uninstalling import is_overdue
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

_TRIES = 4
"""How often it is judged while others change the shop in between; their own judgement follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """What a run that came to its end knows without reading: when that was, and whether the day's
    statement is wrong (None: it was not drawn up).
    """

    at: datetime
    is_day_wrong: bool | None


def renew_health(workspace: Workspace, ended: RunEnd | None = None) -> ShopHealth | None:
    """Keep what is wrong with the shop by now, or that nothing is; returns it. Raises
    `LedgerError`.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    kept = shops.find_health(shop_id)
    judged = judge_health(read_facts(workspace, ended), kept)
    for _ in range(_TRIES):
        if judged == kept:
            break
        if judged is None:
            shops.forget_health(shop_id)
        else:
            shops.save_health(judged)
        kept = judged
        judged = _judge_again(workspace, ended, kept)
    return judged


def try_to_renew_health(
    connector: Connector, shop_id: int, ended: RunEnd | None = None
) -> ShopHealth | None:
    """As `renew_health`, of the shop as it is stored. What goes wrong is logged, and no more: the
    next run, or the next night's watch, judges anew.
    """
    try:
        return renew_health(Workspace(connector, connector.find_shop(shop_id)), ended)
    except UnknownShop:
        return None
    except ConnectorError as error:
        extra = {"shop_id": shop_id, "error": type(error).__name__, "cause": str(error)}
        log.warning("no health", extra=extra)
        return None


def _judge_again(
    workspace: Workspace, ended: RunEnd | None, kept: ShopHealth | None
) -> ShopHealth | None:
    """By all as it is stored now; an erased shop has nothing wrong."""
    stored = workspace.connector.shops.get(workspace.shop_id)
    if stored is None:
        return None
    return judge_health(read_facts(Workspace(workspace.connector, stored), ended), kept)


def read_facts(workspace: Workspace, ended: RunEnd | None = None) -> HealthFacts:
    """All that a shop's health is judged by, from our own tables."""
    connector, shop, shop_id = workspace.connector, workspace.shop, workspace.shop_id
    unfinished = connector.files.list_unfinished(shop_id)
    states = [file.state for file in unfinished]
    findings = connector.shops.load(shop_id, WatchFindings)
    facts = HealthFacts(
        shop=shop,
        now=workspace.now(),
        trouble=read_trouble(workspace),
        unknown_files=states.count(FileState.UNKNOWN),
        double_files=states.count(FileState.DOUBLE),
        overdue=count_overdue(workspace, unfinished),
        quiet_days=None if findings is None else findings.quiet_days,
        is_long_leaving=is_overdue(shop, workspace.now()),
    )
    if ended is not None and ended.is_day_wrong is not None:
        return replace(facts, is_day_wrong=ended.is_day_wrong, ran_at=ended.at)
    last = next(iter(connector.shops.statements(shop_id, 1)), None)
    is_wrong = last is not None and last.verdict is Verdict.WRONG
    ran_at = _find_last_run(shop, last) if ended is None else ended.at
    return replace(facts, is_day_wrong=is_wrong, ran_at=ran_at)


def _find_last_run(shop: Shop, last: DayStatement | None) -> datetime:
    """When a run of the shop last came to its end, as far as is known; before its first, when it
    began to export.
    """
    known = (shop.exports_since, shop.swept_until, last and last.at)
    return max((moment for moment in known if moment), default=shop.installed_at)
