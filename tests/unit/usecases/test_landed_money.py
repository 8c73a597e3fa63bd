"""The third column: what Asperion shows beside what was delivered, by VAT code and to the cent, of
what was sent again, taken back, doubled, or delivered before the choices changed as well.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.connection import ChosenCode
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.shops import Shop
from chalicelib.usecases.operating.landed_money import Landed, read_landed
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import TESTING
from tests.unit.usecases.api_stage import ApiStage, sold
from tests.unit.usecases.stage import SHOP_ID


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


def invoice_of(stage: ApiStage, key: str) -> int:
    found = stage.entry(key).asperion_id
    assert found is not None
    return found


def columns(stage: ApiStage, *files: FileEntry) -> dict[str, tuple[Decimal, Decimal]]:
    """By VAT code what was delivered and what Asperion shows, with VAT."""
    return {
        row.code: (
            row.delivered.excl + row.delivered.vat,
            row.shown.excl + row.shown.vat,
        )
        for row in landed(stage, *files).rows
    }


def landed(stage: ApiStage, *files: FileEntry) -> Landed:
    return read_landed(stage.workspace(), files)


ONE, TWO = Decimal("24.20"), Decimal("48.40")


def send_again(stage: ApiStage, number: int) -> FileEntry:
    """The order is sent again, by whatever a person decided."""
    stage.now += timedelta(minutes=1)
    assert stage.workspace().record(f"order-{number}", OrderStep.SEND_AGAIN, by=Actor.MERCHANT)
    return stage.deliver(sold(number))


def choose_other_codes(stage: ApiStage) -> None:
    """The merchant has sales booked under another VAT code from now on."""

    def rename(code: ChosenCode) -> ChosenCode:
        return replace(code, code=f"{code.code}-2")

    def change(shop: Shop) -> Shop:
        assert shop.connection is not None
        choices = replace(CHOICES, vat_codes=tuple(map(rename, CHOICES.vat_codes)))
        return replace(shop, connection=replace(shop.connection, choices=choices))

    stage.shops.update(SHOP_ID, change)


def test_a_sale_booked_anew_after_its_correction_is_no_double(stage: ApiStage) -> None:
    first = stage.deliver(sold(1))
    reversal = stage.take_back(sold(1))
    again = send_again(stage, 1)
    assert stage.read_back() == ()
    assert stage.entry("order-1").there is None
    assert columns(stage, first, reversal, again) == {"H": (ONE, ONE)}
    assert landed(stage, first, reversal, again).is_explained


def test_a_second_invoice_beside_that_is_one(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    stage.take_back(sold(1))
    send_again(stage, 1)
    stored = stage.books.invoices[invoice_of(stage, "order-1")]
    stage.books.store_invoice(stored.concept, stored.shown.debtor_id or 0)
    assert stage.read_back() == ("ORD00001",)
    assert stage.entry("order-1").there is LateChange.TWICE_THERE


def test_a_double_before_the_correction_of_what_is_booked_is_one(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    stored = stage.books.invoices[invoice_of(stage, "order-1")]
    stage.books.store_invoice(stored.concept, stored.shown.debtor_id or 0)
    stage.take_back(sold(1))
    assert stage.read_back() == ("ORD00001",)


def test_a_double_counts_as_what_asperion_shows(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stored = stage.books.invoices[invoice_of(stage, "order-1")]
    stage.books.store_invoice(stored.concept, stored.shown.debtor_id or 0)
    stage.read_back()
    assert columns(stage, file) == {"H": (TWO, TWO + ONE)}
    assert not landed(stage, file).is_explained


def test_what_was_deleted_and_sent_again_is_missing_once(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    again = send_again(stage, 1)
    assert stage.read_back() == ()
    assert columns(stage, file) == {"H": (TWO, ONE)}
    assert columns(stage, again) == {"H": (ONE, ONE)}
    assert landed(stage, file, again).is_explained


def test_what_was_deleted_is_missing_under_its_own_code(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    stage.read_back()
    assert columns(stage, file) == {"H": (TWO, ONE)}
    assert not landed(stage, file).is_explained


@pytest.mark.parametrize("moment", ["before the first reading", "after it"])
def test_codes_chosen_otherwise_since_make_no_difference(stage: ApiStage, moment: str) -> None:
    file = stage.deliver(sold(1), sold(2))
    if moment == "after it":
        stage.read_back()
    choose_other_codes(stage)
    stage.read_back()
    assert columns(stage, file) == {"H": (TWO, TWO)}


def test_another_administration_makes_no_difference(stage: ApiStage) -> None:
    file = stage.deliver(sold(1), sold(2))
    stage.books.delete(invoice_of(stage, "order-1"))
    stage.read_back()
    stage.asperion.connect(stage.shops, SHOP_ID, administration=TESTING)
    choose_other_codes(stage)
    stage.read_back()
    assert columns(stage, file) == {"H": (TWO, ONE)}
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=None))
    assert columns(stage, file) == {"H": (TWO, ONE)}


def test_a_delivery_that_was_not_read_yet_is_counted_apart(stage: ApiStage) -> None:
    file = stage.deliver(sold(1))
    stage.read_back()
    later = stage.deliver(sold(2), sold(3))
    assert landed(stage, file, later).unread == 2
    assert columns(stage, file, later) == {"H": (ONE, ONE)}
