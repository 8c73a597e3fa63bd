"""What a delivery takes along, judged, and what any part of it adds up to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.cover_sheet import CoverSheet, make_cover_sheet
from chalicelib.domain.eu_supplies import list_eu_supplies
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import DocumentKind, Entry, document_key
from chalicelib.domain.making_returns import make_file_returns
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.filing.sent_again import SentAgain, find_sent_again
from chalicelib.usecases.judging.reading import Reading, list_booked


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDocuments:
    """The documents of a delivery by ledger key, in its order: `readings`, and `booked`, the
    invoices that they became. `marks` are those of VAT numbers, by number; `again` are those that
    were sent again on purpose. Without `keeps_totals` nothing is added up.
    """

    readings: Mapping[str, Reading]
    booked: Mapping[str, Invoice]
    marks: Mapping[str, str]
    again: SentAgain
    keeps_totals: bool

    def cover(self, keys: Collection[str]) -> CoverSheet | None:
        """The cover sheet of these documents, at least one; None when none is to be kept."""
        if not self.keeps_totals:
            return None
        return make_cover_sheet([self.booked[key] for key in keys])

    def add_up(self, keys: Collection[str]) -> FileReturns | None:
        """What these documents, at least one, add up to for the VAT returns, likewise."""
        if not self.keeps_totals:
            return None
        invoices = [self.booked[key] for key in keys]
        unchanged, changed_on = self.again.unchanged, self.again.changed_on
        return make_file_returns(
            invoices,
            again=[unchanged[key] for key in keys if key in unchanged],
            changed_again=[changed_on[key] for key in keys if key in changed_on],
            eu_supplies=list_eu_supplies(invoices, self.marks),
        )


def gather_documents(
    run: Run, claimed: Sequence[Entry], readings: Mapping[str, Reading], marks: Mapping[str, str]
) -> JudgedDocuments:
    """Put together what is left of the claimed documents once they were judged."""
    return JudgedDocuments(
        readings=readings,
        booked=list_booked(readings),
        marks=marks,
        again=find_sent_again(run, claimed, readings),
        keeps_totals=run.shop.policy.keep_totals,
    )


def describe_bytes(run: Run, documents: JudgedDocuments, content: bytes) -> FileContent:
    """What is kept of a file of these bytes."""
    digest = hashlib.sha256(content).hexdigest()
    described = describe_content(run, documents, sha256=digest, size=len(content))
    return replace(described, profile=run.profile.mark)


def describe_content(
    run: Run, documents: JudgedDocuments, *, sha256: str, size: int
) -> FileContent:
    """What is kept of a delivery whose content has this hash and size; nothing of what it adds up
    to, for a merchant who wants no totals kept.
    """
    readings, booked = documents.readings, documents.booked
    return FileContent(
        keys={key: each.fingerprint() for key, each in readings.items()},
        sha256=sha256,
        size=size,
        inbox=run.destination_print(),
        cover=documents.cover(booked),
        refunded=tuple(key for key, each in readings.items() if each.is_refunded),
        terms=run.terms_print(),
        returns=documents.add_up(booked),
        days={key: invoice.day for key, invoice in booked.items()},
        sales=_list_sales(booked),
        locked_until=run.shop.locked_until,
    )


def _list_sales(booked: Mapping[str, Invoice]) -> dict[str, str]:
    orders = {
        key: document_key(DocumentKind.ORDER, invoice.order_id)
        for key, invoice in booked.items()
        if invoice.credits is None
    }
    return {key: order for key, order in orders.items() if key != order}
