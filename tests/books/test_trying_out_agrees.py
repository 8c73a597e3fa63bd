"""What a try-out shows of any orders, under any settings, is what the night puts into the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import Order, OrderStatus, PaymentStatus
from chalicelib.domain.policy import DateBasis, GiftCardPayments, Policy, ZeroOrders
from chalicelib.usecases.judging.supposing import render_invoices
from chalicelib.usecases.judging.trying_out import try_out
from tests.books.strategies import orders
from tests.unit.usecases.stage import FIRST_NIGHT, PROFILE, Stage

pytestmark = pytest.mark.slow

YESTERDAY = FIRST_NIGHT - timedelta(days=1)
POLICIES = st.builds(
    Policy,
    payments=st.sampled_from([{}, {"ideal": "IDEAL"}, {"paypal": "Op factuur"}]),
    on_account=st.booleans(),
    date_basis=st.sampled_from(DateBasis),
    zero_orders=st.sampled_from(ZeroOrders),
    gift_card_payments=st.sampled_from(GiftCardPayments),
    small_business_scheme=st.booleans(),
    one_stop_shop=st.booleans(),
)


FATES: tuple[dict[str, Any], ...] = (
    {},
    {"email": ""},
    {"payment_status": PaymentStatus.NOT_PAID},
    {"status": OrderStatus.CANCELLED},
    {"has_gift_card_payment": True},
    {"payment_id": "klarna"},
)
SOLD = st.tuples(orders(since=date(2019, 1, 2)), st.sampled_from(FATES))


@given(sold=st.lists(SOLD, min_size=1, max_size=5), policy=POLICIES)
@settings(max_examples=25, deadline=None)
def test_what_is_shown_is_what_is_booked(
    sold: list[tuple[Order, dict[str, Any]]], policy: Policy
) -> None:
    stage = Stage()
    for number, (order, fate) in enumerate(sold, 1):
        new: dict[str, Any] = {"id": number, "number": f"ORD{number:05}", "created_at": YESTERDAY}
        stage.api.put(replace(order, **new, **fate))
    tried = try_out(stage.workspace(), policy=policy)  # as it is about to be saved
    stage.workspace().update_shop(lambda shop: replace(shop, policy=policy))
    stage.night()
    content = [render_invoices(PROFILE, tried.invoices)] if tried.invoices else []
    assert list(stage.inbox.files.values()) == content
    for each in tried.documents:
        entry = stage.entries.get(stage.workspace().shop_id, each.hint.key)
        if isinstance(each.verdict, Invoice):
            assert entry is not None
            assert entry.state is EntryState.PLACED
        elif isinstance(each.verdict, Hold):
            assert entry is not None
            assert (entry.hold, entry.hold_detail) == (each.verdict.reason, each.verdict.detail)
        else:
            assert entry is None or entry.drop_cause is each.verdict.cause
