"""VAT codes of an administration: which there are, from when until when, and the one for a line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sandbox.asperion.foreign_rates import list_foreign_rates

DOMESTIC, OSS, EXPORT = "domestic", "oss", "export"
INTRA_COMMUNITY, REVERSE_CHARGE = "intra-community", "reverse-charge"
SMALL_BUSINESS = "small-business"
HOME = "NL"
OWN_CODES = (INTRA_COMMUNITY, EXPORT, REVERSE_CHARGE, SMALL_BUSINESS)
"""Kinds of line that have one code each, whatever the country."""

LAST_19, FIRST_21 = date(2012, 9, 30), date(2012, 10, 1)
LAST_6, FIRST_9 = date(2018, 12, 31), date(2019, 1, 1)
OSS_SINCE = date(2021, 7, 1)


@dataclass(frozen=True)
class VatCode:
    """A code: rate in per cent, first and last day (None: no bound), country ("" for none).

    `kind` is what the import screen finds a code by; the API does not show it.
    """

    id: str
    description: str
    rate: Decimal
    kind: str = ""
    country: str = HOME
    is_sales: bool = True
    is_default: bool = False
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def kind_of_line(self) -> str:
        """The kind that a file writes at a line with this code: empty for plain domestic."""
        return "" if self.kind == DOMESTIC else self.kind

    @property
    def country_of_line(self) -> str:
        """The country that a file writes at a line with this code: empty for the Netherlands."""
        return "" if self.country == HOME else self.country

    def is_valid(self, on: date) -> bool:
        """Whether the code may be used on that day."""
        first, last = self.valid_from or date.min, self.valid_until or date.max
        return first <= on <= last


class CodeTable:
    """The VAT codes of one administration by id. Not locked: the administration does that."""

    def __init__(self) -> None:
        self._codes = {code.id: code for code in _list_first_codes()}

    def codes(self) -> list[VatCode]:
        """All codes in the order of the administration."""
        return list(self._codes.values())

    def get(self, code_id: str) -> VatCode | None:
        """One code by its id."""
        return self._codes.get(code_id)

    def end(self, code_id: str, last: date | None) -> bool:
        """Set the last day of a code (None: no last day); False if there is no such code."""
        code = self._codes.get(code_id)
        if code is None:
            return False
        self._codes[code_id] = replace(code, valid_until=last)
        return True

    def remove(self, code_id: str) -> bool:
        """Take a code out of the administration; False if there is no such code."""
        return self._codes.pop(code_id, None) is not None

    def put(self, code: VatCode) -> None:
        """Add a code, or replace the one of that id."""
        self._codes[code.id] = code

    def find(self, rate: Decimal, kind: str, country: str, on: date) -> str:
        """The id of the sales code of an imported line on its day; "" where a person chooses.

        `kind` and `country` are as the file gives them, empty for plain domestic lines.
        """
        kind, country = kind.strip().casefold(), country or HOME
        for code in self._codes.values():
            if not code.is_sales or not code.is_valid(on):
                continue
            if kind in OWN_CODES:
                fits = code.kind == kind and code.rate == rate
            else:
                wanted = DOMESTIC if country == HOME else OSS
                fits = (code.kind, code.country, code.rate) == (wanted, country, rate)
            if fits:
                return code.id
        return ""


def _list_first_codes() -> Iterator[VatCode]:
    yield from _list_domestic()
    yield from _list_borders()
    for country, rate, first, last in list_foreign_rates():
        name = f"{rate.normalize():f}".replace(".", ",")
        yield VatCode(
            f"O{country}{name.replace(',', '')}" + (f"-{last:%y}" if last else ""),
            f"OSS {country} {name} %",
            rate,
            OSS,
            country,
            valid_from=max(first, OSS_SINCE),
            valid_until=last,
        )
    yield from _list_purchases()


def _list_domestic() -> Iterator[VatCode]:
    high = Decimal(21)
    yield VatCode("1", "BTW hoog", high, DOMESTIC, is_default=True, valid_from=FIRST_21)
    yield VatCode("1A", "BTW hoog (19 %)", Decimal(19), DOMESTIC, valid_until=LAST_19)
    yield VatCode("2", "BTW laag", Decimal(9), DOMESTIC, valid_from=FIRST_9)
    yield VatCode("2A", "BTW laag (6 %)", Decimal(6), DOMESTIC, valid_until=LAST_6)
    yield VatCode("0", "Geen BTW", Decimal(0), DOMESTIC)
    yield VatCode("0K", "Vrijgesteld: kleineondernemersregeling", Decimal(0), SMALL_BUSINESS)
    yield VatCode("0V", "BTW verlegd binnenland", Decimal(0))


def _list_borders() -> Iterator[VatCode]:
    zero = Decimal(0)
    yield VatCode("5", "Intracommunautaire leveringen", zero, INTRA_COMMUNITY, "")
    yield VatCode("5D", "Diensten binnen de EU, BTW verlegd", zero, REVERSE_CHARGE, "")
    yield VatCode("6", "Export buiten de EU", zero, EXPORT, "")


def _list_purchases() -> Iterator[VatCode]:
    high, low = Decimal(21), Decimal(9)
    yield VatCode("I1", "Voorbelasting hoog", high, is_sales=False, valid_from=FIRST_21)
    yield VatCode("I1A", "Voorbelasting hoog (19 %)", Decimal(19), is_sales=False)
    yield VatCode("I2", "Voorbelasting laag", low, is_sales=False, valid_from=FIRST_9)
    yield VatCode("I5", "Verwerving binnen de EU hoog", high, country="", is_sales=False)
    yield VatCode("I0", "Inkoop zonder BTW", Decimal(0), is_sales=False)
