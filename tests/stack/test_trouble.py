"""SEOshop in trouble, on the stack: orders wait and come at the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.stack.deeds import audit, export, files, invoiced, order, standing, states
from tests.stack.world import World, remove
from tools.played_day import Day, until


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 503},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "truncated"},
    ],
    ids=lambda each: str(each.get("status", each["kind"])),
)
@pytest.mark.parametrize("where", [None, "orders/"], ids=["everywhere", "order by order"])
def test_orders_wait_for_a_shop_in_trouble_and_come_at_the_next_run(
    day: Day, trouble: dict[str, object], where: str | None
) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()
    day.shop("POST", "faults", {**trouble, "shop": day.shop_id, "path": where})

    export(day)

    assert states(day) == {made["number"]: "waiting"}
    assert files(day) == []
    assert standing(day)["state"] == "active"
    day.shop("POST", "faults", {"clear": True})
    after_the_wait(day)
    export(day)
    assert invoiced(day) == [made["number"]]


def after_the_wait(day: Day) -> None:
    """As if the time for which SEOshop refused had passed."""
    day.client("dynamodb").delete_item(
        TableName=day.stack.tables["shops"],
        Key={"shop_id": {"N": str(day.shop_id)}, "part": {"S": "note#budget"}},
    )


def test_an_order_that_fails_once_is_asked_for_again_in_the_same_run(day: Day) -> None:
    day.install()
    made = order(day)
    day.shop("POST", "faults", {"kind": "status", "status": 502, "shop": day.shop_id, "count": 2})

    export(day)

    assert invoiced(day) == [made["number"]]


def test_a_time_out_is_waited_for_and_the_order_is_in_one_file(day: Day) -> None:
    day.install()
    made = order(day)
    hang = {"kind": "hang", "seconds": 60, "count": 1, "shop": day.shop_id, "path": "orders/"}
    day.shop("POST", "faults", hang)

    export(day)

    assert invoiced(day) == [made["number"]]
    assert len(files(day)) == 1


@pytest.fixture
def neighbour(world: World) -> Iterator[Day]:
    """Another shop, which was exported lately."""
    other = world.day()
    other.install()
    export(other)
    yield other
    remove(other)


def export_until(day: Day, holds: Callable[[], object], *, what: str) -> None:
    """Export until something is true: the other shops are asked once in three seconds at most, and
    a run that finds them busy proves nothing.
    """

    def is_so() -> object:
        export(day)
        return holds()

    until(is_so, what=what)


def test_a_refused_app_leaves_every_shop_as_it_is(day: Day, neighbour: Day) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()
    day.shop("POST", "faults", {"kind": "status", "status": 401})

    export_until(
        day, lambda: day.invoke("shops", {})["app_refused_since"], what="the app to be refused"
    )
    export(neighbour)

    assert (standing(day)["state"], standing(neighbour)["state"]) == ("active", "active")
    assert states(day) == {made["number"]: "waiting"}
    day.shop("POST", "faults", {"clear": True})
    day.client("dynamodb").delete_item(  # as if five minutes had passed
        TableName=day.stack.tables["shops"],
        Key={"shop_id": {"N": "0"}, "part": {"S": "note#app"}},
    )
    export(day)
    assert invoiced(day) == [made["number"]]


def test_a_refused_token_disconnects_the_shop_and_reinstalling_heals_it(
    day: Day, neighbour: Day
) -> None:
    assert standing(neighbour)["state"] == "active"
    day.install()
    made = order(day)
    day.webhooks_delivered()
    day.shop("POST", "faults", {"kind": "status", "status": 401, "shop": day.shop_id})

    export_until(
        day, lambda: standing(day)["state"] == "disconnected", what="the shop to be disconnected"
    )
    assert states(day) == {made["number"]: "waiting"}
    assert "disconnected" in audit(day)
    late = order(day)
    day.webhooks_delivered()
    day.shop("POST", "faults", {"clear": True})
    export(day)
    assert files(day) == []

    signed = day.shop("POST", "install", {"shop_id": day.shop_id, "new_token": True})["url"]
    assert day.browser.get(signed, timeout=60).status_code == 200
    assert standing(day)["state"] == "active"
    export(day)
    assert invoiced(day) == sorted([made["number"], late["number"]])
