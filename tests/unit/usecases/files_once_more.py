"""A file of a few orders, placed, and made once more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.orders import Order
from chalicelib.usecases.operating.rebuilding import rebuild_file
from chalicelib.usecases.operating.rebuilt_files import Differs, Likeness, NotNow, Rebuilt
from tests.fakes.documents_of_shop import charge, order, order_line
from tests.unit.usecases.stage import SHOP_ID, Stage

Result = Rebuilt | Differs | NotNow


def sell(stage: Stage, number: int, **facts: Any) -> Order:
    one = order(
        order_line("14.95", quantity=3),
        order_line("21.80", "0.09"),
        shipment=charge("4.95"),
        **{"id": number, "number": f"ORD{number}", "created_at": stage.now, **facts},
    )
    stage.receive(one)
    return one


def sell_several(stage: Stage, count: int = 5) -> list[Order]:
    sold = [sell(stage, 1000 + number) for number in range(count)]
    stage.night()
    return sold


def last_file(stage: Stage) -> FileEntry:
    return stage.connector.files.list_recent(SHOP_ID, 1)[0]


def rebuild(stage: Stage, **asked: Any) -> Result:
    return rebuild_file(stage.workspace(), last_file(stage).name, **asked)


def is_original(stage: Stage) -> bool:
    """Whether the last file comes out as what lies in the inbox, under its own name."""
    result, file = rebuild(stage), last_file(stage)
    assert isinstance(result, Rebuilt), result
    assert result.likeness is Likeness.ORIGINAL
    return (result.name, result.content) == (file.name, stage.inbox.files[file.name])


def differing(stage: Stage, **asked: Any) -> Differs:
    result = rebuild(stage, **asked)
    assert isinstance(result, Differs), result
    return result


def set_policy(stage: Stage, **chosen: Any) -> None:
    def choose(shop: Any) -> Any:
        return replace(shop, policy=replace(shop.policy, **chosen))

    stage.shops.update(SHOP_ID, choose)
