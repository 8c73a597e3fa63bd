"""The queue on the stack: poison, crowds, small allowances, and functions that are killed."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.deeds import (
    environment,
    export,
    file_states,
    files,
    invoiced,
    many,
    order,
    send,
    states,
    time_passes,
    visibility,
    workers,
)
from tests.stack.world import World, remove
from tools.played_day import Day, until


def dead(day: Day) -> int:
    found = day.client("sqs").get_queue_attributes(
        QueueUrl=day.stack.dead_letters_url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


POISON = ["not JSON", '{"shop": 1}', "[]"]


def test_poison_ends_among_the_dead_letters_and_stops_nobody_and_is_redriven(day: Day) -> None:
    day.install()
    made = order(day)
    export(day)  # the function is warm now, and answers within its message's time
    try:
        with visibility(day, 2):
            for message in POISON:
                send(day, message)
            until(lambda: dead(day) == len(POISON), what="the dead letters", seconds=60)
        late = order(day)
        export(day)
        assert invoiced(day) == sorted([made["number"], late["number"]])

        assert day.invoke("shops", {"action": "redrive"}) == {
            "redriven": len(POISON),
            "changed": True,
        }
        assert dead(day) == 0
    finally:
        for queue in (day.stack.queue_url, day.stack.dead_letters_url):
            day.client("sqs").purge_queue(QueueUrl=queue)


def test_a_message_delivered_twice_at_once_is_one_file(day: Day) -> None:
    day.install()
    made = many(day, 20)
    for _ in range(3):  # one that finds its shop busy is noted with the lease
        send(day, {"shop_id": day.shop_id, "run": "test"})
    day.queue_empty()

    assert len(invoiced(day)) == len(set(invoiced(day))) == len(made)
    assert len(files(day)) == 1
    assert dead(day) == 0


def test_two_dozen_shops_at_once_each_get_their_own_file(world: World) -> None:
    days = [world.day() for _ in range(24)]
    with ThreadPoolExecutor(4) as merchants:
        list(merchants.map(Day.install, days))
    made = {day.shop_id: order(day)["number"] for day in days}
    days[0].webhooks_delivered()

    days[0].night()

    try:
        for day in days:
            assert invoiced(day) == [made[day.shop_id]], day.shop_id
            assert [name.split("-")[3] for name in files(day)] == [str(day.shop_id)]
    finally:
        with ThreadPoolExecutor(4) as merchants:
            list(merchants.map(remove, days))


def test_a_shop_with_a_small_allowance_goes_on_by_itself_until_all_is_in(day: Day) -> None:
    day.install()
    made = many(day, 50)
    day.shop(
        "POST",
        f"shops/{day.shop_id}/limits",
        {"limits": [30, 3000, 12000], "windows": [10, 300, 3600]},
    )

    export(day)

    def all_in() -> bool:
        found = list(states(day).values())
        return len(found) == len(made) and set(found) == {"placed"}

    until(all_in, what="the continuations", seconds=60)
    refused = day.shop("GET", f"calls?shop={day.shop_id}")["calls"]
    assert [call for call in refused if call.get("status") == 429] == []
    assert len(files(day)) >= 2, "one window of 30 calls cannot have been enough"
    assert len(invoiced(day)) == len(set(invoiced(day))) == len(made)


@pytest.mark.parametrize("moment", ["while reading", "while placing"])
def test_a_function_killed_mid_file_leaves_exactly_one_file_when_its_message_comes_back(
    day: Day, moment: str
) -> None:
    day.install()
    made = sorted(order(day)["number"] for _ in range(3))
    day.webhooks_delivered()
    if moment == "while reading":
        hang = {"kind": "hang", "seconds": 60, "count": 1, "path": "orders/"}
        day.shop("POST", "faults", {**hang, "shop": day.shop_id})
        reached = "claimed"
    else:
        # The file arrives before its message comes back, which then finds it.
        slow = {"kind": "slow", "seconds": 5, "licence": day.licence}
        day.asperion("POST", "faults", slow)
        reached = "placing"

    def is_reached() -> bool:  # a file is made first, then it claims its orders one by one
        in_file = set(states(day).values()) == {"claimed"}
        return in_file and list(file_states(day).values()) == [reached]

    with environment(day, "export_shop", RUN_LEASE="10"):
        send(day, {"shop_id": day.shop_id, "run": "test"})
        until(is_reached, what=f"a file that is {reached}, with all orders")
        for worker in workers(day, "export_shop"):
            os.kill(worker, signal.SIGKILL)
        assert is_reached(), "it went on before it was killed"
        time_passes(day, minutes=20)  # the lease of the dead runs out
        until(lambda: "placed" in file_states(day).values(), what="the message to come back")
        day.queue_empty()

    given_up = ["void"] if moment == "while reading" else []  # its name is never used again
    assert list(file_states(day).values()) == [*given_up, "placed"]
    assert invoiced(day) == made
    assert len(files(day)) == 1
