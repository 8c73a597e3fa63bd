"""The VAT sheet of a shop: what its inbox got, in the period of each invoice, and every file named
that nobody can be sure of.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.adding_sheet import (
    add_up_distance_sales,
    add_up_payments,
    add_up_sheet,
)
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.month_files import DatedFiles, MonthFiles
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.period_files import Uncounted
from chalicelib.domain.periods import Period, read_period
from chalicelib.domain.policy import DateBasis
from chalicelib.domain.vat_sheet import DistanceTotal, DocumentsTotal, VatSheet
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.filing import file_making
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.vat_return import read_period_files
from tests.fakes.documents_of_shop import GERMANY, invoice, item, order, order_line
from tests.unit.usecases.arrivals import decide, give_up
from tests.unit.usecases.day_runs import MORNING, export, open_small_stage, sell
from tests.unit.usecases.stage import SHOP_ID, Stage

D = Decimal
NOTHING = (D(0), D(0))
ALL_TIME = read_period("1990-01-01_2199-12-31")
MARCH, APRIL = read_period("2026-03"), read_period("2026-04")


def sheet(stage: Stage, period: Period = ALL_TIME) -> VatSheet:
    found = add_up_sheet(read_period_files(stage.workspace(), period))
    assert found.difference == NOTHING
    return found


def named(stage: Stage, period: Period = ALL_TIME) -> dict[Uncounted, tuple[str, ...]]:
    """The files that cannot be counted."""
    return dict(sheet(stage, period).files.uncounted)


def is_whole(stage: Stage, period: Period = ALL_TIME) -> bool:
    return sheet(stage, period).files.is_whole


def sums(stage: Stage, period: Period = ALL_TIME) -> tuple[Decimal, Decimal]:
    found = sheet(stage, period)
    return found.excl, found.vat


def in_the_inbox(stage: Stage) -> tuple[Decimal, Decimal]:
    totals = stage.sums().values()
    return sum((one for one, _, _ in totals), D(0)), sum((vat for _, vat, _ in totals), D(0))


def files(stage: Stage) -> list[FileEntry]:
    return stage.connector.files.list_since(SHOP_ID, date(2026, 1, 1))


@pytest.fixture
def stage() -> Stage:
    """A shop that sold two mugs of 20.00 in March, which are in a file."""
    return open_small_stage()


def test_a_sheet_is_what_the_inbox_got(stage: Stage) -> None:
    assert sums(stage) == in_the_inbox(stage) == (D("40.00"), D("8.40"))
    assert sums(stage, MARCH) == in_the_inbox(stage)
    found = sheet(stage, APRIL)
    assert (found.rows, found.files.counted, found.files.is_whole) == ((), (), True)
    (file,) = files(stage)
    assert [each.name for each in sheet(stage, MARCH).files.counted] == [file.name]


def test_every_document_keeps_its_invoice_date(stage: Stage) -> None:
    (file,) = files(stage)
    assert dict(file.days) == {"order-1": MORNING.date(), "order-2": MORNING.date()}
    assert stage.entry("order-1").booked_on == MORNING.date()


def test_what_is_delivered_in_april_and_dated_in_march_is_in_march() -> None:
    stage = Stage()
    stage.now = datetime.fromisoformat("2026-03-31T21:30:00+00:00")  # half past eleven at night
    sell(stage, 1)
    stage.now += timedelta(hours=1)
    sell(stage, 2)
    stage.now += timedelta(hours=2)
    export(stage)
    assert files(stage)[0].day == date(2026, 4, 1)
    assert (sums(stage, MARCH), sums(stage, APRIL)) == ((D("20.00"), D("4.20")),) * 2
    assert sums(stage, read_period("2026-03-31_2026-04-01")) == in_the_inbox(stage)


@pytest.mark.parametrize(
    ("basis", "corrects"),
    [(DateBasis.ORDER, date(2026, 3, 1)), (DateBasis.INVOICE, date(2026, 4, 1))],
)
def test_a_reversal_is_in_its_own_period_and_says_what_the_ledger_says_it_takes_back(
    basis: DateBasis, corrects: date
) -> None:
    stage = Stage(date_basis=basis)
    stage.now = datetime.fromisoformat("2026-03-31T10:00:00+00:00")
    sold = order(id=1, number="ORD1", created_at=stage.now)
    billed = invoice(order_id=1, created_at=stage.now + timedelta(days=1))
    stage.now += timedelta(days=1)
    stage.receive(replace(sold, invoices=(billed,)))
    export(stage)
    stage.choose(date_basis=DateBasis.ORDER)
    stage.now += timedelta(days=60)
    stage.api.put(replace(stage.api.orders[1], status=OrderStatus.CANCELLED))
    stage.night()
    assert request_correction(stage.workspace(), "ORD1", by=Actor.MERCHANT) == 1
    stage.night()
    assert sums(stage) == in_the_inbox(stage) == NOTHING
    (row,) = sheet(stage, read_period("2026-05-30_2026-06-30")).rows
    assert (row.excl, row.corrections_excl) == (D("-20.00"), D("-20.00"))
    returns = files(stage)[-1].returns
    assert returns is not None
    assert [day.corrects for day in returns.days] == [corrects]


def test_a_credit_note_corrects_the_month_in_which_its_order_was_booked(stage: Stage) -> None:
    stage.now += timedelta(days=40)
    bill = invoice("INV1", id=31, order_id=1, created_at=MORNING, updated_at=MORNING)
    note = invoice(
        "INV2",
        id=32,
        order_id=1,
        is_credit_note=True,
        original_id=31,
        created_at=stage.now,
        updated_at=stage.now,
        price_excl=D("20.00"),
        price_incl=D("24.20"),
    )
    stage.api.put(replace(stage.api.orders[1], invoices=(bill, note)))
    stage.api.items[32] = [item("24.20")]
    stage.watch()
    stage.night()
    assert request_correction(stage.workspace(), "ORD1", by=Actor.MERCHANT) == 1
    stage.night()
    returns = files(stage)[-1].returns
    assert returns is not None
    (day,) = returns.days
    assert (day.day, day.corrects) == (date(2026, 4, 25), date(2026, 3, 1))
    assert sums(stage, APRIL) == (D("-20.00"), D("-4.20"))


def test_a_file_whose_answer_was_lost_is_named_until_it_is_known(stage: Stage) -> None:
    stage.now += timedelta(days=1)
    sell(stage, 3)
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    export(stage)
    lost = files(stage)[-1].name
    found = sheet(stage, MARCH)
    assert (found.excl, found.files.uncounted) == (D("40.00"), {Uncounted.UNSURE: (lost,)})
    assert not found.files.is_whole
    assert is_whole(stage, APRIL)
    stage.now += timedelta(minutes=10)
    assert decide(stage, lost, "again") is FileState.VOID
    assert is_whole(stage, MARCH)
    export(stage)
    assert sums(stage, MARCH) == in_the_inbox(stage) == (D("60.00"), D("12.60"))


def test_a_file_that_surfaced_is_named_and_counts_nothing_when_all_went_elsewhere() -> None:
    stage = Stage()
    name = give_up(stage)
    export(stage)
    assert decide(stage, name, "confirm") is FileState.DOUBLE
    found = sheet(stage, MARCH)
    assert (found.files.uncounted, found.excl) == ({Uncounted.DOUBLE: (name,)}, D("40.00"))
    assert decide(stage, name, "resolved") is FileState.PLACED
    found = sheet(stage, MARCH)
    assert (found.excl, found.files.is_whole) == (D("40.00"), True)


def test_of_a_file_that_surfaced_nobody_knows_what_the_documents_come_to_that_stayed() -> None:
    stage = Stage()
    name = give_up(stage)
    stage.api.orders[2] = replace(stage.api.orders[2], email="")  # held: goes nowhere
    export(stage, only=["order-1"])
    assert decide(stage, name, "confirm") is FileState.DOUBLE
    assert decide(stage, name, "resolved") is FileState.PLACED
    found = sheet(stage, MARCH)
    assert found.files.uncounted == {Uncounted.PARTLY: (name,)}
    assert found.excl == D("20.00")


def test_who_wants_no_totals_kept_has_no_sheet_and_reads_which_files_are_missing(
    stage: Stage,
) -> None:
    (kept,) = files(stage)
    stage.choose(keep_totals=False)
    assert named(stage, MARCH) == {Uncounted.UNDATED: (kept.name,)}
    assert sheet(stage, MARCH).rows == ()
    stage.now += timedelta(days=1)
    sell(stage, 3)
    export(stage)
    assert [(file.cover, file.returns) for file in files(stage)] == [(None, None)] * 2
    assert all(file.days for file in files(stage)), "a date is no total"
    assert named(stage, MARCH) == {Uncounted.UNDATED: tuple(file.name for file in files(stage))}
    assert is_whole(stage, APRIL)
    stage.choose(keep_totals=True)
    stage.now += timedelta(days=1)
    sell(stage, 4)
    export(stage)
    assert sums(stage, MARCH) == (D("20.00"), D("4.20"))
    assert len(named(stage, MARCH)[Uncounted.UNDATED]) == 2


def make_former(stage: Stage) -> None:
    """All that was delivered so far was by a version that kept no invoice dates."""
    kept = stage.shops.kept[SHOP_ID]
    for name in [name for name in kept if name.startswith("month-") or name == DatedFiles.NAME]:
        del kept[name]
    for file in files(stage):
        former = replace(file, returns=None, days={})
        stage.connector.files.items[SHOP_ID][file.name] = former  # type: ignore[attr-defined]


def test_files_of_earlier_versions_are_named_where_they_may_have_documents(stage: Stage) -> None:
    make_former(stage)
    (former,) = files(stage)
    undated = {Uncounted.UNDATED: (former.name,)}
    assert named(stage, read_period("2026-01")) == named(stage, MARCH) == undated
    assert is_whole(stage, APRIL), "no invoice is dated after its delivery"
    stage.now += timedelta(days=1)
    sell(stage, 3)
    export(stage)
    assert stage.shops.load(SHOP_ID, DatedFiles) == DatedFiles(first=files(stage)[-1].name)
    found = sheet(stage, MARCH)
    assert (found.excl, found.files.uncounted) == (D("20.00"), undated)
    assert is_whole(stage, APRIL)


def test_an_unsettled_file_of_an_earlier_version_is_unsure_in_each_period_before_it() -> None:
    stage = Stage()
    stage.now = MORNING
    sell(stage, 1)
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    export(stage)
    make_former(stage)
    (former,) = files(stage)
    assert named(stage, MARCH) == {Uncounted.UNSURE: (former.name,)}


def test_an_order_that_was_sent_again_is_counted_twice_and_the_sheet_says_so(
    stage: Stage,
) -> None:
    repair.send_order_again(stage.workspace(), "ORD1", reason="weg", by=Actor.MERCHANT)
    stage.now += timedelta(hours=1)
    export(stage)
    found = sheet(stage, MARCH)
    assert (found.excl, found.vat) == in_the_inbox(stage) == (D("60.00"), D("12.60"))
    assert found.again == DocumentsTotal(documents=1, excl=D("20.00"), vat=D("4.20"))
    assert found.changed_again == 0


def test_of_one_that_had_changed_the_sheet_knows_the_number_alone(stage: Stage) -> None:
    changed = order(order_line("48.40"), id=1, number="ORD1", created_at=MORNING, paid_at=MORNING)
    stage.api.put(changed)
    repair.send_order_again(stage.workspace(), "ORD1", reason="bedrag", by=Actor.MERCHANT)
    stage.now += timedelta(hours=1)
    export(stage)
    found = sheet(stage, MARCH)
    assert (found.again, found.changed_again) == (DocumentsTotal(), 1)
    assert found.excl == D("80.00")


def test_an_order_booked_anew_after_it_was_taken_back_was_not_sent_twice(stage: Stage) -> None:
    sold = stage.api.orders[1]
    stage.api.put(replace(sold, status=OrderStatus.CANCELLED))
    stage.night()
    request_correction(stage.workspace(), "ORD1", by=Actor.MERCHANT)
    stage.night()
    stage.api.put(sold)
    stage.night()
    repair.send_order_again(stage.workspace(), "ORD1", reason="toch", by=Actor.MERCHANT)
    stage.night()
    found = sheet(stage, MARCH)
    assert (found.excl, found.documents) == (D("40.00"), 4)
    assert found.again == DocumentsTotal()
    assert found.changed_again == 0


def test_a_name_is_put_down_before_its_file_has_content(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    stage.now += timedelta(days=20)
    sell(stage, 3)
    monkeypatch.setattr(file_making, "describe_bytes", break_off)
    with pytest.raises(KeyboardInterrupt):
        export(stage)
    month = stage.shops.load(SHOP_ID, MonthFiles, "month-2026-04")
    assert month is not None
    assert month.list_names(SHOP_ID) == [files(stage)[-1].name]
    assert is_whole(stage, APRIL), "nothing is in it"


def test_the_files_of_months_outlive_the_installation(stage: Stage) -> None:
    stage.uninstall()
    assert {"month-2026-03", "dated-files"} <= set(stage.shops.kept[SHOP_ID])


def test_a_file_in_another_currency_is_named(stage: Stage) -> None:
    stage.choose(accepted_currencies=frozenset({"EUR", "GBP"}))
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, currency="GBP"))
    stage.now += timedelta(days=1)
    sell(stage, 3)
    export(stage)
    euros, pounds = files(stage)
    found = sheet(stage, MARCH)
    assert (found.files.currency, found.excl) == ("GBP", D("20.00"))
    assert found.files.uncounted == {Uncounted.OTHER_CURRENCY: (euros.name,)}
    assert [each.name for each in found.files.counted] == [pounds.name]


def test_payments_and_distance_sales_are_of_the_same_files(stage: Stage) -> None:
    sell(stage, 3, billing=GERMANY, shipping=GERMANY, payment_id="klarna")
    export(stage)
    found = read_period_files(stage.workspace(), MARCH)
    assert [(each.method, each.documents, each.incl) for each in add_up_payments(found)] == [
        ("ideal", 2, D("48.40")),
        ("klarna", 1, D("24.20")),
    ]
    assert add_up_distance_sales(found) == (
        DistanceTotal(month=date(2026, 3, 1), country="DE", excl=D("20.00")),
    )
    assert found.is_whole


def test_a_month_with_more_files_than_can_be_noted_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.domain.month_files.MOST_MONTH_FILES", 1)
    sell(stage, 3)
    stage.now += timedelta(hours=1)
    export(stage)
    found = sheet(stage, MARCH)
    assert (found.excl, found.files.is_cut, found.files.is_whole) == (D("40.00"), True, False)
