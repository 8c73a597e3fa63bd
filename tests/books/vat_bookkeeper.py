"""An independent bookkeeper who makes the VAT returns of a shop by hand.

What he has: the import files as the inbox got them, read by an XML parser; the shop's own orders
and invoices, as anybody with its key reads them; and what the shopkeeper told him of the articles.
He shares no rule with the connector: what is here is what the forms of the Belastingdienst ask.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

D = Decimal
UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
NORTHERN_IRELAND = "XI"
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


@dataclass(frozen=True)
class Booking:
    """One order of an import file. `takes_back` is the day of what a credit note or a correction
    takes back; None for a sale. `number` is the order's in the shop, `bill` the invoice's.
    """

    number: str
    bill: str
    day: date
    takes_back: date | None
    method: str
    code: str
    vat_number: str
    lines: tuple[Line, ...]

    @property
    def incl(self) -> Decimal:
        """What the customer pays."""
        return sum((line.excl + line.vat for line in self.lines), D(0))


@dataclass
class Sum:
    """What lines come to; `taken` is the part of credit notes and corrections."""

    documents: int = 0
    excl: Decimal = D(0)
    vat: Decimal = D(0)
    taken_excl: Decimal = D(0)
    taken_vat: Decimal = D(0)

    def add(self, lines: Iterable[Line], *, is_taken: bool) -> None:
        """One more document with these lines."""
        self.documents += 1
        for line in lines:
            self.excl += line.excl
            self.vat += line.vat
            if is_taken:
                self.taken_excl += line.excl
                self.taken_vat += line.vat


Place = tuple[str, str, Decimal, str]  # box, supply, rate in per cent, country


@dataclass
class Bookkeeper:
    """The books of one shop. `orders` are its order documents with their lines, `invoices` its
    invoice documents, both as the API gives them.
    """

    orders: Sequence[Mapping[str, Any]]
    invoices: Sequence[Mapping[str, Any]]
    articles: Articles
    bookings: list[Booking] = field(default_factory=list)

    def read(self, files: Mapping[str, bytes]) -> Bookkeeper:
        """Book these files, in the order of their names."""
        for name in sorted(files):
            for element in fromstring(files[name]).iter("Order"):
                self.bookings.append(self._read_order(element))
        return self

    def list_of(self, first: date, last: date) -> list[Booking]:
        """What is dated in a period."""
        return [one for one in self.bookings if first <= one.day <= last]

    def make_return(self, first: date, last: date) -> dict[Place, Sum]:
        """Base and VAT of a period by place."""
        found: dict[Place, Sum] = defaultdict(Sum)
        for booking in self.list_of(first, last):
            by_place: dict[Place, list[Line]] = defaultdict(list)
            for line in booking.lines:
                by_place[line[:4]].append(line)
            for place, lines in by_place.items():
                found[place].add(lines, is_taken=booking.takes_back is not None)
        return dict(found)

    def list_oss_corrections(
        self, first: date, last: date
    ) -> dict[tuple[str, date], tuple[Decimal, Decimal]]:
        """What a period takes back of OSS sales of earlier quarters, by country and quarter."""
        found: dict[tuple[str, date], tuple[Decimal, Decimal]] = {}
        for booking in self.list_of(first, last):
            quarter = begin_quarter(booking.takes_back or booking.day)
            if quarter == begin_quarter(booking.day):
                continue
            for line in booking.lines:
                if line.box == "oss":
                    excl, vat = found.get((line.country, quarter), (D(0), D(0)))
                    found[line.country, quarter] = (excl + line.excl, vat + line.vat)
        return found

    def list_eu_supplies(self, first: date, last: date) -> dict[tuple[str, str], Decimal]:
        """The list of intra-Community supplies: base by VAT number and kind."""
        found: dict[tuple[str, str], Decimal] = defaultdict(D)
        for booking in self.list_of(first, last):
            for line in booking.lines:
                if line.box == "3b":
                    found[booking.vat_number, line.supply] += line.excl
        return dict(found)

    def list_distance_sales(self, year: int) -> dict[str, Decimal]:
        """What was sold over a distance under Dutch VAT in a year, by member state, without VAT."""
        found: dict[str, Decimal] = defaultdict(D)
        for booking in self.list_of(date(year, 1, 1), date(year, 12, 31)):
            for line in booking.lines:
                if line.far:
                    found[line.far] += line.excl
        return dict(found)

    def add_up_payments(
        self, first: date, last: date
    ) -> dict[tuple[date, str, str], tuple[int, Decimal]]:
        """Documents and what they come to, by day, the shop's payment method, Asperion's code."""
        found: dict[tuple[date, str, str], tuple[int, Decimal]] = {}
        for booking in self.list_of(first, last):
            key = (booking.day, booking.method, booking.code)
            documents, incl = found.get(key, (0, D(0)))
            found[key] = (documents + 1, incl + booking.incl)
        return found

    def list_open(self, first: date, last: date) -> dict[str, Decimal]:
        """The paid orders of a period that no file has, with what they come to."""
        booked = {booking.number for booking in self.bookings}
        return {
            order["number"]: D(order["priceIncl"])
            for order in self.orders
            if order["paymentStatus"] == "paid"
            and order["status"] != "cancelled"
            and first <= read_day(order["createdAt"]) <= last
            and order["number"] not in booked
        }

    def _read_order(self, element: Element) -> Booking:
        number = element.findtext("OrderNumber", "")
        order = next(one for one in self.orders if one["number"] == number)
        day = date.fromisoformat(element.findtext("OrderDate", ""))
        bill, takes_back = self._read_description(element.findtext("Description", ""), number)
        lines = list(element.iter("Orderline"))
        return Booking(
            number=number,
            bill=bill,
            day=day,
            takes_back=takes_back,
            method=order["paymentId"],
            code=element.findtext("PaymentCode", ""),
            vat_number=element.findtext("Debtor/VatNumber", ""),
            lines=tuple(self._place(line, lines, element, order) for line in lines),
        )

    def _read_description(self, text: str, number: str) -> tuple[str, date | None]:
        """The invoice's own number, and the day of what it takes back, by the shop's documents."""
        words = dict(re.findall(r"(factuur|creditfactuur) (\S+)", text))
        if text.startswith("Correctie"):
            return "", self._find_last_sale(number)
        if "creditfactuur" not in words:
            return words.get("factuur", ""), None
        note = next(one for one in self.invoices if one["number"] == words["creditfactuur"])
        original = note["invoice"]["resource"]["id"]
        bill = next(one["number"] for one in self.invoices if one["id"] == original)
        return note["number"], self._find_last_sale(number, bill)

    def _find_last_sale(self, number: str, bill: str = "") -> date:
        of_order = [one for one in self.bookings if one.number == number and not one.takes_back]
        return [one for one in of_order if not bill or one.bill in ("", bill)][-1].day

    def _place(
        self, line: Element, lines: Sequence[Element], of: Element, order: Mapping[str, Any]
    ) -> Line:
        percent = D(line.findtext("VatPercentage", "")).normalize()
        kind, country = line.findtext("VatKind", ""), line.findtext("VatCountry", "NL")
        excl, vat = D(line.findtext("LineTotalExcl", "")), D(line.findtext("LineVat", ""))
        supply = self._tell_supply(line, lines, order)
        number, goes_to = of.findtext("Debtor/VatNumber", ""), find_destination(order)
        if self._is_outside(line, order):
            return Line("outside", "goods", percent, country, "", excl, vat)
        box = _choose_box(kind, percent, country, read_day(order["createdAt"]), number, supply)
        is_own = box in ("1a", "1b", "kor")
        is_far = is_own and supply == "goods" and goes_to != "NL" and _is_consumer(number)
        far = goes_to if is_far and goes_to in UNION | {NORTHERN_IRELAND} else ""
        return Line(box, supply, percent, country, far, excl, vat)

    def _is_outside(self, line: Element, order: Mapping[str, Any]) -> bool:
        """Gift cards, deposits, what costs nothing, and the untaxed part of a parcel with them."""
        code, percent = line.findtext("ArticleCode", ""), D(line.findtext("VatPercentage", ""))
        if code in self.articles.cards | self.articles.deposits:
            return True
        if not code and not percent and len(order["shipmentTaxRates"]) > 1:
            codes = {each["articleCode"] for each in list_lines(order)}
            return not codes.isdisjoint(self.articles.deposits)
        return not D(line.findtext("LineTotalExcl", "")) and not D(line.findtext("LineVat", ""))

    def _tell_supply(
        self, line: Element, lines: Sequence[Element], order: Mapping[str, Any]
    ) -> str:
        """A parcel is a service only where nothing else was ordered; a rounding difference is what
        the largest line at its rate is.
        """
        code = line.findtext("ArticleCode", "")
        if line.findtext("Description", "").startswith(ROUNDING):
            alike = [each for each in lines if each is not line and _same_vat(each, line)]
            line = max(alike, key=lambda each: abs(D(each.findtext("LineTotalExcl", ""))))
            return self._tell_supply(line, lines, order)
        if code:
            return "services" if code in self.articles.services else "goods"
        codes = {each["articleCode"] for each in list_lines(order)} - self.articles.deposits
        return "services" if codes and codes <= self.articles.services else "goods"


def _choose_box(
    kind: str, percent: Decimal, country: str, ordered: date, number: str, supply: str
) -> str:
    if kind in ("oss", "small-business"):
        return "oss" if kind == "oss" else "kor"
    if country != "NL":
        return "foreign"
    if kind == "export":
        return "outside" if supply == "services" else "3a"
    if kind == "intra-community":
        return "3b"
    if kind == "reverse-charge":
        if number.startswith("NL"):
            return "1e"
        return "outside" if number.startswith(NORTHERN_IRELAND) else "3b"
    low = D(9) if ordered >= LOW_IS_NINE else D(6)
    return {D(0): "1e", D(21): "1a", low: "1b"}.get(percent, "1c")


def _is_consumer(number: str) -> bool:
    """Whether nobody in another member state can account for the VAT."""
    return not number or number.startswith("NL")


def _same_vat(one: Element, other: Element) -> bool:
    names = ("VatPercentage", "VatKind", "VatCountry")
    return all(one.findtext(name) == other.findtext(name) for name in names)


def find_destination(order: Mapping[str, Any]) -> str:
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


def list_lines(order: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The lines of an order document."""
    yield from order["products"]["resource"]["embedded"]


def read_day(moment: str) -> date:
    """The Dutch day of a moment as the API writes it, in Dutch time."""
    return datetime.fromisoformat(moment).date()


def begin_quarter(day: date) -> date:
    """The first day of a quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
