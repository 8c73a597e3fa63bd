"""What files and days say that they add up to, checked against the XML in the inbox: every line is
added up here once more, by nothing that the connector adds up with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.statement import DayStatement
from tests.simulation.delivered import list_contents

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

SHOP_ID = 184520


class Sum(NamedTuple):
    """What files add up to: their documents, without VAT and with it."""

    documents: int
    excl: Decimal
    incl: Decimal


@lru_cache(maxsize=500)
def add_up_content(content: bytes) -> Sum:
    """What the XML of a file comes to, line by line."""
    orders = ET.fromstring(content).findall("Orders/Order")
    lines = [line for order in orders for line in order.findall("Orderline")]
    excl, incl = (
        sum((Decimal(line.findtext(name) or "") for line in lines), Decimal(0))
        for name in ("LineTotalExcl", "LineTotalIncl")
    )
    return Sum(len(orders), excl, incl)


def check_money(world: World) -> None:
    """At the end, when all is quiet: file = XML, day = its files."""
    files = world.files.items.get(SHOP_ID, {})
    contents = list_contents(world)
    for name, content in contents.items():
        cover = files[name].cover
        if cover is not None and _sum_of(cover) != add_up_content(content):
            world.blame(
                f"{name} adds up to {add_up_content(content)}, its sheet says {_sum_of(cover)}"
            )
    for statement in world.shops.statements(SHOP_ID, 1000):
        placed = [files[name] for name in statement.files]
        if not any(_surfaced(file) for file in placed):
            _check_day(world, statement, placed, contents)


def _check_day(
    world: World,
    statement: DayStatement,
    placed: Iterable[FileEntry],
    held: Mapping[str, bytes],
) -> None:
    day = statement.day
    sums = [add_up_content(held[file.name]) for file in placed if file.name in held]
    expected = Sum(
        sum(each.documents for each in sums),
        sum((each.excl for each in sums), Decimal(0)),
        sum((each.incl for each in sums), Decimal(0)),
    )
    if statement.cover is None:
        world.blame(f"{day} does not say what its files add up to, {expected}")
    elif _sum_of(statement.cover) != expected:
        world.blame(f"{day} adds up to {_sum_of(statement.cover)}, its files to {expected}")


def _surfaced(file: FileEntry) -> bool:
    """Whether a part of a file counts elsewhere."""
    return any(event.step.name == "SURFACE" for event in file.history)


def _sum_of(cover: CoverSheet) -> Sum:
    return Sum(cover.documents, cover.excl, cover.incl)
