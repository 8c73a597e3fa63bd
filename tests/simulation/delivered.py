"""What was delivered, by both ways, as import files have it: the inbox's own files, and for every
delivery by API what a file of the invoices would say that Asperion took of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from chalicelib.domain.concepts import Concept
from chalicelib.domain.events import FileStep, OrderStep
from chalicelib.domain.file_names import read_way
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.ways import Way
from tests.fakes.memory_administration import StoredInvoice
from tests.simulation.sim_asperion import Posting

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

SHOP_ID = 184520


def list_contents(world: World) -> Mapping[str, bytes]:
    """Everything that came in, by the name of its file or delivery."""
    if not world.asperion.postings:
        return world.inbox.files
    found: dict[str, list[bytes]] = {}
    for invoice_id, posting in world.asperion.postings.items():
        if not posting.is_own:
            name = find_delivery(world, invoice_id, posting)
            found.setdefault(name, []).append(_write(posting.concept))
    return world.inbox.files | {name: _join(orders) for name, orders in found.items()}


def read_content(world: World, name: str) -> bytes | None:
    """What came in of a file, or of a delivery."""
    if read_way(name) is Way.FILE:
        return world.inbox.files.get(name)
    return list_contents(world).get(name)


def is_on_its_way(world: World, name: str) -> bool:
    """Whether a document of an unknown delivery will be stored yet."""
    file = world.files.get(SHOP_ID, name)
    return file is not None and any(world.asperion.on_its_way[key] for key in file.keys)


def remove_doubles(world: World, name: str) -> None:
    """A person deletes what Asperion made by itself of the documents of a delivery."""
    file = world.files.get(SHOP_ID, name)
    for invoice_id, posting in world.asperion.postings.items():
        books = world.asperion.administrations[posting.administration_id]
        if file and posting.is_own and posting.key in file.keys and invoice_id in books.invoices:
            books.delete(invoice_id)


def is_unknowable(world: World, file: FileEntry) -> bool:
    """Whether Asperion, asked, could not tell for certain what became of a delivery: it has its
    document twice, or as a person changed it, or contradicted itself; or the shop is connected no
    more.
    """
    connection = world.shops.records[SHOP_ID].connection
    if connection is None or connection.left_at is not None:
        return True
    if file.acknowledged_at is not None:
        return _ever_came(world, file)
    found = [stored for key in file.keys for stored in list_found(world, key)]
    return len(found) > 1 or any(stored.is_changed for stored in found)


def _ever_came(world: World, file: FileEntry) -> bool:
    """Whether an invoice of its document came in that is not known to be an earlier one."""
    return any(
        posting.key in file.keys and invoice_id not in world.observer.own_ids.get(posting.key, ())
        for invoice_id, posting in world.asperion.postings.items()
    )


def list_found(world: World, key: str) -> list[StoredInvoice]:
    """The invoices of a document that Asperion has, but for those that were known to be placed."""
    known = world.observer.own_ids.get(key, ())
    found = []
    for invoice_id, posting in world.asperion.postings.items():
        stored = world.asperion.administrations[posting.administration_id].invoices.get(invoice_id)
        if posting.key == key and invoice_id not in known and stored is not None:
            found.append(stored)
    return found


def find_delivery(world: World, invoice_id: int, posting: Posting) -> str:
    """The delivery that has an invoice: the one that sent it, or the one that it moved to when
    nobody knew what had become of it; or a later one that found it there, instead of sending the
    document once more.
    """
    entry = world.entries.get(SHOP_ID, posting.key)
    if entry is None:
        return posting.delivery
    moved_to = [event.file or "" for event in entry.history if event.step is OrderStep.MOVE]
    for name in moved_to[1:]:
        file = world.files.get(SHOP_ID, name)
        if file is not None and _has_found(file, invoice_id):
            return name
    return _follow_moves(entry, posting)


def _has_found(file: FileEntry, invoice_id: int) -> bool:
    is_its = file.sought is not None and file.sought.invoice_id == invoice_id
    return is_its and any(event.step is FileStep.FIND for event in file.history)


def list_late(world: World, sent: Collection[tuple[str, str]]) -> set[str]:
    """The deliveries whose invoice came of one of these sendings (a delivery and a document)."""
    return {
        find_delivery(world, invoice_id, posting)
        for invoice_id, posting in world.asperion.postings.items()
        if not posting.is_own and (posting.delivery, posting.key) in sent
    }


def find_claim(entry: Entry | None, name: str) -> datetime | None:
    """When a document was claimed that was moved into this delivery later; None of others."""
    claimed_at = None
    for event in entry.history if entry is not None else ():
        if event.step is OrderStep.CLAIM:
            claimed_at = event.at
        elif event.step is OrderStep.MOVE and event.file == name:
            return claimed_at
    return None


def _follow_moves(entry: Entry, posting: Posting) -> str:
    name = posting.delivery
    claims = [event for event in entry.history if event.step in (OrderStep.CLAIM, OrderStep.MOVE)]
    for former, event in pairwise(claims):
        if event.step is OrderStep.MOVE and former.file == name:
            name = event.file or name
    return name


def _join(orders: Iterable[bytes]) -> bytes:
    return b"<File><Orders>" + b"".join(orders) + b"</Orders></File>"


@cache
def _write(concept: Concept) -> bytes:
    """A concept invoice as a file would have it."""
    order = ET.Element("Order")
    number = next(word for word in concept.description.split() if word.startswith("ORD"))
    ET.SubElement(order, "OrderNumber").text = number
    ET.SubElement(order, "OrderDate").text = concept.day.isoformat()
    ET.SubElement(order, "Description").text = concept.description
    debtor = ET.SubElement(order, "Debtor")
    ET.SubElement(debtor, "Email").text = concept.debtor.email
    for each in concept.lines:
        line = ET.SubElement(order, "Orderline")
        ET.SubElement(line, "LineTotalExcl").text = str(each.amount)
        ET.SubElement(line, "LineTotalIncl").text = str(each.amount + each.vat_amount)
    return ET.tostring(order)
