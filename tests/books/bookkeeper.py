"""An independent bookkeeper: adds up the import files themselves, by an XML parser alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring


class Rate(NamedTuple):
    """The VAT of a line: the rate in per cent, and kind and country where the line says them."""

    percent: Decimal
    kind: str = ""
    country: str = ""


class Sum(NamedTuple):
    """How many orders have lines at a rate, and what these lines add up to."""

    orders: int
    excl: Decimal
    vat: Decimal


Books = dict[Rate, Sum]


def add_up_files(contents: Iterable[bytes]) -> Books:
    """The books after these files, by rate."""
    books: Books = {}
    for content in contents:
        for order in fromstring(content).iter("Order"):
            for rate, added in _add_up_order(order).items():
                so_far = books.get(rate, Sum(0, Decimal(0), Decimal(0)))
                books[rate] = Sum(
                    so_far.orders + 1, so_far.excl + added.excl, so_far.vat + added.vat
                )
    return books


def count_orders(contents: Iterable[bytes]) -> int:
    """How many orders these files hold."""
    return sum(1 for content in contents for _ in fromstring(content).iter("Order"))


def _add_up_order(order: Element) -> Books:
    found: Books = {}
    for line in order.iter("Orderline"):
        percent = Decimal(line.findtext("VatPercentage", "")).normalize()
        rate = Rate(percent, line.findtext("VatKind", ""), line.findtext("VatCountry", ""))
        excl, vat = (Decimal(line.findtext(name, "")) for name in ("LineTotalExcl", "LineVat"))
        so_far = found.get(rate, Sum(1, Decimal(0), Decimal(0)))
        found[rate] = Sum(1, so_far.excl + excl, so_far.vat + vat)
    return found
