"""What was held because Asperion could not take it is looked at again by what the merchant chose
since, and by the way that the shop's documents take now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.administrations import Administration
from chalicelib.domain.causes import RequestCause
from chalicelib.domain.connection import ApiChoices, Connection
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import OF_ONE_WAY, Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import VatClass
from chalicelib.domain.ways import Way
from chalicelib.usecases.judging.freeing import free_held
from chalicelib.usecases.judging.preview import preview_verdict
from chalicelib.usecases.operating.releasing import Released, release_and_judge, release_order
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.documents_of_shop import order, order_line
from tests.unit.usecases.stage import SHOP_ID, Stage

HIGH, LOW = "NL domestic 21%", "NL domestic 9%"
CODE_MISSING = HoldReason.VAT_CODE_MISSING
REFUSED = HoldReason.ASPERION_REFUSED
BY_API = frozenset(reason.value for reason, way in OF_ONE_WAY.items() if way is Way.API)
WITHOUT_LOW = replace(
    CHOICES,
    vat_codes=tuple(each for each in CHOICES.vat_codes if each.code != "L"),
)
AT_LOW = (order_line("10.90", "0.09"),)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def connect(stage: Stage, choices: ApiChoices | None = CHOICES, *, is_on: bool = True) -> None:
    connection = Connection(
        administration=Administration(id=7001, name="De Wilg"),
        choices=choices,
        is_on=is_on,
        connected_at=stage.now,
        turned_at=stage.now,
    )
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))


def hold(stage: Stage, reason: str, detail: str, sold: Order) -> None:
    """An order that a run held, and that has not changed since."""
    stage.api.put(sold)
    stage.now += timedelta(days=1)
    entry = Entry(
        shop_id=SHOP_ID,
        kind=DocumentKind.ORDER,
        document_id=sold.id,
        number=sold.number,
        day=sold.created_at.date(),
        state=EntryState.HELD,
        since=stage.now,
        hold=reason,
        hold_detail=detail,
    )
    stage.entries.items.setdefault(SHOP_ID, {})[entry.key] = entry


def release(stage: Stage) -> Released:
    return release_and_judge(stage.workspace(), BY_API, by=Actor.MERCHANT)


def test_a_code_that_was_chosen_frees_what_waits_for_it_and_nothing_else(stage: Stage) -> None:
    connect(stage, WITHOUT_LOW)
    hold(stage, CODE_MISSING, HIGH, order(order_line("12.10"), id=1, number="ORD1"))
    hold(stage, CODE_MISSING, LOW, order(*AT_LOW, id=2, number="ORD2"))

    assert release(stage) == Released(free=1, held={CODE_MISSING: 1})

    assert stage.entry("order-1").state is EntryState.WAITING
    still = stage.entry("order-2")
    assert (still.state, still.hold_detail) == (EntryState.HELD, LOW)
    assert still.history[-1].step is OrderStep.HOLD_AGAIN
    connect(stage, CHOICES)
    assert release(stage) == Released(free=1)


def test_what_is_missing_next_is_named_in_its_place(stage: Stage) -> None:
    accounts = dict(CHOICES.ledger_accounts)
    del accounts[VatClass.LOW]
    connect(stage, replace(CHOICES, ledger_accounts=accounts))
    hold(stage, CODE_MISSING, LOW, order(*AT_LOW, id=2, number="ORD2"))

    assert release(stage) == Released(held={HoldReason.LEDGER_ACCOUNT_MISSING: 1})

    entry = stage.entry("order-2")
    assert (entry.hold, entry.hold_detail) == (HoldReason.LEDGER_ACCOUNT_MISSING, "low")


@pytest.mark.parametrize("reason", sorted(BY_API))
def test_back_on_files_all_of_it_goes_along_the_next_night(stage: Stage, reason: str) -> None:
    connect(stage, WITHOUT_LOW, is_on=False)
    hold(stage, reason, LOW, order(*AT_LOW, id=2, number="ORD2"))

    stage.night()

    assert len(stage.booked()) == 1
    steps = [(event.step, event.cause) for event in stage.entry("order-2").history]
    assert (OrderStep.FREE, RequestCause.OTHER_WAY) in steps


@pytest.mark.parametrize("reason", OF_ONE_WAY)
def test_what_holds_a_document_in_the_shops_own_way_holds_it_on(
    stage: Stage, reason: HoldReason
) -> None:
    connect(stage, is_on=OF_ONE_WAY[reason] is Way.API)
    hold(stage, reason.value, LOW, order(*AT_LOW, id=2, number="ORD2"))

    assert free_held(stage.workspace()) == []
    connect(stage, is_on=OF_ONE_WAY[reason] is Way.FILE)
    assert free_held(stage.workspace()) == ["order-2"]


def test_what_asperion_refused_is_offered_again(stage: Stage) -> None:
    connect(stage)
    hold(stage, REFUSED, "vat_code", order(order_line("12.10"), id=1, number="ORD1"))

    assert release(stage) == Released(free=1)


def test_what_is_held_for_anything_else_stays_where_it_is(stage: Stage) -> None:
    connect(stage)
    hold(stage, HoldReason.UNWRITABLE, "country", order(order_line("12.10"), id=1, number="ORD1"))

    assert release(stage) == Released()
    assert stage.entry("order-1").state is EntryState.HELD


def test_what_was_mended_in_the_shop_is_judged_by_the_choices_as_well(stage: Stage) -> None:
    connect(stage, WITHOUT_LOW)
    hold(stage, HoldReason.EMAIL_MISSING, "", order(*AT_LOW, id=2, number="ORD2"))

    released = release_order(stage.workspace(), "ORD2", by=Actor.MERCHANT)

    assert released == Released(held={CODE_MISSING: 1})


def test_a_shop_that_never_had_a_licence_code_is_judged_all_the_same(stage: Stage) -> None:
    connect(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    hold(stage, CODE_MISSING, HIGH, order(order_line("12.10"), id=1, number="ORD1"))

    assert isinstance(preview_verdict(stage.workspace(), stage.entry("order-1")), Invoice)
    assert release(stage) == Released(free=1)


def test_the_page_of_an_order_says_whether_a_choice_is_still_missing(stage: Stage) -> None:
    connect(stage, WITHOUT_LOW)
    hold(stage, CODE_MISSING, LOW, order(*AT_LOW, id=2, number="ORD2"))
    held = stage.entry("order-2")

    assert preview_verdict(stage.workspace(), held) == Hold(CODE_MISSING, LOW)
    connect(stage, CHOICES)
    assert isinstance(preview_verdict(stage.workspace(), held), Invoice)


def test_before_anything_was_confirmed_nothing_is_missing(stage: Stage) -> None:
    connect(stage, None)
    hold(stage, CODE_MISSING, LOW, order(*AT_LOW, id=2, number="ORD2"))

    assert isinstance(preview_verdict(stage.workspace(), stage.entry("order-2")), Invoice)
