"""When an order belongs in the books."""

from __future__ import annotations

import pytest

from chalicelib.domain.policy import Policy, not_due
from tests.fakes.documents_of_shop import order

SHIPPED_OR_WAITING = [
    "processing_awaiting_shipment",
    "processing_awaiting_pickup",
    "processing_ready_for_pickup",
    "processing_partially_shipped",
    "processing_partially_picked_up",
    "completed",
    "completed_shipped",
    "completed_picked_up",
]
STILL_OPEN = ["new", "processing", "processing_awaiting_payment", "processing_partially_paid"]


def cause(status: str, payment_status: str, policy: Policy) -> str | None:
    return not_due(order(status=status, payment_status=payment_status), policy)


@pytest.mark.parametrize("status", [*SHIPPED_OR_WAITING, *STILL_OPEN, "a_status_of_next_year"])
def test_a_paid_order_is_due_wherever_it_is(status: str) -> None:
    assert cause(status, "paid", Policy()) is None


@pytest.mark.parametrize("status", ["cancelled", "on_hold", "offer"])
@pytest.mark.parametrize("on_account", [False, True])
def test_a_cancelled_order_an_order_on_hold_and_an_offer_are_not_even_when_paid(
    status: str, on_account: bool
) -> None:
    policy = Policy(on_account=on_account)
    assert cause(status, "paid", policy) == status


@pytest.mark.parametrize("payment", ["not_paid", "partially_paid", "", "something_new"])
def test_an_unpaid_order_is_not_due(payment: str) -> None:
    for status in SHIPPED_OR_WAITING:
        assert cause(status, payment, Policy()) == "not_paid"


@pytest.mark.parametrize("status", SHIPPED_OR_WAITING)
def test_on_account_it_is_when_it_waits_for_shipment_or_was_shipped(status: str) -> None:
    policy = Policy(on_account=True)
    assert cause(status, "not_paid", policy) is None


@pytest.mark.parametrize("status", STILL_OPEN)
def test_on_account_does_not_mean_before_anybody_agreed(status: str) -> None:
    policy = Policy(on_account=True)
    assert cause(status, "not_paid", policy) == "not_paid"


def test_a_cancelled_payment_is_a_cancelled_order() -> None:
    policy = Policy(on_account=True)
    status = "processing_awaiting_shipment"
    assert cause(status, "cancelled", policy) == "cancelled"
