"""A try-out shows what a night would do, and does none of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import DateBasis, Policy, Source, ZeroOrders
from chalicelib.domain.shops import ShopState
from chalicelib.errors import (
    RequestError,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.judging.page_reading import LEFT_ALONE, Stop
from chalicelib.usecases.judging.supposing import render_invoices
from chalicelib.usecases.judging.trying_out import TryOut, compare, try_documents, try_out
from tests.fakes.documents_of_shop import charge, invoice, item, order, order_line
from tests.unit.usecases.stage import FIRST_NIGHT, PROFILE, SHOP_ID, Stage

YESTERDAY = FIRST_NIGHT - timedelta(days=1)


def sell(stage: Stage, number: int, **changes: object) -> None:
    """An order that the shop has, and that nobody told us of."""
    facts = {"created_at": YESTERDAY, "paid_at": YESTERDAY, **changes}
    stage.api.put(order(id=number, number=f"ORD{number:05}", **facts))


def verdicts(tried: TryOut) -> dict[str, object]:
    return {each.hint.number: each.verdict for each in tried.documents}


def test_what_is_shown_is_what_the_night_books() -> None:
    stage = Stage()
    for number in range(1, 9):
        sell(stage, number)
    sell(stage, 9, email="")
    sell(stage, 10, payment_status="not_paid")
    tried = try_out(stage.workspace())
    content = render_invoices(PROFILE, tried.invoices)
    stage.night()
    assert list(stage.inbox.files.values()) == [content]
    assert verdicts(tried)["ORD00009"] == Hold(HoldReason.EMAIL_MISSING)
    assert verdicts(tried)["ORD00010"] == NotDue(DropCause.NOT_PAID)
    assert [each.hint.number for each in tried.documents][:2] == ["ORD00010", "ORD00009"]
    assert tried.totals is not None
    assert (tried.totals.documents, tried.totals.incl) == (8, Decimal("193.60"))
