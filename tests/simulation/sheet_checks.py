"""The VAT sheet of all time, checked against the XML in the inbox: every file that was delivered is
in it, or named, and what it comes to is what these files say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.adding_sheet import add_up_sheet
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.money import ZERO
from chalicelib.domain.period_files import Uncounted
from chalicelib.domain.periods import Period
from chalicelib.usecases.operating.vat_return import read_period_files
from chalicelib.usecases.workspace import Workspace
from tests.simulation.delivered import list_contents
from tests.simulation.euros import SHOP_ID, Sum, add_up_content

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

ALL_TIME = Period(date(2024, 1, 1), date(2027, 12, 31))


def check_returns(world: World) -> None:
    """At the end, when all is quiet."""
    shop = world.shops.get(SHOP_ID)
    if shop is None or not shop.currency:
        return
    seen: Any = SimpleNamespace(shops=world.shops, entries=world.entries, files=world.files)
    seen.clock, seen.settings = world.machine.now, SimpleNamespace(keep_audit=timedelta(days=60))
    read = read_period_files(Workspace(seen, shop), ALL_TIME)
    counted, sheet = [file.name for file in read.counted], add_up_sheet(read)
    files = world.files.items.get(SHOP_ID, {})
    kinds = (Uncounted.UNSURE, Uncounted.DOUBLE, Uncounted.PARTLY)
    named = {*counted, *(name for kind in kinds for name in read.uncounted.get(kind, ()))}
    delivered = [f.name for f in files.values() if f.state is FileState.PLACED]
    whole = [name for name in delivered if not files[name].has_surfaced]
    if unknown := set(whole) - named:
        world.blame(f"{unknown} were delivered, and the sheet does not know them")
    if sheet.difference != (ZERO, ZERO):
        world.blame(f"the sheet differs from its files' covers by {sheet.difference}")
    contents = list_contents(world)
    if missing := set(counted) - contents.keys():
        world.blame(f"{missing} are in the sheet, and never came in")
        return
    expected = _add_up(contents[name] for name in counted)
    found = Sum(sheet.documents, sheet.excl, sheet.excl + sheet.vat)
    if found != expected:
        world.blame(f"the sheet comes to {found}, its files to {expected}")
    _check_dates(world)


def _add_up(contents: Iterable[bytes]) -> Sum:
    sums = [add_up_content(content) for content in contents]
    return Sum(
        sum(each.documents for each in sums),
        sum((each.excl for each in sums), ZERO),
        sum((each.incl for each in sums), ZERO),
    )


def _check_dates(world: World) -> None:
    """Every booked document has the invoice date that its file says."""
    files = world.files.items.get(SHOP_ID, {})
    for entry in world.entries.items.get(SHOP_ID, {}).values():
        if entry.state is not EntryState.PLACED:
            continue
        day = files[entry.file or ""].days.get(entry.key)
        if day is None or entry.booked_on != day:
            world.blame(f"{entry.key} is booked on {entry.booked_on}, its file says {day}")
