"""The nightly watch on the stack: scheduled once, carried out by a message a shop."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.stack.deeds import SECRET, calls, export, invoiced, open_secret, order, standing
from tests.stack.test_install import webhooks
from tests.stack.world import World, remove
from tools.local_settings import LOCAL_APP
from tools.played_day import Day, scheduled_event


def unsubscribe(day: Day) -> None:
    """Somebody removes the app's webhooks, with the app's own key."""
    password = hashlib.md5((open_secret(day, "token") + SECRET).encode()).hexdigest()
    session = requests.Session()
    session.auth = (LOCAL_APP["SEOSHOP_APP_KEY"], password)
    listed = session.get(f"{day.shop_url}/nl/webhooks.json", timeout=60).json()
    for each in listed["webhooks"]:
        gone = session.delete(f"{day.shop_url}/nl/webhooks/{each['id']}.json", timeout=60)
        assert gone.status_code < 300, gone.text
    assert webhooks(day) == 0


def test_a_lost_subscription_is_back_after_the_night_and_one_shops_trouble_stops_no_other(
    world: World,
) -> None:
    days = [world.day() for _ in range(3)]
    with ThreadPoolExecutor(3) as merchants:
        list(merchants.map(Day.install, days))
    troubled, *others = days
    for other in others:
        export(other)  # from now on it can bear witness that the app's own pair is good
    for day in days:
        unsubscribe(day)
    troubled.shop("POST", "faults", {"kind": "status", "status": 401, "shop": troubled.shop_id})

    try:
        assert troubled.invoke("watch", scheduled_event())["slices"]
        troubled.queue_empty()

        assert [webhooks(day) for day in days] == [0, 1, 1]
        assert [standing(day)["state"] for day in days] == ["disconnected", "active", "active"]
        assert [call for call in calls(others[0]) if "orders/" in call] == []
        made = order(others[0])
        export(others[0])
        assert invoiced(others[0]) == [made["number"]]
    finally:
        for day in days:
            remove(day)
