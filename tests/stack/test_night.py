"""The night on the stack: who starts it, what it costs, and who is not stopped by whom."""

from __future__ import annotations

from tests.stack.deeds import calls, export, files, invoiced, many, order, states
from tests.stack.world import World
from tools.played_day import Day


def test_a_night_costs_one_call_an_order_and_one_for_every_250_of_the_sweep(day: Day) -> None:
    day.install()
    many(day, 260)
    day.shop("DELETE", "calls")

    export(day)

    seen = calls(day)
    lists = [call for call in seen if call == "GET /nl/orders.json"]
    reads = [call for call in seen if call.startswith("GET /nl/orders/")]
    assert len(lists) == 2  # 250, and 10, which is the end: the first page had more
    assert len(reads) == len(set(reads)) == 260
    assert len(seen) == 262
    assert set(states(day).values()) == {"placed"}
    assert len(files(day)) == 2
    assert len(invoiced(day)) == len(set(invoiced(day))) == 260


def test_a_night_without_orders_makes_no_file_and_costs_one_call(day: Day) -> None:
    day.install()
    day.shop("DELETE", "calls")

    export(day)

    assert calls(day) == ["GET /nl/orders.json"]
    assert files(day) == []


def test_one_bad_order_never_stops_its_shop(day: Day) -> None:
    day.install()
    good = order(day)
    bad = order(day, overrides={"priceIncl": "50.95"})
    late = order(day)
    day.webhooks_delivered()

    export(day)

    assert states(day) == {
        good["number"]: "placed",
        bad["number"]: "held",
        late["number"]: "placed",
    }
    assert invoiced(day) == [good["number"], late["number"]]


def test_one_bad_shop_never_stops_another(world: World, day: Day) -> None:
    other = world.day()
    for each in (day, other):
        each.install()
    made = [order(each) for each in (day, other)]
    day.shop("POST", "faults", {"kind": "html", "shop": day.shop_id})

    day.night()

    assert invoiced(other) == [made[1]["number"]]
    assert states(day).get(made[0]["number"]) in (None, "waiting")
    day.shop("POST", "faults", {"clear": True})
    export(day)
    assert invoiced(day) == [made[0]["number"]]
