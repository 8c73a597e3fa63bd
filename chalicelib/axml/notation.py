"""The filters of a template: amounts, days, countries and VAT in a profile's notation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from chalicelib.axml.declaration import Declaration
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.errors import ProfileError, RenderedWrong

COUNTRY = "country"
"""The field of a country without a code."""


class Notation:
    """Writes values as one profile wants them. `source` is its file, for error messages."""

    def __init__(self, declaration: Declaration, source: Path) -> None:
        self._declaration, self._source = declaration, source
        numbers = declaration.numbers
        self._separator = numbers.decimal_separator
        self._cent = Decimal(1).scaleb(-numbers.money_decimals)
        self._unit = Decimal(1).scaleb(-numbers.unit_price_decimals)
        self._percent = Decimal(1).scaleb(-declaration.vat.percentage_decimals)

    def filters(self) -> dict[str, Callable[..., str]]:
        """All of the methods below, by the name a template calls them by."""
        methods = (
            *(self.money, self.unit_price, self.quantity, self.day, self.country, self.role),
            *(self.vat, self.vat_kind, self.vat_country),
        )
        return {method.__name__: method for method in methods}

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
        return day.strftime(self._declaration.dates.format)

    def country(self, alpha_2: str) -> str:
        """A country; "" stays "". Raises `RenderedWrong` for one ISO 3166-1 does not know."""
        notation = self._declaration.countries.notation
        if not alpha_2 or notation == "alpha-2":
            return alpha_2
        # Only profiles with another notation than the shop's own pay for the table.
        from iso3166 import countries_by_alpha2

        found = countries_by_alpha2.get(alpha_2.upper())
        if found is None:
            raise RenderedWrong(
                f"country {alpha_2!r} has no {notation} code in ISO 3166-1", field=COUNTRY
            )
        return str(found.alpha3 if notation == "alpha-3" else found.numeric)

    def role(self, role: str) -> str:
        """The word for the role of an address."""
        return str(getattr(self._declaration.addresses.roles, role))

    def vat(self, treatment: VatTreatment, rates_of: date) -> str:
        """The percentage, class word or code of a treatment with the rates of a day. Raises
        `ProfileError` where the profile has no code for it.
        """
        rules = self._declaration.vat
        if rules.notation == "percentage":
            return self._plain((treatment.rate * 100).quantize(self._percent, ROUND_HALF_UP))
        word = rules.word(treatment, rates_of)
        if word is None:
            raise ProfileError(
                f"{self._source}, line 1: vat.codes has no code for "
                f"{treatment.vat_class} ({treatment.kind}) on {rates_of}: add a row"
            )
        return word

    def vat_kind(self, treatment: VatTreatment) -> str:
        """The word for the kind of a treatment."""
        return self._declaration.vat.kind_word(treatment)

    def vat_country(self, treatment: VatTreatment) -> str:
        """The country whose VAT it is; "" for Dutch VAT on a Dutch sale. A shop registered
        elsewhere charges that country's VAT, which the rate alone does not show.
        """
        domestic = treatment.kind is VatKind.DOMESTIC and treatment.country in {"", "NL"}
        return "" if domestic else self.country(treatment.country)

    def _plain(self, number: Decimal) -> str:
        text = format(number or abs(number), "f")  # never -0.00
        return text if self._separator == "." else text.replace(".", self._separator)
