"""Amounts, days, countries, VAT and texts in a profile's notation."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from chalicelib.axml.profile import CountryNotation, Overflow, Profile, VatNotation
from chalicelib.axml.text import legal
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.errors import ProfileError, RenderedWrong


class Notation:
    """Spells values as one profile wants them."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._separator = profile.numbers.decimal_separator
        self._cent = Decimal(1).scaleb(-profile.numbers.money_decimals)
        self._unit = Decimal(1).scaleb(-profile.numbers.unit_price_decimals)
        self._percent = Decimal(1).scaleb(-profile.vat.percentage_decimals)

    def money(self, amount: Decimal) -> str:
        """An amount, exact. Raises `RenderedWrong` rather than round it."""
        written = amount.quantize(self._cent)
        if written != amount:
            raise RenderedWrong("an amount has more decimals than the profile writes")
        return self._plain(written)

    def unit_price(self, amount: Decimal) -> str:
        """A price of one piece, rounded half up to the profile's decimals."""
        return self._plain(amount.quantize(self._unit, ROUND_HALF_UP))

    def quantity(self, amount: Decimal) -> str:
        """A quantity with the decimals it needs."""
        return self._plain(amount.normalize())

    def day(self, day: date) -> str:
        """A calendar day."""
        return day.strftime(self._profile.date_format)

    def country(self, alpha_2: str) -> str:
        """A country; "" stays "". Raises `RenderedWrong` for one ISO 3166-1 does not know."""
        if not alpha_2 or self._profile.countries is CountryNotation.ALPHA_2:
            return alpha_2
        return _country(alpha_2.upper(), self._profile.countries)

    def vat(self, treatment: VatTreatment, rates_of: date) -> str:
        """The percentage, class word or code of a treatment with the rates of a day."""
        rules = self._profile.vat
        if rules.notation is VatNotation.PERCENTAGE:
            return self._plain((treatment.rate * 100).quantize(self._percent, ROUND_HALF_UP))
        if rules.notation is VatNotation.CLASS:
            return rules.classes[treatment.vat_class]
        for row in rules.codes:
            if row.covers(treatment, rates_of):
                return row.code
        raise ProfileError(
            f"{self._profile.directory / 'profile.toml'}, line 1: vat.codes has no code for "
            f"{treatment.vat_class} ({treatment.kind}) on {rates_of}: add a row"
        )

    def text(self, slot: str, text: str) -> str:
        """A text as XML can say it (so that one with nothing in it counts as empty), within its
        field's length. Raises `RenderedWrong` where it may not be cut.
        """
        text = legal(text)
        limit = self._profile.lengths.get(slot)
        if limit is None or len(text) <= limit.longest:
            return text
        if limit.overflow is Overflow.ERROR:
            raise RenderedWrong(f"{slot} is longer than {limit.longest} characters")
        return text[: limit.longest].rstrip()

    def _plain(self, number: Decimal) -> str:
        text = format(number or abs(number), "f")  # never -0.00
        return text if self._separator == "." else text.replace(".", self._separator)


def plain_domestic(treatment: VatTreatment) -> bool:
    """Whether a treatment needs no further telling than its rate: Dutch VAT on a Dutch sale.

    A shop registered elsewhere charges that country's VAT, which the rate alone would not tell.
    """
    return treatment.kind is VatKind.DOMESTIC and treatment.country in {"", "NL"}


@cache
def _country(alpha_2: str, notation: CountryNotation) -> str:
    # Only profiles with another notation than the shop's own pay for the table.
    from iso3166 import countries_by_alpha2

    found = countries_by_alpha2.get(alpha_2)
    written = "" if found is None else getattr(found, _ATTRIBUTES[notation])
    if not written:
        raise RenderedWrong(f"country {alpha_2!r} has no {notation} code in ISO 3166-1")
    return str(written)


_ATTRIBUTES = {CountryNotation.ALPHA_3: "alpha3", CountryNotation.NUMERIC: "numeric"}
