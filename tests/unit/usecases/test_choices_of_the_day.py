"""A merchant who chooses anew in the middle of a day has no wrong day for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.orders import PaymentStatus
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.statement import Verdict
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.shop.installing import complete_installation
from tests.fakes.documents_of_shop import invoice, order
from tests.unit.usecases.stage import SHOP_ID, Stage


def _run(stage: Stage, hours: int) -> Verdict:
    """A run so many hours later; what it says of its day."""
    stage.now += timedelta(hours=hours)
    export_shop(stage.connector, Job(shop_id=SHOP_ID, run=f"run-{stage.now}"))
    (statement,) = stage.shops.statements(SHOP_ID, 1)
    return statement.verdict


def _choose(stage: Stage, policy: Policy) -> None:
    complete_installation(stage.workspace(), licence="ASP-1", policy=policy)


def test_what_became_due_by_another_choice_is_not_missing_from_the_first_sweep() -> None:
    for policy in (Policy(on_account=True), Policy(source=Source.INVOICES)):
        stage = Stage()
        unpaid = order(payment_status=PaymentStatus.NOT_PAID, created_at=stage.now)
        bill = invoice(created_at=stage.now, updated_at=stage.now)
        stage.api.put(replace(unpaid, invoices=(bill,)))
        assert _run(stage, 1) is Verdict.RIGHT
        stage.now += timedelta(hours=2)
        _choose(stage, policy)
        assert _run(stage, 1) is Verdict.RIGHT, policy


def test_what_is_missing_from_the_days_own_sweeps_is_wrong_as_before() -> None:
    stage = Stage()
    stage.api.put(order(created_at=stage.now))
    assert _run(stage, 1) is Verdict.RIGHT
    stage.entries.items[SHOP_ID].clear()
    stage.now += timedelta(hours=2)
    assert _run(stage, 1) is Verdict.WRONG
