"""Amounts of one currency as the pages of the returns write them."""

from __future__ import annotations

from decimal import Decimal

from chalicelib.domain.dutch_return import round_in_favour
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts.cover_texts import write_rate
from chalicelib.web.texts.localisation import format_money


@dataclass(frozen=True, slots=True)
class Writing:
    """How a page writes the amounts of one currency."""

    templates: PageTemplates
    currency: str

    def money(self, amount: Decimal) -> str:
        """``€ 1.234,50``."""
        return self.templates.write_money(amount, self.currency)

    def whole(self, amount: Decimal) -> str:
        """The whole euros that one fills in: ``€ 1.234``."""
        return self.write_whole(round_in_favour(amount))

    def write_whole(self, euros: Decimal) -> str:
        """Whole euros: ``€ 1.234``."""
        written = format_money(f"{euros:.2f}", self.currency, self.templates.language)
        return written[: -len(",00")]

    def rate(self, rate: Decimal) -> str:
        """``21%``, ``5,5%``."""
        return write_rate(rate, self.templates.language)
