"""How a profile writes the VAT of a line: ``[vat]`` of ``profile.toml``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from chalicelib.axml.toml_file import Table
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.policy import VatClass


class VatCode(Table, frozen=True):
    """One row of the dated code table: `code` for lines of `vat_class` and `kind` (None: any)
    with the rates of the days from `since` to `until`, both included (None: open).
    """

    code: str
    vat_class: VatClass = field(name="class")
    kind: VatKind | None = None
    since: date | None = field(name="from", default=None)
    until: date | None = None


class ClassWords(Table, frozen=True):
    """The word for each `VatClass`."""

    high: str
    low: str
    none: str


class KindWords(Table, frozen=True, rename="kebab"):
    """The word for each `VatKind`; "" leaves it out."""

    domestic: str
    intra_community: str
    export: str
    oss: str
    reverse_charge: str
    small_business: str


class VatRules(Table, frozen=True):
    """VAT in the profile's notation."""

    notation: Literal["percentage", "class", "code"]
    percentage_decimals: Annotated[int, Meta(ge=0, le=1000)]
    classes: ClassWords
    kinds: KindWords
    codes: tuple[VatCode, ...] = ()

    def kind_word(self, treatment: VatTreatment) -> str:
        """The word for a treatment's kind."""
        return str(getattr(self.kinds, treatment.kind.replace("-", "_")))

    def word(self, treatment: VatTreatment, rates_of: date) -> str | None:
        """The class word or code of a treatment with the rates of a day; None where no row of the
        code table covers it.
        """
        if self.notation == "class":
            return str(getattr(self.classes, treatment.vat_class))
        fitting = (
            row.code
            for row in self.codes
            if row.vat_class is treatment.vat_class
            and row.kind in {None, treatment.kind}
            and (row.since or date.min) <= rates_of <= (row.until or date.max)
        )
        return next(fitting, None)
