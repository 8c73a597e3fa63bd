"""The rows of the tables that a merchant takes along, in his language and without any content of
orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.events import AuditEvent
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.shops import Shop
from chalicelib.domain.statement import DayStatement
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts import record_columns as columns
from chalicelib.web.texts.audit_texts import ACTORS, SHOWN_NOTES, STEPS
from chalicelib.web.texts.biography_texts import DROP_CAUSES
from chalicelib.web.texts.discrepancy_texts import TEXTS
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.late_change_texts import CHANGES
from chalicelib.web.texts.state_labels import FILE_STATES, ORDER_STATES
from chalicelib.web.texts.statement_texts import VERDICTS

Rows = Iterator[Sequence[Cell]]


class RecordRows:
    """Writes the rows of one shop's tables. Amounts are left empty for a shop that wants no totals
    kept.
    """

    def __init__(self, templates: PageTemplates, shop: Shop) -> None:
        self._templates = templates
        self._shop = shop
        self._say = templates.say

    def list_statements(self, statements: Iterable[DayStatement]) -> Rows:
        """A row for each day."""
        yield self._title(columns.STATEMENT_COLUMNS, columns.MONEY_COLUMNS, columns.LISTED_COLUMNS)
        for day in statements:
            wrong = "; ".join(self._say(TEXTS[each.kind].what) for each in day.discrepancies)
            listed = None if day.check is None or not self._keeps_totals else day.check.money
            yield (
                *(day.day, day.at, day.opened, day.due, day.corrections, day.placed, day.dropped),
                *(day.waiting, day.held, day.difference),
                *(self._say(VERDICTS[day.verdict].text), wrong, len(day.files)),
                *self._list_money(day.cover),
                None if listed is None else listed.listed.incl,
                None if listed is None else listed.difference,
            )

    def list_files(self, files: Iterable[FileEntry]) -> Rows:
        """A row for each file."""
        yield self._title(columns.FILE_COLUMNS, columns.MONEY_COLUMNS)
        for file in files:
            yield (
                *(file.name, file.day, self._say(FILE_STATES[file.state].text), file.since),
                *(len(file.keys), file.sha256, file.size),
                *self._list_money(file.cover),
            )

    def list_orders(self, entries: Iterable[Entry]) -> Rows:
        """A row for each order, invoice, credit note or correction."""
        yield self._title(columns.ORDER_COLUMNS)
        for entry in entries:
            change = "" if entry.change is None else self._say(CHANGES[entry.change])
            yield (
                *(entry.number, self._say(columns.KINDS[entry.kind]), entry.day),
                *(self._say(ORDER_STATES[entry.state].text), entry.since, entry.file),
                *(self._explain(entry), change, entry.revision or None),
            )

    def list_audit(self, events: Iterable[AuditEvent]) -> Rows:
        """A row for each line of the audit."""
        yield self._title(columns.AUDIT_COLUMNS)
        for event in events:
            note = event.note if event.step in SHOWN_NOTES else ""
            yield (event.at, self._say(STEPS[event.step]), self._say(ACTORS[event.by]), note)

    @property
    def _keeps_totals(self) -> bool:
        return self._shop.policy.keep_totals

    def _title(self, *titles: Sequence[str]) -> Sequence[Cell]:
        return [self._say(title) for each in titles for title in each]

    def _explain(self, entry: Entry) -> str:
        """Why a document is held or left out."""
        if entry.hold is not None:
            return self._say(find_hold_text(entry.hold, detail=entry.hold_detail).what)
        return "" if entry.drop_cause is None else self._say(DROP_CAUSES[entry.drop_cause])

    def _list_money(self, cover: CoverSheet | None) -> Sequence[Cell]:
        if cover is None or not self._keeps_totals:
            return [None] * len(columns.MONEY_COLUMNS)
        return [cover.excl, cover.vat, cover.incl, cover.currency, self._write_rates(cover)]

    def _write_rates(self, cover: CoverSheet) -> str:
        write, money = self._templates.write_treatment, self._templates.write_money
        return "; ".join(
            f"{write(each.treatment, self._shop.country)}: {money(each.excl, cover.currency)}"
            f" + {money(each.vat, cover.currency)}"
            for each in cover.totals
        )
