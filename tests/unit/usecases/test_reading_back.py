"""Asperion is read back by night: what landed, and what somebody deleted, changed or doubled there.

The merchant is told of it, nothing is put right by itself, and where Asperion does not answer
nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.landed import LandedDelivery, LandedPart, ReadBack, UnreadCause, landing_name
from chalicelib.domain.ledger import EntryState, FileEntry
from chalicelib.domain.orders import OrderStatus
from chalicelib.usecases.afterwards import landing_verdicts, shown_invoices
from chalicelib.usecases.afterwards.corrections import accept_change
from chalicelib.usecases.afterwards.watch import watch_shop
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.fakes.memory_asperion import TESTING
from tests.unit.usecases.api_stage import ApiStage, codes, sold
from tests.unit.usecases.stage import SHOP_ID

DELETED, CHANGED, TWICE = (
    LateChange.DELETED_THERE,
    LateChange.CHANGED_THERE,
    LateChange.TWICE_THERE,
)


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


def invoice_of(stage: ApiStage, key: str) -> int:
    found = stage.entry(key).asperion_id
    assert found is not None
    return found


def landed(stage: ApiStage, file: FileEntry) -> LandedPart:
    kept = stage.shops.load(SHOP_ID, LandedDelivery, landing_name(file.name))
    assert kept is not None
    assert kept.whole is not None
    return kept.whole


def progress(stage: ApiStage) -> ReadBack:
    kept = stage.shops.load(SHOP_ID, ReadBack)
    assert kept is not None
    return kept


def count_calls(stage: ApiStage, name: str) -> int:
    return sum(call.name == name for call in stage.asperion.calls)


def test_what_landed_is_counted_and_added_up_by_vat_code(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    assert stage.read_back() == ()
    part = landed(stage, file)
    assert (part.delivered, part.landed, part.definitive) == (2, 2, 0)
    assert part.codes == codes(H=("40.00", "8.40"))
    assert part.is_right
    assert progress(stage).has_seen(file.since)


def test_one_list_serves_a_whole_day(stage: ApiStage) -> None:
    stage.deliver(*(sold(number) for number in range(1, 21)))
    stage.read_back()
    assert count_calls(stage, "list_invoices") == 1
    assert count_calls(stage, "find_invoice") == 0


def test_a_merchant_without_totals_has_none_kept(stage: ApiStage) -> None:
    stage.choose(keep_totals=False)
    file = stage.deliver(sold(1))
    stage.read_back()
    assert landed(stage, file).codes is None


def test_definitive_invoices_are_read_no_more(stage: ApiStage) -> None:
    file = stage.deliver(sold(1))
    stage.books.make_definitive(invoice_of(stage, "order-1"))
    stage.read_back()
    assert landed(stage, file).definitive == 1
    stage.asperion.calls.clear()
    stage.read_back()
    assert stage.asperion.calls == []


def test_after_two_weeks_a_concept_is_read_no_more(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    stage.now += timedelta(days=14)
    stage.read_back()
    assert count_calls(stage, "list_invoices") == 1
    stage.now += timedelta(days=1)
    stage.read_back()
    assert count_calls(stage, "list_invoices") == 1


def test_a_deleted_concept_is_reported_once_and_not_put_right(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-2"))
    assert stage.read_back() == ("ORD00002",)
    entry = stage.entry("order-2")
    assert (entry.state, entry.change, entry.there) == (EntryState.PLACED, DELETED, DELETED)
    assert landed(stage, file).gone == ("ORD00002",)
    assert stage.read_back() == (), "nobody is told twice"
    assert len(stage.books.invoices) == 1, "nothing is sent again by itself"


def test_what_a_person_dealt_with_does_not_come_back(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-2"))
    stage.read_back()
    assert accept_change(stage.workspace(), stage.entry("order-2"), by=Actor.MERCHANT)
    assert stage.read_back() == ()
    assert stage.entry("order-2").change is None
    assert landed(stage, file).gone == ("ORD00002",), "the statement names it all the same"


def test_a_changed_amount_is_reported_and_another_one_again(stage: ApiStage) -> None:
    file = stage.deliver(sold(1))
    stage.books.change_amount(invoice_of(stage, "order-1"))
    assert stage.read_back() == ("ORD00001",)
    assert stage.entry("order-1").change is CHANGED
    assert landed(stage, file).changed == ("ORD00001",)
    accept_change(stage.workspace(), stage.entry("order-1"), by=Actor.MERCHANT)
    assert stage.read_back() == (), "the amount that he dealt with"
    stage.books.change_amount(invoice_of(stage, "order-1"))
    assert stage.read_back() == ("ORD00001",)


def test_what_is_right_again_is_taken_off_the_list(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    before = stage.books.invoices[invoice_of(stage, "order-1")].shown
    stage.books.change_amount(before.id)
    stage.read_back()
    stage.books.edit(before.id, codes=before.codes)
    stage.read_back()
    entry = stage.entry("order-1")
    assert (entry.change, entry.there, entry.shown_print) == (None, None, None)
    assert entry.history[-1].step is OrderStep.SHOW_RIGHT


def test_two_invoices_of_one_sale_are_reported(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stored = stage.books.invoices[invoice_of(stage, "order-1")]
    other = stage.books.store_invoice(stored.concept, stored.shown.debtor_id or 0)
    assert stage.read_back() == ("ORD00001",)
    assert stage.entry("order-1").change is TWICE
    assert landed(stage, file).twice == ("ORD00001",)
    stage.books.delete(other.id)
    assert stage.read_back() == ()
    assert stage.entry("order-1").change is None


def test_the_same_description_for_another_debtor_is_no_double(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    stored = stage.books.invoices[invoice_of(stage, "order-1")]
    stage.books.store_invoice(stored.concept, stage.books.know_debtor("een@ander.example"))
    assert stage.read_back() == ()


def test_a_list_that_lags_behind_is_asked_by_id(stage: ApiStage) -> None:
    stage.books.lag = timedelta(hours=1)
    stage.deliver(sold(1))
    assert stage.read_back() == ()
    assert count_calls(stage, "find_invoice") == 1


def test_an_invoice_in_another_journal_or_of_another_day_is_found(stage: ApiStage) -> None:
    stage.deliver(sold(1), sold(2))
    first = stage.books.invoices[invoice_of(stage, "order-1")]
    first.concept = replace(first.concept, journal_id="MEMO")
    moved = invoice_of(stage, "order-2")
    stage.books.edit(moved, day=stage.books.invoices[moved].shown.day + timedelta(days=1))
    assert stage.read_back() == ("ORD00002",)
    assert stage.entry("order-2").change is CHANGED, "its date"
    assert stage.entry("order-1").change is None
    asked = [call.about for call in stage.asperion.calls if call.name == "find_invoice"]
    assert asked == [moved], "the other one is in the list of all journals"


def test_who_is_not_asked_by_id_is_missing_for_two_nights_first(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_invoices, "MOST_READS", 0)
    file = stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    assert stage.read_back() == ()
    assert landed(stage, file).doubtful == ("ORD00001",)
    stage.now += timedelta(hours=1)
    assert stage.read_back() == (), "an hour later is the same night"
    stage.now += timedelta(days=1)
    assert stage.read_back() == ("ORD00001",)
    assert progress(stage).missing.keys() == {"order-1"}


def test_a_list_that_shows_none_of_many_is_believed_the_second_night(stage: ApiStage) -> None:
    stage.deliver(*(sold(number) for number in range(1, 6)))
    for number in range(1, 6):
        stage.books.delete(invoice_of(stage, f"order-{number}"))
    assert stage.read_back() == ()
    stage.now += timedelta(days=1)
    assert len(stage.read_back()) == 5


def test_what_shows_up_again_is_missed_no_more(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_invoices, "MOST_READS", 0)
    stage.books.lag = timedelta(hours=1)
    stage.deliver(sold(1))
    stage.read_back()
    stage.now += timedelta(days=1)
    assert stage.read_back() == ()
    assert progress(stage).missing == {}


FAULTS = {
    Fault.UNAVAILABLE: UnreadCause.UNAVAILABLE,
    Fault.NOT_SENT: UnreadCause.UNAVAILABLE,
    Fault.LOST_BEFORE: UnreadCause.UNAVAILABLE,
    Fault.HALF_LIST: UnreadCause.UNAVAILABLE,
    Fault.UNAUTHORISED: UnreadCause.REFUSED,
    Fault.FORBIDDEN: UnreadCause.CLOSED,
}


@pytest.mark.parametrize(("fault", "cause"), FAULTS.items())
def test_where_asperion_does_not_answer_nothing_is_concluded(
    stage: ApiStage, fault: Fault, cause: UnreadCause
) -> None:
    stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    stage.asperion.fail(fault)
    assert stage.read_back() == ()
    assert stage.entry("order-1").change is None
    kept = progress(stage)
    assert (kept.at, kept.cause, kept.unread_since) == (None, cause, stage.now)
    since = stage.now
    stage.now += timedelta(days=1)
    stage.read_back()
    assert progress(stage).unread_since == since, "since the first night"
    stage.asperion.recover()
    assert stage.read_back() == ("ORD00001",)
    assert (progress(stage).unread_since, progress(stage).at) == (None, stage.now)


def test_the_token_is_refused(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    stage.asperion.identity.revoke()
    assert stage.read_back() == ()
    assert progress(stage).cause is UnreadCause.REFUSED


def test_a_look_that_fails_concludes_nothing_of_its_day(stage: ApiStage) -> None:
    stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    stage.asperion.fail(Fault.UNAVAILABLE, "find_invoice")
    assert stage.read_back() == ()
    assert stage.entry("order-1").change is None


def test_what_is_delivered_while_the_list_is_read_is_not_missed(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    delivered: list[FileEntry] = []

    def deliver_meanwhile(call: ApiCall) -> None:
        if call.name == "list_invoices" and not delivered:
            stage.now += timedelta(seconds=1)
            delivered.append(stage.deliver(sold(2)))
            stage.books.lag = timedelta(hours=1)

    stage.asperion.before_call = deliver_meanwhile
    assert stage.read_back() == ()
    assert stage.entry("order-2").change is None
    assert not progress(stage).has_seen(delivered[0].since), "that is for the next night"


def test_what_is_sent_again_while_the_list_is_read_is_left_alone(stage: ApiStage) -> None:
    stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))

    def send_again(call: ApiCall) -> None:
        if call.name == "find_invoice":
            stage.workspace().record("order-1", OrderStep.SEND_AGAIN, by=Actor.MERCHANT)

    stage.asperion.before_call = send_again
    assert stage.read_back() == ()
    assert stage.entry("order-1").state is EntryState.WAITING


def test_what_is_booked_anew_while_the_list_is_read_is_left_alone(stage: ApiStage) -> None:
    stage.deliver(sold(1), sold(2))
    first = invoice_of(stage, "order-1")
    stage.books.delete(first)

    def book_anew(call: ApiCall) -> None:
        if call.name == "find_invoice" and invoice_of(stage, "order-1") == first:
            stage.workspace().record("order-1", OrderStep.SEND_AGAIN, by=Actor.MERCHANT)
            stage.deliver(sold(1))

    stage.asperion.before_call = book_anew
    assert stage.read_back() == ()
    assert stage.entry("order-1").change is None


def test_an_amount_changed_there_waits_until_the_change_in_the_shop_is_dealt_with(
    stage: ApiStage,
) -> None:
    stage.deliver(sold(1))
    step, cause = OrderStep.REPORT, LateChange.EDITED
    stage.workspace().record("order-1", step, by=Actor.SWEEP, cause=cause)
    stage.books.change_amount(invoice_of(stage, "order-1"))
    assert stage.read_back() == ()
    assert stage.entry("order-1").change is LateChange.EDITED
    accept_change(stage.workspace(), stage.entry("order-1"), by=Actor.MERCHANT)
    assert stage.read_back() == ("ORD00001",)


def test_two_documents_of_our_own_with_one_description_are_no_double(stage: ApiStage) -> None:
    stage.deliver(sold(1), replace(sold(2), number="ORD00001"))
    descriptions = {each.shown.description for each in stage.books.invoices.values()}
    assert len(descriptions) == 1
    assert stage.read_back() == ()


def test_a_double_goes_before_what_happened_in_the_shop(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    stored = stage.books.invoices[invoice_of(stage, "order-1")]
    stage.books.store_invoice(stored.concept, stored.shown.debtor_id or 0)
    stage.read_back()
    stage.api.put(replace(stage.api.orders[1], updated_at=stage.now, status=OrderStatus.CANCELLED))
    stage.night()
    assert stage.entry("order-1").change is TWICE


def test_too_many_dates_are_read_night_by_night(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_invoices, "MOST_LISTS", 2)
    days = [datetime(2026, 3, day, 10, tzinfo=UTC) for day in (1, 2, 3, 4, 5)]
    file = stage.deliver(*(sold(n, created_at=day) for n, day in enumerate(days, 1)))
    stage.books.delete(invoice_of(stage, "order-5"))
    assert [stage.read_back() for _ in range(3)] == [(), (), ("ORD00005",)]
    assert landed(stage, file).landed == 4
    assert not progress(stage).has_seen(file.since) or progress(stage).next_day is None


def test_a_date_that_cannot_be_read_keeps_no_other_from_it(stage: ApiStage) -> None:
    days = [datetime(2026, 3, day, 10, tzinfo=UTC) for day in (1, 2, 3)]
    file = stage.deliver(*(sold(n, created_at=day) for n, day in enumerate(days, 1)))
    stage.books.delete(invoice_of(stage, "order-3"))
    stage.asperion.fail(Fault.HALF_LIST, "list_invoices", about={date(2026, 3, 1)})
    assert [stage.read_back() for _ in range(2)] == [(), ("ORD00003",)]
    assert progress(stage).unread_since is not None
    stage.asperion.recover()
    assert stage.read_back() == ()
    assert landed(stage, file).landed == 2
    assert progress(stage).unread_since is None


def test_what_is_read_no_more_is_missed_no_more(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_invoices, "MOST_READS", 0)
    stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    stage.read_back()
    assert progress(stage).missing.keys() == {"order-1"}
    stage.now += timedelta(days=15)
    stage.read_back()
    assert progress(stage).missing == {}


def test_another_administration_is_not_asked_for_what_went_to_the_former_one(
    stage: ApiStage,
) -> None:
    stage.deliver(sold(1))
    stage.asperion.connect(stage.shops, SHOP_ID, administration=TESTING)
    assert stage.read_back() == ()
    assert stage.entry("order-1").change is None
    assert stage.asperion.calls == []


def test_a_shop_that_went_back_to_files_is_read_back_all_the_same(stage: ApiStage) -> None:
    stage.deliver(sold(1), sold(2))
    stage.asperion.connect(stage.shops, SHOP_ID, is_on=False)
    stage.books.delete(invoice_of(stage, "order-1"))
    assert stage.read_back() == ("ORD00001",)


def test_a_shop_by_files_is_not_read_back(stage: ApiStage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=None))
    assert stage.read_back() == ()
    assert stage.shops.load(SHOP_ID, ReadBack) is None


def test_the_watch_reads_back(stage: ApiStage) -> None:
    stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    seen = watch_shop(stage.connector, SHOP_ID)
    assert seen is not None
    assert seen.otherwise == ("ORD00001",)
    assert not seen.is_fine


def test_few_deleted_ones_are_believed_at_once() -> None:
    assert landing_verdicts.FEW == 3


CHANGE: dict[LateChange, Callable[[ApiStage, int], object]] = {
    DELETED: lambda stage, number: stage.books.delete(number),
    CHANGED: lambda stage, number: stage.books.change_amount(number),
}


@pytest.mark.parametrize("change", CHANGE)
def test_the_sweep_leaves_what_is_otherwise_in_asperion(
    stage: ApiStage, change: LateChange
) -> None:
    stage.deliver(sold(1), sold(2))
    CHANGE[change](stage, invoice_of(stage, "order-1"))
    stage.read_back()
    stage.api.put(replace(stage.api.orders[1], updated_at=stage.now))
    stage.night()
    assert stage.entry("order-1").change is change


def test_an_order_that_is_cancelled_after_its_concept_was_deleted_asks_for_nothing(
    stage: ApiStage,
) -> None:
    stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    stage.read_back()
    accept_change(stage.workspace(), stage.entry("order-1"), by=Actor.MERCHANT)
    stage.api.put(replace(stage.api.orders[1], updated_at=stage.now, status=OrderStatus.CANCELLED))
    stage.night()
    assert stage.entry("order-1").change is None


def test_what_went_to_a_former_administration_is_not_missed_in_the_present_one(
    stage: ApiStage,
) -> None:
    stage.deliver(sold(1))
    stage.asperion.connect(stage.shops, SHOP_ID, administration=TESTING)
    assert stage.read_back() == ()
    assert count_calls(stage, "list_invoices") == 0
    assert stage.entry("order-1").there is None
