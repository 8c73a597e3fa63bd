"""What Asperion has of the deliveries by API, checked against what the connector says of it: to the
cent under each VAT code, and by what people did there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.causes import LateChange
from chalicelib.domain.code_totals import add_up_codes
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.events import OrderStep
from chalicelib.domain.landed import LandedDelivery, landing_name
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.ways import Way
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_administration import MemoryAdministration, StoredInvoice, add_lines
from tests.simulation.delivered import find_delivery
from tests.simulation.sim_asperion import Posting

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

SHOP_ID = 184520
Codes = Mapping[str, CodeTotal]


def check_landings(world: World) -> None:
    """At the end, when all is quiet."""
    if not world.asperion.postings:
        return
    entries = world.entries.items.get(SHOP_ID, {}).values()
    for entry in entries:
        if entry.state is EntryState.PLACED and entry.asperion_id is not None:
            _check_entry(world, entry, entry.asperion_id)
    for file in world.files.items.get(SHOP_ID, {}).values():
        if file.way is Way.API and file.state is FileState.PLACED:
            _check_codes(world, file)
            if _is_read_back(world, file):
                _check_landed(world, file)


def _check_entry(world: World, entry: Entry, invoice_id: int) -> None:
    """It has the id of its own invoice, and tells what is otherwise there, and nothing else."""
    posting = world.asperion.postings.get(invoice_id)
    if posting is None or posting.key != entry.key:
        world.blame(f"{entry.key} has the id {invoice_id} of {posting and posting.key}")
        return
    truth = _find_truth(world, posting, invoice_id)
    if posting.administration_id == _find_administration(world):
        # An amount that the shop changed as well may have been changed there for that very reason.
        is_left = truth is LateChange.CHANGED_THERE and entry.change is not None
        # A double that somebody gave another date may be in a list that is not read.
        is_left |= truth is LateChange.TWICE_THERE and _is_apart(world, invoice_id)
        if entry.there is not truth and not (is_left and entry.there is None):
            world.blame(f"{entry.key} is {truth} in Asperion, and says {entry.there}")
    elif entry.there not in (None, truth):
        world.blame(f"{entry.key} is {truth} in a former administration, and says {entry.there}")


def _find_administration(world: World) -> int | None:
    """The one that is read back."""
    connection = world.shops.records[SHOP_ID].connection
    if connection is None or connection.left_at is not None:
        return None
    return connection.administration.id


def _find_truth(world: World, posting: Posting, invoice_id: int) -> LateChange | None:
    """What Asperion has otherwise than it was delivered."""
    books = world.asperion.administrations[posting.administration_id]
    stored = books.invoices.get(invoice_id)
    if stored is None:
        return LateChange.DELETED_THERE
    others = [other for other in _list_others(world, [stored], books) if other is not stored]
    if len(others) > _count_credits(world, posting.key):
        return LateChange.TWICE_THERE
    return LateChange.CHANGED_THERE if stored.is_changed else None


def _is_apart(world: World, invoice_id: int) -> bool:
    """Whether all further invoices of its sale have other dates."""
    books = world.asperion.administrations[_find_administration(world) or 0]
    stored = books.invoices[invoice_id]
    others = _list_others(world, [stored], books)
    return all(other.shown.day != stored.shown.day for other in others)


def _count_credits(world: World, key: str) -> int:
    """How often a sale was taken back before it was booked as it is now."""
    entries = world.entries.items.get(SHOP_ID, {})
    reversal = entries.get(key.replace("order-", "reversal-"))
    if reversal is None or reversal.key == key:
        return 0
    events = (each for each in reversal.history if each.step is OrderStep.PLACE)
    return sum(each.at < entries[key].since for each in events)


def _is_like(other: StoredInvoice, stored: StoredInvoice) -> bool:
    return (other.shown.description, other.shown.debtor_id) == (
        stored.shown.description,
        stored.shown.debtor_id,
    )


def _check_codes(world: World, file: FileEntry) -> None:
    """The cover sheet of a delivery comes to what Asperion took of it, by VAT code."""
    if file.cover is None:
        return
    taken = [
        add_lines(posting.concept)
        for invoice_id, posting in world.asperion.postings.items()
        if not posting.is_own and find_delivery(world, invoice_id, posting) == file.name
    ]
    said, found = _by_code(file.cover), _without_nothing(add_up_codes(taken))
    if said != found:
        world.blame(f"{file.name} says {said}, Asperion took {found}")


def _by_code(cover: CoverSheet) -> Codes:
    parts = [
        {CHOICES.find_code(each.treatment) or "": CodeTotal(excl=each.excl, vat=each.vat)}
        for each in cover.totals
    ]
    return _without_nothing(add_up_codes(parts))


def _without_nothing(codes: Codes) -> Codes:
    return {code: each for code, each in codes.items() if each.excl or each.vat}


def _is_read_back(world: World, file: FileEntry) -> bool:
    ids = _list_ids(world, file)
    where = {world.asperion.postings[one].administration_id for one in ids}
    return bool(ids) and where == {_find_administration(world)}


def _list_ids(world: World, file: FileEntry) -> list[int]:
    """Asperion's ids of the documents that are placed by a delivery."""
    entries = world.entries.items.get(SHOP_ID, {})
    own = (entries[key] for key in file.keys)
    return [
        one.asperion_id
        for one in own
        if one.file == file.name and one.state is EntryState.PLACED and one.asperion_id is not None
    ]


def _list_others(
    world: World, there: Iterable[StoredInvoice], books: MemoryAdministration
) -> list[StoredInvoice]:
    """Further invoices of the same sales, which no document has: doubles, and what was booked
    before. Their money is there as well.
    """
    entries = world.entries.items.get(SHOP_ID, {}).values()
    known = {one.asperion_id for one in entries if one.state is EntryState.PLACED}
    return [
        other
        for invoice_id, other in books.invoices.items()
        if invoice_id not in known and any(_is_like(other, stored) for stored in there)
    ]


def _check_landed(world: World, file: FileEntry) -> None:
    """The third column of a day: what was read back of a delivery is what Asperion has."""
    landed = world.shops.load(SHOP_ID, LandedDelivery, landing_name(file.name))
    whole = None if landed is None else landed.whole
    if whole is None:
        world.blame(f"{file.name} was never read back whole")
        return
    books = world.asperion.administrations[_find_administration(world) or 0]
    ids = _list_ids(world, file)
    there = [books.invoices[one] for one in ids if one in books.invoices]
    said = whole.delivered, whole.landed, len(whole.changed), len(whole.gone)
    found = (
        len(file.keys),
        sum(not stored.is_changed for stored in there),
        sum(stored.is_changed for stored in there),
        len(ids) - len(there),
    )
    if said != found:
        world.blame(f"{file.name} was read back as {said}, Asperion has {found}")
    days = {stored.shown.day for stored in there}
    others = _list_others(world, there, books)
    listed = [other for other in others if other.shown.day in days]
    sums = [
        _without_nothing(add_up_codes(stored.shown.codes for stored in (*there, *some)))
        for some in (others, listed)
    ]
    if whole.codes is not None and _without_nothing(whole.codes) not in sums:
        world.blame(f"{file.name} was read back as {whole.codes}, Asperion has {sums[0]}")
