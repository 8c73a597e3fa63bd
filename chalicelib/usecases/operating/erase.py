"""The operator erases everything that is kept about one shop, at once.

Not by accident: only of a shop that is uninstalled, or when the request repeats its number. Not
beside a run at work: the shop's lease is taken first. A large shop takes several requests; each
goes on where the one before stopped, and says whether anything is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.app_standing import AppStanding, drop_witness
from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import RequestError, UnknownShop
from chalicelib.ports import Keeping
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from chalicelib.usecases.shop.erasing import leave_what_is_kept

TIME = timedelta(seconds=40)
"""A request takes so long at most, so that whoever waits for its answer gets it."""

PART = 500  # items that are deleted before the time is looked at

_OWNER = "erase"


def erase_shop(connector: Connector, shop_id: int, *, confirmed: int | None) -> dict[str, Any]:
    """Erase documents, files, statements, notes, audit and record of a shop; what stays is one line
    of audit that says so. The answer counts what was deleted, and says whether that `is_all`.

    Raises `RequestError`, with nothing done, for an installed shop whose number is not `confirmed`,
    and while a run is at work; `UnknownShop` when nothing is kept.
    """
    shop = connector.shops.get(shop_id)
    _refuse_unless_meant(shop, shop_id, confirmed)
    if shop is None and not _keeps_anything(connector, shop_id):
        raise UnknownShop(f"Nothing is kept about shop {shop_id}.")
    _take_lease(connector, shop_id)
    if shop is not None:
        connector.shops.update(
            shop_id, lambda stored: _take_out_of_use(connector, stored, confirmed)
        )
    erased, is_all = _erase_all(connector, shop_id)
    is_all = is_all and _finish(connector, shop_id)
    connector.shops.release(shop_id, _OWNER)
    return {"shop_id": shop_id, "erased": erased, "is_all": is_all}


def rehearse_erasure(
    connector: Connector, shop_id: int, *, confirmed: int | None
) -> dict[str, Any]:
    """How many items of each table would be erased, counted up to `PART`; nothing is. Raises as
    `erase_shop`, but for a run at work.
    """
    shop = connector.shops.get(shop_id)
    _refuse_unless_meant(shop, shop_id, confirmed)
    if shop is None and not _keeps_anything(connector, shop_id):
        raise UnknownShop(f"Nothing is kept about shop {shop_id}.")
    tables: Mapping[str, Keeping] = {
        "orders": connector.entries,
        "files": connector.files,
        "shop": connector.shops,
    }
    kept = {name: len(table.extract(shop_id, limit=PART)) for name, table in tables.items()}
    return {"shop_id": shop_id, "dry_run": True, "would_erase": kept, "counted_to": PART}


def _refuse_unless_meant(shop: Shop | None, shop_id: int, confirmed: int | None) -> None:
    if confirmed is not None and confirmed != shop_id:
        raise RequestError(f"confirm must repeat the shop's number, {shop_id}. Nothing was erased.")
    is_gone = shop is None or shop.state is ShopState.UNINSTALLED
    if not is_gone and confirmed is None:
        raise RequestError(
            f"Shop {shop_id} is installed. To erase all that is kept about it nevertheless, what "
            f'was booked included, add "confirm": {shop_id}. Nothing was erased.'
        )


def _keeps_anything(connector: Connector, shop_id: int) -> bool:
    """Whether anything is left but the line that says that it was erased."""
    if any(table.extract(shop_id, limit=1) for table in (connector.entries, connector.files)):
        return True
    lines = connector.shops.audit(shop_id)
    others = len(connector.shops.extract(shop_id, limit=len(lines) + 1)) > len(lines)
    return others or any(line.step is not ShopStep.ERASE for line in lines)


def _take_lease(connector: Connector, shop_id: int) -> None:
    now = connector.clock()
    until = now + TIME + timedelta(seconds=30)
    if not connector.shops.lease(shop_id, _OWNER, now=now, until=until):
        raise RequestError(
            f"A run is at work on shop {shop_id}; try again when it is over. Nothing was erased."
        )


def _take_out_of_use(connector: Connector, stored: Shop, confirmed: int | None) -> Shop:
    """The shop without token, so that nobody writes about it any more: webhooks are refused, and a
    run that begins leaves it alone.
    """
    _refuse_unless_meant(stored, stored.shop_id, confirmed)
    return leave_what_is_kept(stored, Actor.OPERATOR, at=connector.clock())


def _erase_all(connector: Connector, shop_id: int) -> tuple[dict[str, int], bool]:
    """Delete as much as the time allows: how many items of each table, and whether that is all."""
    stop_at = connector.clock() + TIME
    tables: Mapping[str, Keeping] = {
        "orders": connector.entries,
        "files": connector.files,
        "shop": connector.shops,
    }
    erased = dict.fromkeys(tables, 0)
    for name, table in tables.items():
        while count := table.erase(shop_id, limit=PART):
            erased[name] += count
            if connector.clock() >= stop_at:
                return erased, False
    return erased, True


def _finish(connector: Connector, shop_id: int) -> bool:
    """Erase the shop's own record; False when the merchant has come back meanwhile."""
    if not connector.shops.remove(shop_id):
        return False
    connector.shops.change(
        ALL_SHOPS, AppStanding, lambda kept: None if kept is None else drop_witness(kept, shop_id)
    )
    event = AuditEvent(at=connector.clock(), step=ShopStep.ERASE, by=Actor.OPERATOR)
    connector.shops.append_audit(shop_id, event)
    return True
