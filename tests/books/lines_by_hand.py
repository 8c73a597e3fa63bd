"""Where a line of an import file lands in the VAT returns, told by hand.

By what the line itself says (rate, kind, country) and, where it does not tell, by the shop's order:
where the goods went, what else was ordered. This shares no rule with the connector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

D = Decimal
Document = Mapping[str, Any]
WESTERN = {"AT", "BE", "DE", "DK", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "NL", "PT", "SE"}
EASTERN = {"BG", "CY", "CZ", "EE", "HR", "HU", "LT", "LV", "MT", "PL", "RO", "SI", "SK"}
NORTHERN_IRELAND = "XI"
UNION = WESTERN | EASTERN | {NORTHERN_IRELAND}
LOW_IS_NINE = date(2019, 1, 1)
ROUNDING = "Afrondingsverschil"


@dataclass(frozen=True)
class Articles:
    """What the shopkeeper says of article codes: services, gift cards, deposits."""

    services: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    deposits: frozenset[str] = frozenset()


class Line(NamedTuple):
    """A line where it lands: box of the Dutch return (or ``oss``, ``kor``, ``outside``,
    ``foreign``), goods or services, rate in per cent, whose VAT; `far` is the member state of a
    distance sale under Dutch VAT.
    """

    box: str
    supply: str
    percent: Decimal
    country: str
    far: str
    excl: Decimal
    vat: Decimal


def place_line(line: Element, of: Element, order: Document, articles: Articles) -> Line:
    """A line of an order in a file, which is this order in the shop."""
    percent = D(line.findtext("VatPercentage", "")).normalize()
    kind, country = line.findtext("VatKind", ""), line.findtext("VatCountry", "NL")
    excl, vat = D(line.findtext("LineTotalExcl", "")), D(line.findtext("LineVat", ""))
    if _is_outside(line, order, articles):
        return Line("outside", "goods", percent, country, "", excl, vat)
    supply = _tell_supply(line, list(of.iter("Orderline")), order, articles)
    number, goes_to = of.findtext("Debtor/VatNumber", ""), find_destination(order)
    if not kind and country == "NL":
        box = _choose_rate_box(percent, read_day(order["createdAt"]))
    else:
        box = _choose_kind_box(kind, country, number, supply)
    is_own = box in ("1a", "1b", "kor")
    is_far = is_own and supply == "goods" and goes_to in UNION - {"NL"} and _is_consumer(number)
    return Line(box, supply, percent, country, goes_to if is_far else "", excl, vat)


def _is_outside(line: Element, order: Document, articles: Articles) -> bool:
    """Gift cards, deposits, what costs nothing, and the untaxed part of a parcel with deposits."""
    code, percent = line.findtext("ArticleCode", ""), D(line.findtext("VatPercentage", ""))
    if code in articles.cards | articles.deposits:
        return True
    if not code and not percent and len(order["shipmentTaxRates"]) > 1:
        codes = {each["articleCode"] for each in list_lines(order)}
        return not codes.isdisjoint(articles.deposits)
    return not D(line.findtext("LineTotalExcl", "")) and not D(line.findtext("LineVat", ""))


def _tell_supply(
    line: Element, lines: Sequence[Element], order: Document, articles: Articles
) -> str:
    """A parcel is a service only where nothing else was ordered; a rounding difference is what the
    largest line at its rate is.
    """
    code = line.findtext("ArticleCode", "")
    if line.findtext("Description", "").startswith(ROUNDING):
        alike = [each for each in lines if each is not line and _have_same_vat(each, line)]
        line = max(alike, key=lambda each: abs(D(each.findtext("LineTotalExcl", ""))))
        return _tell_supply(line, lines, order, articles)
    if code:
        return "services" if code in articles.services else "goods"
    codes = {each["articleCode"] for each in list_lines(order)} - articles.deposits
    return "services" if codes and codes <= articles.services else "goods"


def _choose_rate_box(percent: Decimal, ordered: date) -> str:
    low = D(9) if ordered >= LOW_IS_NINE else D(6)
    return {D(0): "1e", D(21): "1a", low: "1b"}.get(percent, "1c")


def _choose_kind_box(kind: str, country: str, number: str, supply: str) -> str:
    """A service to outside the EU, to which Northern Ireland belongs for services, is in no box."""
    if kind in ("oss", "small-business"):
        return "oss" if kind == "oss" else "kor"
    if country != "NL":
        return "foreign"
    if kind == "export":
        return "outside" if supply == "services" else "3a"
    if kind == "reverse-charge" and number.startswith("NL"):
        return "1e"
    is_outside = kind == "reverse-charge" and number.startswith(NORTHERN_IRELAND)
    return "outside" if is_outside else "3b"


def _is_consumer(number: str) -> bool:
    """Whether nobody in another member state can account for the VAT."""
    return not number or number.startswith("NL")


def _have_same_vat(one: Element, other: Element) -> bool:
    names = ("VatPercentage", "VatKind", "VatCountry")
    return all(one.findtext(name) == other.findtext(name) for name in names)


def find_destination(order: Document) -> str:
    """The VAT territory that an order was sent to; one outside the EU has its own name."""
    country = order["addressShippingCountry"]["code"].upper()
    zipcode = order["addressShippingZipcode"]
    if country == "MC":
        return "FR"
    if country == "GB" and zipcode.startswith("BT"):
        return NORTHERN_IRELAND
    if country == "ES" and zipcode[:2] in ("35", "38", "51", "52"):
        return f"{country}-{zipcode[:2]}"
    return str(country)


def list_lines(order: Document) -> Iterator[Document]:
    """The lines of an order document."""
    yield from order["products"]["resource"]["embedded"]


def read_day(moment: str) -> date:
    """The Dutch day of a moment as the API writes it, in Dutch time."""
    return datetime.fromisoformat(moment).date()
