"""A placed file is made once more: to the byte what was sent, or told what differs and why."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.orders import Order, PaymentStatus
from chalicelib.domain.policy import DateBasis
from chalicelib.errors import (
    InboxRefused,
    RequestError,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    UnknownFile,
)
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.judging.booked_again import Change
from chalicelib.usecases.operating.reading_again import KEPT_FREE, READING_TIME
from chalicelib.usecases.operating.rebuilding import rebuild_file
from chalicelib.usecases.operating.rebuilt_files import (
    Differs,
    FileCause,
    Likeness,
    NotNow,
    Obstacle,
    Part,
    Rebuilt,
)
from tests.fakes.documents_of_shop import charge, invoice, item, order, order_line
from tests.unit.usecases.late import booked_invoice, booked_order, change, change_invoice, refund
from tests.unit.usecases.stage import PROFILE, SHOP_ID, Stage

Result = Rebuilt | Differs | NotNow


def sell(stage: Stage, number: int, **facts: Any) -> Order:
    one = order(
        order_line("14.95", quantity=3),
        order_line("21.80", "0.09"),
        shipment=charge("4.95"),
        **{"id": number, "number": f"ORD{number}", "created_at": stage.now, **facts},
    )
    stage.receive(one)
    return one


def sell_several(stage: Stage, count: int = 5) -> list[Order]:
    sold = [sell(stage, 1000 + number) for number in range(count)]
    stage.night()
    return sold


def last_file(stage: Stage) -> FileEntry:
    return stage.connector.files.list_recent(SHOP_ID, 1)[0]


def rebuild(stage: Stage, **asked: Any) -> Result:
    return rebuild_file(stage.workspace(), last_file(stage).name, **asked)


def is_original(stage: Stage) -> bool:
    """Whether the last file comes out as what lies in the inbox, under its own name."""
    result, file = rebuild(stage), last_file(stage)
    assert isinstance(result, Rebuilt), result
    assert result.likeness is Likeness.ORIGINAL
    return (result.name, result.content) == (file.name, stage.inbox.files[file.name])


def differing(stage: Stage, **asked: Any) -> Differs:
    result = rebuild(stage, **asked)
    assert isinstance(result, Differs), result
    return result


def set_policy(stage: Stage, **chosen: Any) -> None:
    def choose(shop: Any) -> Any:
        return replace(shop, policy=replace(shop.policy, **chosen))

    stage.shops.update(SHOP_ID, choose)


# ---- the same ---------------------------------------------------------------------------------


def test_a_file_comes_out_as_it_was_sent() -> None:
    stage = Stage()
    sell_several(stage)
    assert is_original(stage)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "completed_shipped"},
        {"status": "cancelled"},
        {"payment_status": "not_paid"},
        {"payment_status": "partially_paid"},
        {"status": "on_hold"},
    ],
)
def test_what_only_went_on_in_the_shop_changes_nothing(changes: dict[str, Any]) -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, **changes)
    assert is_original(stage)


@pytest.mark.parametrize("basis", list(DateBasis))
def test_an_invoice_that_was_made_afterwards_is_not_in_it(basis: DateBasis) -> None:
    stage = Stage(date_basis=basis)
    booked_order(stage, paid_at=stage.now)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    change(stage, invoices=(bill,))
    assert is_original(stage)


def test_an_invoice_that_was_cancelled_afterwards_still_is() -> None:
    stage = Stage()
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    booked_order(stage, invoices=(bill,))
    cancelled = replace(bill, status=type(bill.status)("cancelled"), updated_at=stage.now)
    change(stage, invoices=(cancelled,), status="cancelled")
    assert is_original(stage)


def test_an_order_on_account_that_was_paid_afterwards_is_dated_as_it_was() -> None:
    stage = Stage(on_account=True, date_basis=DateBasis.PAYMENT)
    booked_order(stage, payment_status="not_paid")
    stage.now += timedelta(days=3)
    change(stage, payment_status="paid", paid_at=stage.now)
    assert is_original(stage)
    set_policy(stage, on_account=False)
    assert is_original(stage)


def test_a_refund_changes_nothing() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    assert is_original(stage)


def test_invoices_and_their_credit_notes_come_out_as_they_were_sent() -> None:
    stage = booked_invoice()
    assert is_original(stage)
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=332000498,
        created_at=stage.now,
        updated_at=stage.now,
    )
    change_invoice(stage, note)
    stage.api.items[note.id] = [item("24.20")]
    stage.night()
    assert last_file(stage).keys.keys() == {"invoice-332000499"}
    assert is_original(stage)
    change_invoice(stage, note, status=type(note.status)("cancelled"))
    assert is_original(stage)


def test_an_invoice_that_was_cancelled_after_its_file_comes_out_as_it_was() -> None:
    stage = booked_invoice()
    bill = stage.api.orders[301204417].invoices[0]
    change_invoice(stage, status=type(bill.status)("cancelled"))
    assert is_original(stage)


def test_an_invoice_that_was_paid_after_its_file_keeps_its_date() -> None:
    stage = booked_invoice()
    set_policy(stage, date_basis=DateBasis.PAYMENT)
    bill = invoice("INV00400", id=332000500, created_at=stage.now, updated_at=stage.now)
    bill = replace(bill, order_id=301204418)
    sold = order(id=301204418, number="ORD00413", payment_status="not_paid")
    stage.api.put(replace(sold, created_at=stage.now, invoices=(bill,)))
    stage.night()
    assert last_file(stage).keys.keys() == {"invoice-332000500"}
    stage.now += timedelta(days=3)
    paid = replace(stage.api.orders[sold.id], payment_status=PaymentStatus.PAID)
    stage.api.put(replace(paid, paid_at=stage.now))
    assert is_original(stage)


def test_a_reversal_comes_out_as_it_was_sent_also_when_its_order_stands_again() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, status="cancelled")
    stage.night()
    request_correction(stage.workspace(), "ORD00412", by=Actor.MERCHANT)
    stage.night()
    assert last_file(stage).keys.keys() == {"reversal-301204417"}
    stage.now += timedelta(days=40)
    assert is_original(stage)
    change(stage, status="completed_shipped", payment_status="paid")
    assert is_original(stage)


def test_what_was_fingerprinted_with_a_secret_that_is_gone_is_proven_by_the_file() -> None:
    stage = Stage()
    booked_order(stage)
    stage.secrets.prints = ("another-print-secret-of-32-characters",)
    assert is_original(stage)


def test_a_document_that_the_ledger_has_no_more_is_in_it_all_the_same() -> None:
    stage = Stage()
    booked_order(stage)
    stage.entries.items.clear()
    assert is_original(stage)


# ---- not the same -----------------------------------------------------------------------------


def test_which_orders_changed_is_said_and_nothing_is_made_unasked() -> None:
    stage = Stage()
    sold = sell_several(stage)
    stage.api.put(replace(sold[1], firstname="Sanne Maria"))
    del stage.api.orders[sold[3].id]
    result = differing(stage)
    assert {one.number: one.change for one in result.changed} == {
        "ORD1001": Change.IN_SHOP,
        "ORD1003": Change.GONE,
    }
    assert [one.number for one in result.left_out] == ["ORD1003"]
    assert (result.documents, result.remaining, result.cause) == (5, 4, None)


def test_as_it_would_be_now_it_has_another_name_and_what_the_shop_says_now() -> None:
    stage = Stage()
    sold = sell_several(stage)
    stage.api.put(replace(sold[1], firstname="Sanne Maria"))
    stage.api.put(replace(sold[2], status=type(sold[2].status)("cancelled")))
    result = rebuild(stage, as_now=True)
    assert isinstance(result, Rebuilt)
    assert result.likeness is Likeness.PRESENT
    assert result.name.startswith("nieuw-20260316-0215-axml-orders-")
    assert b"Sanne Maria" in result.content
    assert result.content.count(b"Bestelling ORD") == 4
    assert b"ORD1002" not in result.content


def test_asked_as_it_would_be_now_the_same_file_keeps_its_name() -> None:
    stage = Stage()
    sell_several(stage)
    result = rebuild(stage, as_now=True)
    assert isinstance(result, Rebuilt)
    assert result.likeness is Likeness.ORIGINAL


def test_an_order_that_settings_book_otherwise_is_distinguished_from_a_changed_one() -> None:
    stage = Stage()
    sell_several(stage, 2)
    set_policy(stage, small_business_scheme=True)
    result = differing(stage)
    assert [one.change for one in result.changed] == [Change.BY_SETTINGS] * 2
    assert result.cause is FileCause.SETTINGS


def test_other_payment_codes_are_the_settings_doing() -> None:
    stage = Stage()
    sell_several(stage, 2)
    set_policy(stage, payments={"ideal": PROFILE.payments[0].code})
    result = differing(stage)
    assert (result.changed, result.left_out, result.cause) == ((), (), FileCause.SETTINGS)


def test_whether_totals_are_kept_is_no_setting_of_the_file() -> None:
    stage = Stage()
    sell_several(stage, 2)
    set_policy(stage, keep_totals=False)
    assert is_original(stage)


def test_another_profile_is_named_as_the_cause() -> None:
    stage = Stage()
    sell_several(stage, 2)
    file = structs.replace(PROFILE.declaration.file, bom=True)
    declaration = structs.replace(PROFILE.declaration, file=file)
    other = replace(PROFILE, mark="another", declaration=declaration)
    stage.connector = replace(stage.connector, profile=lambda: other)
    assert differing(stage).cause is FileCause.PROFILE


def test_what_nothing_tells_is_said_to_be_unknown() -> None:
    stage = Stage()
    sold = sell_several(stage, 2)
    bill = invoice(created_at=sold[0].created_at, updated_at=sold[0].created_at)
    stage.api.put(replace(sold[0], invoices=(replace(bill, order_id=sold[0].id),)))
    assert differing(stage).cause is FileCause.UNKNOWN


def test_a_file_of_an_earlier_version_does_not_say_by_what_it_was_made() -> None:
    stage = Stage()
    sell_several(stage, 2)
    file = last_file(stage)
    stage.connector.files.items[SHOP_ID][file.name] = replace(file, profile=None, terms=None)  # type: ignore[attr-defined]
    assert is_original(stage)
    set_policy(stage, payments={"ideal": PROFILE.payments[0].code})
    assert differing(stage).cause is FileCause.UNKNOWN


# ---- not now ----------------------------------------------------------------------------------


def test_where_the_allowance_does_not_reach_it_says_when_it_will() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.calls.clear()
    stage.api.remaining = KEPT_FREE + 3
    stage.api.renewed_at = stage.now + timedelta(minutes=4, seconds=30)
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.readable, result.documents) == (Obstacle.ALLOWANCE, 3, 5)
    assert result.until == stage.now + timedelta(minutes=5)
    assert result.parts == 1
    assert stage.api.calls["order"] == 0


def test_a_file_that_no_allowance_reaches_for_is_offered_in_parts() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.remaining, stage.api.renewed_at = KEPT_FREE + 3, None
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.until, result.parts) == (None, 2)


def test_a_refusal_on_the_way_says_when_to_come_back() -> None:
    stage = Stage()
    sell_several(stage)
    until = stage.now + timedelta(minutes=2)
    stage.api.fail(ShopRateLimited("enough", until=until, status=429), "order", after=2)
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.readable, result.until) == (Obstacle.ALLOWANCE, 2, until)


def test_no_more_is_read_than_an_answer_has_time_for() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.calls.clear()

    def take_time(_: object) -> None:
        stage.now += READING_TIME / 2

    stage.api.before_call = take_time
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.readable, result.parts) == (Obstacle.TIME, 2, 2)
    assert stage.api.calls["order"] == 2


def test_a_shop_that_does_not_answer_is_said() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.fail(ShopUnavailable("no answer", status=502), "order")
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.parts) == (Obstacle.SHOP, 1)


def test_a_refused_token_is_the_whole_shops_affair() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.fail(ShopUnauthorised("no", status=401))
    with pytest.raises(ShopUnauthorised):
        rebuild(stage)


# ---- in parts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [2, 3, 5])
def test_the_parts_of_a_file_have_all_its_orders_once(of: int) -> None:
    stage = Stage()
    sold = sell_several(stage)
    found = []
    for number in range(1, of + 1):
        result = rebuild(stage, part=Part(number, of))
        assert isinstance(result, Rebuilt)
        assert result.likeness is Likeness.PART
        assert result.name == f"deel-{number}-van-{of}-{last_file(stage).name}"
        found += [one.number for one in sold if one.number.encode() in result.content]
    assert sorted(found) == [one.number for one in sold]


def test_a_part_that_differs_is_not_given_unasked() -> None:
    stage = Stage()
    sold = sell_several(stage)
    stage.api.put(replace(sold[0], firstname="Sanne Maria"))
    assert [one.number for one in differing(stage, part=Part(1, 2)).changed] == ["ORD1000"]
    assert isinstance(rebuild(stage, part=Part(2, 2)), Rebuilt)
    result = rebuild(stage, part=Part(1, 2), as_now=True)
    assert isinstance(result, Rebuilt)
    assert result.name.startswith("nieuw-20260316-0215-deel-1-van-2-axml-")


def test_a_part_under_other_settings_is_not_given_unasked() -> None:
    stage = Stage()
    sell_several(stage)
    set_policy(stage, payments={"ideal": PROFILE.payments[0].code})
    assert differing(stage, part=Part(1, 2)).cause is FileCause.SETTINGS


@pytest.mark.parametrize("part", [Part(3, 2), Part(0, 2), Part(1, 6), Part(1, 26)])
def test_there_are_no_other_parts(part: Part) -> None:
    stage = Stage()
    sell_several(stage)
    with pytest.raises(RequestError):
        rebuild(stage, part=part)


# ---- which files, and at which cost -----------------------------------------------------------


def test_a_file_that_did_not_arrive_is_not_made_once_more() -> None:
    stage = Stage()
    stage.inbox.fail(InboxRefused("no"))
    sell_several(stage)
    assert last_file(stage).state is FileState.VOID
    with pytest.raises(RequestError):
        rebuild(stage)
    with pytest.raises(UnknownFile):
        rebuild_file(stage.workspace(), "axml-orders-20260101-184520-001.xml")


def test_it_takes_one_call_an_order_and_writes_nothing() -> None:
    stage = Stage()
    sold = sell_several(stage)
    before = copy.deepcopy((stage.entries.items, last_file(stage), stage.shops.records))
    sent = list(stage.queue.sent)
    stage.api.calls.clear()
    stage.api.put(replace(sold[1], firstname="Sanne Maria"))
    for as_now in (False, True):
        rebuild(stage, as_now=as_now)
    assert dict(stage.api.calls) == {"order": 10}
    assert (stage.entries.items, last_file(stage), stage.shops.records) == before
    assert stage.queue.sent == sent


def test_the_hash_is_what_proves_a_file() -> None:
    stage = Stage()
    sell_several(stage, 1)
    file = last_file(stage)
    other = hashlib.sha256(b"another").hexdigest()
    stage.connector.files.items[SHOP_ID][file.name] = replace(file, sha256=other)  # type: ignore[attr-defined]
    assert differing(stage).cause is FileCause.UNKNOWN
