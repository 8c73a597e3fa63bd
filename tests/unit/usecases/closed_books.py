"""A shop whose books are closed and opened again, and what is booked meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.orders import Order
from chalicelib.domain.period_locks import LockHolder, list_standing
from chalicelib.usecases.operating.closing_periods import close_period, open_period
from chalicelib.usecases.operating.rebuilding import rebuild_file
from chalicelib.usecases.operating.rebuilt_files import Likeness, Rebuilt
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY = "order-301204417"
FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 13)
"""The nights begin on 15 March 2026; "March" is closed up to its 13th."""

MERCHANT = LockHolder(Actor.MERCHANT)
LATE = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def sell(stage: Stage, number: int = 1, **facts: Any) -> Order:
    """A paid order of 10 March, of which a webhook tells now."""
    one = order(
        **{"id": 301204416 + number, "number": f"ORD0041{number}", "created_at": LATE, **facts}
    )
    stage.receive(one)
    return one


def close_books(
    stage: Stage, until: date = MARCH, holder: LockHolder = MERCHANT, **more: Any
) -> bool:
    return close_period(stage.workspace(), until, holder, **more)


def reopen(stage: Stage, holder: LockHolder = MERCHANT, reason: str = "vergeten factuur") -> bool:
    name = list_standing(stage.workspace().shop.locks)[0].name
    return open_period(stage.workspace(), name, holder, reason=reason)


def audit(stage: Stage) -> list[tuple[ShopStep, Actor, str]]:
    lines = stage.shops.audit(SHOP_ID)
    steps = (ShopStep.LOCK, ShopStep.UNLOCK)
    return [(one.step, one.by, one.note) for one in lines if one.step in steps]


def booked_days(stage: Stage) -> list[tuple[date, str]]:
    return [(one.date, one.description) for one in stage.booked()]


def locked_until(stage: Stage) -> date | None:
    return stage.workspace().shop.locked_until


def last_file(stage: Stage) -> FileEntry:
    return stage.connector.files.list_recent(SHOP_ID, 1)[0]


def is_original(stage: Stage) -> bool:
    made = rebuild_file(stage.workspace(), last_file(stage).name)
    assert isinstance(made, Rebuilt), made
    same = made.content == stage.inbox.files[last_file(stage).name]
    return made.likeness is Likeness.ORIGINAL and same


def meanwhile(stage: Stage, deed: Any) -> None:
    """While a run reads its order, somebody does something."""

    def interrupt(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            deed()

    stage.api.before_call = interrupt
