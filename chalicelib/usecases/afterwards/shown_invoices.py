"""What Asperion shows of invoices that were delivered by API: lists by invoice date, each read
once, and a look at the id of one that its lists lack.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import date

from chalicelib.domain.concepts import ShownInvoice
from chalicelib.domain.ledger import Entry
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AsperionApi

MOST_LISTS = 120
"""Lists a night; the rest of the dates follow the next night."""

MOST_READS = 50
"""Looks at single ids a night. Who misses more in a list is looked for in the next night's."""


@dataclass(slots=True, kw_only=True)
class ShownInvoices:
    """What was read so far, in one administration. `read` are the dates whose lists were read
    whole, `unlooked` the keys of documents that their lists lack and that were not looked for by
    id; `lists` and `reads` count what Asperion was asked for.
    """

    read: set[date] = field(default_factory=set)
    unlooked: set[str] = field(default_factory=set)
    lists: int = 0
    reads: int = 0
    _by_id: dict[int, ShownInvoice] = field(default_factory=dict)
    _by_debtor: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    @property
    def has_room(self) -> bool:
        """Whether another date may be listed."""
        return self.lists < MOST_LISTS

    def read_day(
        self, api: AsperionApi, day: date, wanted: Mapping[str, Entry], journal_id: str | None
    ) -> None:
        """Read the list of a date with these documents, by their keys. What the journal lacks is
        looked for in all journals, and then by its id. Raises `AsperionError`, `VaultError`, with
        the date not among those `read`.
        """
        self._list(api, day, journal_id)
        if journal_id is not None and self._list_lacking(wanted):
            self._list(api, day, None)
        for key, invoice_id in self._list_lacking(wanted):
            if self.reads >= MOST_READS:
                self.unlooked.add(key)
                continue
            self.reads += 1
            shown = api.find_invoice(invoice_id)
            if shown is not None:
                self._add(shown)
        self.read.add(day)

    def find(self, invoice_id: int | None) -> ShownInvoice | None:
        """The invoice of that id, as it was read; None when none of it was."""
        return None if invoice_id is None else self._by_id.get(invoice_id)

    def list_others(self, shown: ShownInvoice, known: Collection[int]) -> tuple[ShownInvoice, ...]:
        """The invoices with its description and its debtor that are none of the `known` ones."""
        alike = self._by_debtor.get(_name_sale(shown), set()) - {shown.id}
        return tuple(self._by_id[each] for each in sorted(alike) if each not in known)

    def _list(self, api: AsperionApi, day: date, journal_id: str | None) -> None:
        self.lists += 1
        listed = list(api.list_invoices(day=day, journal_id=journal_id))  # whole, or nothing
        for shown in listed:
            self._add(shown)

    def _add(self, shown: ShownInvoice) -> None:
        self._by_id[shown.id] = shown
        self._by_debtor.setdefault(_name_sale(shown), set()).add(shown.id)

    def _list_lacking(self, wanted: Mapping[str, Entry]) -> list[tuple[str, int]]:
        """The keys and ids of those that were not read; of what a person said there is no id."""
        ids = ((key, each.asperion_id) for key, each in wanted.items())
        return [(key, one) for key, one in ids if one is not None and one not in self._by_id]


def _name_sale(shown: ShownInvoice) -> tuple[str, str]:
    """What two invoices of one sale have alike."""
    debtor = str(shown.debtor_id) if shown.debtor_id is not None else shown.debtor_number
    return " ".join(shown.description.split()), debtor
