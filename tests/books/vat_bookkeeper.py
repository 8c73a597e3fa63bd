"""An independent bookkeeper who makes the VAT returns of a shop by hand.

What he has: the import files as the inbox got them, read by an XML parser; the shop's own orders
and invoices, as anybody with its key reads them; and what the shopkeeper told him of the articles.
He shares no rule with the connector: what is here is what the forms of the Belastingdienst ask.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from tests.books.lines_by_hand import Articles, Document, Line, place_line, read_day

D = Decimal
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Booking:
    """One order of an import file. `takes_back` is the day of what a credit note or a correction
    takes back; None for a sale. `number` is the order's in the shop, `bill` the invoice's.
    """

    file: str
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
        return sum((line.excl + line.vat for line in self.lines), NOTHING)


@dataclass
class Sum:
    """What lines come to; `taken` is the part of credit notes and corrections."""

    documents: int = 0
    excl: Decimal = NOTHING
    vat: Decimal = NOTHING
    taken_excl: Decimal = NOTHING
    taken_vat: Decimal = NOTHING

    @property
    def has_amounts(self) -> bool:
        """Whether there is anything to declare: articles that cost nothing are not."""
        return any((self.excl, self.vat, self.taken_excl, self.taken_vat))

    def add(self, lines: Iterable[Line], *, is_taken: bool) -> None:
        """One more document with these lines."""
        self.documents += 1
        for line in lines:
            self.excl += line.excl
            self.vat += line.vat
            if is_taken:
                self.taken_excl += line.excl
                self.taken_vat += line.vat


OssCorrected = tuple[str, date, str, Decimal]  # country, quarter, supply, rate in per cent
Place = tuple[str, str, Decimal, str]  # box, supply, rate in per cent, country


@dataclass
class Bookkeeper:
    """The books of one shop. `orders` are its order documents with their lines, `invoices` its
    invoice documents, both as the API gives them now.
    """

    orders: Sequence[Document]
    invoices: Sequence[Document]
    articles: Articles
    bookings: list[Booking] = field(default_factory=list)

    def read(
        self, files: Mapping[str, bytes], orders: Mapping[str, Mapping[str, Document]]
    ) -> Bookkeeper:
        """Book these files, in the order of their names. `orders` are the shop's, by file and
        number, as the API gave them when the file came: some were edited since.
        """
        for name in sorted(files):
            for element in fromstring(files[name]).iter("Order"):
                self.bookings.append(self._read_order(name, element, orders[name]))
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
        return {place: summed for place, summed in found.items() if summed.has_amounts}

    def list_oss_corrections(
        self, first: date, last: date
    ) -> dict[OssCorrected, tuple[Decimal, Decimal]]:
        """What a period takes back of OSS sales of earlier quarters."""
        found: dict[OssCorrected, tuple[Decimal, Decimal]] = {}
        for booking in self.list_of(first, last):
            quarter = begin_quarter(booking.takes_back or booking.day)
            if quarter == begin_quarter(booking.day):
                continue
            for line in booking.lines:
                if line.box == "oss":
                    key = (line.country, quarter, line.supply, line.percent)
                    excl, vat = found.get(key, (NOTHING, NOTHING))
                    found[key] = (excl + line.excl, vat + line.vat)
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
            documents, incl = found.get(key, (0, NOTHING))
            found[key] = (documents + 1, incl + booking.incl)
        return found

    def list_open(self, first: date, last: date, *, by_invoice: bool) -> dict[str, Decimal]:
        """The paid orders of a period that no file has (or all invoices and credit notes), with
        what they come to.
        """
        if by_invoice:
            booked = {booking.bill for booking in self.bookings}
            documents = list(self.invoices)
        else:
            booked = {booking.number for booking in self.bookings}
            documents = [
                each
                for each in self.orders
                if each["paymentStatus"] == "paid" and each["status"] != "cancelled"
            ]
        return {
            each["number"]: Decimal(each["priceIncl"])
            for each in documents
            if first <= read_day(each["createdAt"]) <= last and each["number"] not in booked
        }

    def list_sent_again(self, first: date, last: date) -> list[tuple[Booking, bool]]:
        """What is in an earlier file as well, since somebody deleted it in Asperion and sent it
        again, and whether it is as it was: a return would declare it twice. A sale that was
        corrected in between is another one, and so is the correction of such.
        """
        found, seen = [], dict[tuple[str, str], Booking]()
        for booking in self.bookings:
            is_correction = booking.takes_back is not None and not booking.bill
            kind = "correction" if is_correction else booking.bill
            for opposite in [key for key in seen if key[0] == booking.number]:
                if is_correction is not (opposite[1] == "correction"):
                    del seen[opposite]
            before = seen.get((booking.number, kind))
            if before is not None and first <= booking.day <= last:
                found.append((booking, booking.lines == before.lines))
            seen[booking.number, kind] = booking
        return found

    def _read_order(self, file: str, element: Element, orders: Mapping[str, Document]) -> Booking:
        number = element.findtext("OrderNumber", "")
        order = orders[number]
        day = date.fromisoformat(element.findtext("OrderDate", ""))
        bill, takes_back = self._read_description(element.findtext("Description", ""), number)
        return Booking(
            file=file,
            number=number,
            bill=bill,
            day=day,
            takes_back=takes_back,
            method=order["paymentId"],
            code=element.findtext("PaymentCode", ""),
            vat_number=element.findtext("Debtor/VatNumber", ""),
            lines=tuple(
                place_line(line, element, order, self.articles)
                for line in element.iter("Orderline")
            ),
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


def begin_quarter(day: date) -> date:
    """The first day of a quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
