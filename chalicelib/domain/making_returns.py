"""Adds up what the invoices of a file come to for the VAT returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.file_returns import (
    DeclaredDay,
    DeclaredTotal,
    EuSupply,
    FileReturns,
    PaymentTotal,
)
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.return_places import ReturnPlace

_Declared = tuple[ReturnPlace, Decimal, str]  # place, rate and country


def make_file_returns(
    invoices: Sequence[Invoice],
    *,
    again: Sequence[Invoice] = (),
    changed_again: Sequence[date] = (),
    eu_supplies: Sequence[EuSupply] = (),
) -> FileReturns | None:
    """What a file with these invoices, at least one, adds up to. `again` are those of them that an
    earlier file holds as well, `changed_again` the invoice dates of those that it holds otherwise.
    None for several currencies, which have no sum.
    """
    currency = invoices[0].currency
    if any(invoice.currency != currency for invoice in invoices):
        return None
    return FileReturns(
        currency=currency,
        days=_add_up_days(invoices),
        again=_add_up_days(again),
        changed_again=dict(sorted(Counter(changed_again).items())),
        payments=_add_up_payments(invoices),
        eu_supplies=tuple(eu_supplies),
    )


def _add_up_days(invoices: Iterable[Invoice]) -> tuple[DeclaredDay, ...]:
    """By invoice date, and by the month of what is taken back, sales first."""
    found: dict[tuple[date, date | None], list[Invoice]] = {}
    for invoice in invoices:
        corrects = invoice.corrects_on
        month = None if corrects is None else corrects.replace(day=1)
        found.setdefault((invoice.day, month), []).append(invoice)
    ordered = sorted(found, key=lambda key: (key[0], key[1] or date.min))
    return tuple(
        DeclaredDay(
            day=key[0], corrects=key[1], documents=len(found[key]), totals=_add_up(found[key])
        )
        for key in ordered
    )


def _add_up(invoices: Iterable[Invoice]) -> tuple[DeclaredTotal, ...]:
    found: dict[_Declared, DeclaredTotal] = {}
    for invoice in invoices:
        counted = set[_Declared]()
        for line in invoice.lines:
            treatment = line.treatment
            key = (line.place, treatment.rate, treatment.country)
            so_far = found.get(key) or DeclaredTotal(
                place=line.place, rate=treatment.rate, country=treatment.country
            )
            found[key] = replace(
                so_far,
                documents=so_far.documents + (key not in counted),
                excl=so_far.excl + line.excl,
                vat=so_far.vat + line.vat,
            )
            counted.add(key)
    return tuple(found[key] for key in sorted(found, key=_order))


def _order(key: _Declared) -> tuple[str, str, str, Decimal, str]:
    place, rate, country = key
    return place.box.value, country, place.distance_to, -rate, place.supply.value


def _add_up_payments(invoices: Iterable[Invoice]) -> tuple[PaymentTotal, ...]:
    found: dict[tuple[date, str, str], PaymentTotal] = {}
    for invoice in invoices:
        key = (invoice.day, invoice.payment_method, invoice.payment_code or "")
        so_far = found.get(key) or PaymentTotal(day=key[0], method=key[1], code=key[2])
        found[key] = replace(
            so_far, documents=so_far.documents + 1, incl=so_far.incl + invoice.incl
        )
    return tuple(found[key] for key in sorted(found))
