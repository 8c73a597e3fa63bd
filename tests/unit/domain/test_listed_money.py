"""What the shop lists is what became of it; a whole file counts for what it adds up to itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.listed_money import (
    DividedList,
    ListedDocument,
    ListedGroup,
    ListedMoney,
    ListedTotal,
)
from chalicelib.domain.policy import VatClass

D = Decimal
HIGH = VatTreatment(rate=D("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL")


def listed(
    key: str, group: ListedGroup | None, amount: str = "12.10", *, booked: str = "", file: str = ""
) -> ListedDocument:
    return ListedDocument(
        key=key, listed=D(amount), group=group, booked=D(booked or amount), file=file
    )


def placed(key: str, amount: str = "12.10", file: str = "a.xml") -> ListedDocument:
    return listed(key, ListedGroup.PLACED, amount, file=file)


def file(*keys: str, excl: str, vat: str, currency: str = "EUR") -> FileEntry:
    total = TreatmentTotal(treatment=HIGH, documents=len(keys), excl=D(excl), vat=D(vat))
    return FileEntry(
        shop_id=1,
        name="a.xml",
        day=date(2026, 3, 16),
        state=FileState.PLACED,
        since=datetime(2026, 3, 16, tzinfo=UTC),
        keys=dict.fromkeys(keys, "print"),
        cover=CoverSheet(currency=currency, documents=len(keys), totals=(total,)),
    )


def divide(*documents: ListedDocument, of: FileEntry | None = None) -> ListedMoney:
    divided = DividedList()
    for document in documents:
        divided.add(document)
    return divided.add_up([] if of is None else [of], "EUR")


def test_each_document_counts_where_it_is() -> None:
    money = divide(
        placed("1", "1.00"),
        listed("2", ListedGroup.CHANGED, "2.00"),
        listed("3", ListedGroup.HELD, "4.00"),
        listed("4", ListedGroup.DROPPED, "8.00"),
        listed("5", ListedGroup.WAITING, "16.00"),
        listed("6", ListedGroup.WAITING, "-32.00"),
    )
    assert money.listed == ListedTotal(documents=6, incl=D("-1.00"))
    assert money.placed == ListedTotal(documents=1, incl=D("1.00"))
    assert money.changed == ListedTotal(documents=1, incl=D("2.00"))
    assert money.held == ListedTotal(documents=1, incl=D("4.00"))
    assert money.dropped == ListedTotal(documents=1, incl=D("8.00"))
    assert money.waiting == ListedTotal(documents=2, incl=D("-16.00"))
    assert money.difference == D("0.00")


def test_what_is_not_known_or_booked_for_another_total_is_the_difference() -> None:
    assert divide(placed("1"), listed("2", None, "5.00")).difference == D("5.00")


def test_a_file_whose_documents_are_all_listed_counts_for_what_it_adds_up_to() -> None:
    right = divide(placed("1"), placed("2"), of=file("1", "2", excl="20.00", vat="4.20"))
    assert (right.placed.incl, right.difference, right.uneven_files) == (D("24.20"), D("0.00"), ())
    wrong = divide(placed("1"), placed("2"), of=file("1", "2", excl="20.00", vat="4.19"))
    assert (wrong.difference, wrong.uneven_files) == (D("0.01"), ("a.xml",))


@pytest.mark.parametrize(
    "of",
    [
        None,
        file("1", "2", excl="99.00", vat="0.00"),
        file("1", excl="99.00", vat="0.00", currency="SEK"),
    ],
    ids=["not known", "partly listed", "another currency"],
)
def test_documents_of_any_other_file_count_for_what_each_was_booked_for(
    of: FileEntry | None,
) -> None:
    money = divide(placed("1"), of=of)
    assert (money.placed.incl, money.difference, money.uneven_files) == (D("12.10"), D("0.00"), ())


def test_of_nothing_the_difference_is_nothing() -> None:
    assert divide() == ListedMoney(
        currency="EUR",
        listed=ListedTotal(),
        placed=ListedTotal(),
        changed=ListedTotal(),
        held=ListedTotal(),
        dropped=ListedTotal(),
        waiting=ListedTotal(),
    )
