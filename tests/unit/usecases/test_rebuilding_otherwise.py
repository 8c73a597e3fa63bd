"""A file that cannot be made once more as it was: what differs is told, and why."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from chalicelib.usecases.judging.booked_again import Change
from chalicelib.usecases.operating.rebuilt_files import FileCause, Likeness, Rebuilt
from tests.fakes.documents_of_shop import invoice
from tests.unit.usecases.files_once_more import (
    differing,
    is_original,
    last_file,
    rebuild,
    sell_several,
    set_policy,
)
from tests.unit.usecases.stage import PROFILE, SHOP_ID, Stage


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
    stage.connector = replace(stage.connector, profile=lambda folder="": other)
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
