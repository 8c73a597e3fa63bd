"""Do judgement, Asperion's books and SEOshop itself say the same of every document?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.invoices import Invoice, RateTotal
from tests.books.sandbox_stage import Judged, Ledger

D = Decimal
Row = tuple[Decimal, str, str, Decimal, Decimal, Decimal]


def imported(ledger: Ledger, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """All invoices of the books, once what was booked of these is imported."""
    return ledger.take([one.verdict for one in judged if isinstance(one.verdict, Invoice)])


def assert_agrees(booked: Sequence[dict[str, Any]], judged: Sequence[Judged]) -> None:
    """Every document once; alike per rate and in all; as SEOshop says; and nothing marked as
    deviating.
    """
    theirs = {one["description"]: one for one in booked}
    ours = [(one.verdict, one.stated) for one in judged if isinstance(one.verdict, Invoice)]
    assert len(theirs) == len(booked) == len(ours)
    for invoice, stated in ours:
        found = theirs[invoice.description]
        assert per_rate_booked(found["totals"]) == per_rate_judged(invoice.totals)
        grand = D(found["excl"]), D(found["vat"]), D(found["incl"])
        assert grand == (invoice.excl, invoice.vat, invoice.incl)
        assert (D(found["excl"]), D(found["incl"])) == stated, invoice.description
        assert found["date"] == invoice.day.isoformat()
        assert found["credit"] == (invoice.incl < 0)
        assert found["payment_code"] == (invoice.payment_code or None)
        assert found["deviations"] == [], (invoice.description, found["deviations"])
    assert_one_debtor_an_address(booked, [invoice for invoice, _ in ours])


def assert_one_debtor_an_address(
    booked: Sequence[dict[str, Any]], judged: Sequence[Invoice]
) -> None:
    """Who comes back is recognised, whatever capitals were typed; nobody is taken for another.

    Asperion may be as forgiving as its stand-in is, or not: the file has the plain address.
    """
    assert all(one.debtor.email == one.debtor.email.strip().lower() for one in judged)
    numbers = {one["description"]: one["debtor"]["number"] for one in booked}
    found = {(one.debtor.email.casefold(), numbers[one.description]) for one in judged}
    assert len(found) == len({email for email, _ in found}) == len({number for _, number in found})


def per_rate_judged(totals: Sequence[RateTotal]) -> list[Row]:
    return sorted(
        (
            one.treatment.rate * 100,
            one.treatment.kind.value,
            one.treatment.country,
            one.excl,
            one.vat,
            one.incl,
        )
        for one in totals
    )


def per_rate_booked(totals: Sequence[dict[str, Any]]) -> list[Row]:
    """As Asperion says it; a plain domestic line names neither kind nor country."""
    return sorted(
        (
            D(one["rate"]),
            one["kind"] or "domestic",
            one["country"] or "NL",
            D(one["excl"]),
            D(one["vat"]),
            D(one["incl"]),
        )
        for one in totals
    )
