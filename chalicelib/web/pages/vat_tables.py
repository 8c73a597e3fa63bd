"""The VAT sheet as tables: the sheets of the workbook, which the CSV has below each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from chalicelib.domain.adding_sheet import add_up_files
from chalicelib.domain.dutch_return import ELSEWHERE, FormLine, round_in_favour
from chalicelib.domain.money import round_cents
from chalicelib.domain.oss_return import OssCountry
from chalicelib.domain.return_places import ReturnBox
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.open_in_period import OpenInPeriod
from chalicelib.usecases.operating.return_look import ReturnLook
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.http.xlsx_files import SumRow, Table
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts import return_texts as texts
from chalicelib.web.texts.localisation import list_msgids, msgid
from chalicelib.web.texts.period_texts import write_quarter

Rows = Sequence[Sequence[Cell] | SumRow]

_RETURN = list_msgids(
    *("Box", "Description", "Country", "Rate (%)", "Supply", "Invoices"),
    *("Without VAT", "VAT amount", "Corrections without VAT", "VAT on corrections"),
    *("Fill in: sales", "Fill in: VAT"),
)
OSS_HEADINGS = list_msgids("Country", "Supply", "Rate (%)", "Corrects", "Without VAT", "VAT amount")
_FILES = list_msgids("File", "Counted", "Invoices", "Without VAT", "VAT amount")
_OPEN = list_msgids(
    *("Kind", "Number", "Day", "Without VAT", "VAT amount", "With VAT", "Remark"),
)
_OWED = msgid("VAT owed on the sales of your webshop (part of 5a)")
_TOGETHER = msgid("Together")
_EQUAL = msgid("Together, as the files have it")
_DIFFERENCE = msgid("Difference with Asperion")
_NOT_TO_BE_HAD = msgid("amount not available now")
_COUNTED = msgid("yes")
_NAMES = list_msgids("Return", "OSS", "Files", "Open items")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTables:
    """The tables of a period, in the language of `templates`; `title` is the period in words."""

    look: ReturnLook
    title: str
    templates: PageTemplates

    def list_tables(self) -> list[Table]:
        """The four sheets."""
        say = self.templates.say
        shop, sheet = self.look.shop, self.look.sheet
        above = (
            shop.title or shop.domain,
            f"{say(msgid('VAT return'))}, {self.title}",
            f"{say(msgid('Currency'))}: {sheet.files.currency}",
        )
        parts = (
            (_RETURN, self._list_return()),
            (OSS_HEADINGS, list_oss_rows(self.look.oss, self.templates)),
            (_FILES, self._list_files()),
            (_OPEN, _list_open_rows(self.look.open, say)),
        )
        return [
            Table(name=say(name), headings=tuple(map(say, headings)), rows=rows, above=above)
            for name, (headings, rows) in zip(_NAMES, parts, strict=True)
        ]

    def _list_return(self) -> Rows:
        """The boxes, what they come to, then what is in no box, and all of it."""
        say, look = self.templates.say, self.look
        lines = look.lines if look.is_dutch else ()
        rows: list[Sequence[Cell] | SumRow] = [row for line in lines for row in self._list(line)]
        if rows:
            rows.append(SumRow(title=say(_OWED), columns=(7, 9, 11)))
        boxes = ELSEWHERE if look.is_dutch else tuple(ReturnBox)
        others = (look.find_box(box) for box in boxes)
        rows += [row for line in others if line.rows for row in self._list(line)]
        return [*rows, *_sum_up(rows, say(_EQUAL), (6, 7, 8, 9))]

    def _list(self, line: FormLine) -> Iterator[list[Cell]]:
        """A row for each country, rate and supply of a box; what is filled in stands with the
        first.
        """
        say = self.templates.say
        is_box = self.look.is_dutch and line.box not in ELSEWHERE
        words = texts.BOXES if self.look.is_dutch else texts.ABROAD
        named: list[Cell] = [line.box.value if is_box else "", say(words[line.box])]
        fill: list[Cell] = [
            round_in_favour(line.excl) if is_box else None,
            round_in_favour(line.vat) if is_box and line.asks_vat else None,
        ]
        if not line.rows:
            nothing: list[Cell] = [line.excl, line.vat, line.corrections_excl, line.corrections_vat]
            yield [*named, "", None, "", 0, *nothing, *fill]
        for at, row in enumerate(line.rows):
            amounts: list[Cell] = [row.excl, row.vat, row.corrections_excl, row.corrections_vat]
            of_row: list[Cell] = [row.country, _percent(row.rate), say(texts.SUPPLIES[row.supply])]
            filled_in: list[Cell] = [None, None] if at else fill
            yield [*named, *of_row, row.documents, *amounts, *filled_in]

    def _list_files(self) -> Rows:
        say, files = self.templates.say, self.look.sheet.files
        parts = add_up_files(files)
        rows: list[list[Cell]] = [
            [name, say(_COUNTED), part.documents, part.excl, part.vat]
            for name, part in parts.items()
        ]
        rows += [
            [name, say(texts.UNCOUNTED_BRIEFLY[kind]), None, None, None]
            for kind, names in files.uncounted.items()
            for name in names
        ]
        rows.sort(key=lambda row: str(row[0]))
        return [*rows, *_sum_up(rows, say(_TOGETHER), (2, 3, 4)), *self._list_difference()]

    def _list_difference(self) -> Iterator[list[Cell]]:
        """How much more Asperion shows than was delivered, if that is known and anything."""
        seen = self.look.seen
        if seen is not None and seen.difference is not None and seen.differs:
            excl, vat = seen.difference.excl, seen.difference.vat
            yield [self.templates.say(_DIFFERENCE), "", None, excl, vat]


def list_oss_rows(countries: Sequence[OssCountry], templates: PageTemplates) -> Rows:
    """What the one-stop-shop return says of each member state: its sales, then its corrections."""
    say = templates.say
    rows: list[list[Cell]] = []
    for country in countries:
        rows += [
            [
                country.country,
                say(texts.SUPPLIES[row.supply]),
                _percent(row.rate),
                "",
                row.excl,
                row.vat,
            ]
            for row in country.sales
        ]
        for each in country.corrections:
            quarter = write_quarter(each.quarter, templates.text, templates.dates)
            rows.append([country.country, "", None, quarter, each.excl, each.vat])
    return [*rows, *_sum_up(rows, say(_TOGETHER), (4, 5))]


def _list_open_rows(open_money: OpenInPeriod, say: Callable[[str], str]) -> Rows:
    """Every document that is open, with its amounts where they are known."""
    rows: list[list[Cell]] = []
    for group in open_money.groups:
        for each in group.documents:
            amount, entry = each.amount, each.entry
            named: list[Cell] = [say(texts.OPEN[group.kind]), entry.number, entry.day]
            if amount is None:
                rows.append([*named, None, None, None, say(_NOT_TO_BE_HAD)])
            else:
                rows.append([*named, amount.excl, amount.vat, amount.incl, ""])
    return [*rows, *_sum_up(rows, say(_TOGETHER), (3, 4, 5))]


def _percent(rate: Decimal) -> Decimal:
    """A rate in percents, with two decimals."""
    return round_cents(rate * 100)


def _sum_up(rows: Sequence[object], title: str, columns: tuple[int, ...]) -> list[SumRow]:
    """A row that adds all of them up; none without rows."""
    return [SumRow(title=title, columns=columns)] if rows else []
