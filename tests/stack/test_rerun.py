"""Reruns with the real Chalice CLI: ``echo '{"shop_id": …}' | chalice invoke -n rerun``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stack.deeds import file_states, files, invoiced, order, rows, states
from tests.stack.world import World
from tools.build import ROOT
from tools.local import aws_environment
from tools.played_day import Day


class Cli:
    """`chalice invoke` on this world's stack."""

    def __init__(self, world: World) -> None:
        self._stage = world.stage
        self._environ = {**os.environ, **aws_environment(world.stack.aws_endpoint)}

    def run(self, function: str, event: object) -> subprocess.CompletedProcess[str]:
        program = str(Path(sys.executable).with_name("chalice"))
        return subprocess.run(
            [program, "invoke", "--stage", self._stage, "-n", function],
            input=json.dumps(event),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self._environ,
            timeout=120,
            check=False,
        )

    def __call__(self, function: str, event: object) -> Any:
        done = self.run(function, event)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def invoke(world: World) -> Cli:
    return Cli(world)


def test_a_rerun_of_a_shop_carries_what_waits_and_says_so(invoke: Cli, day: Day) -> None:
    day.install()
    good, bad = order(day), order(day, overrides={"priceIncl": "50.95"})
    day.webhooks_delivered()

    answer = invoke("rerun", {"shop_id": day.shop_id})

    name = next(iter(file_states(day)))
    assert answer == {
        "shop_id": day.shop_id,
        "dry_run": False,
        "files": [{"name": name, "orders": [good["number"]], "state": "placed"}],
        "held": [{"order": bad["number"], "reason": "totals_differ"}],
        "skipped": [],
        "waiting": 0,
    }
    assert name.startswith("axml-orders-")
    assert name.endswith(f"-{day.shop_id}-001.xml")
    assert invoiced(day) == [good["number"]]


def test_a_dry_run_says_what_would_happen_and_does_nothing(invoke: Cli, day: Day) -> None:
    day.install()
    good, bad = order(day), order(day, overrides={"priceIncl": "50.95"})
    day.webhooks_delivered()
    before = rows(day, "orders"), rows(day, "files"), rows(day, "shops")

    answer = invoke("rerun", {"shop_id": day.shop_id, "dry_run": True})

    assert answer["dry_run"] is True
    assert answer["files"] == [
        {"name": None, "orders": [good["number"]], "state": "would be placed"}
    ]
    assert answer["held"] == [{"order": bad["number"], "reason": "totals_differ"}]
    assert (rows(day, "orders"), rows(day, "files"), rows(day, "shops")) == before
    assert files(day) == []


def test_a_rerun_of_some_orders_leaves_the_others_waiting(invoke: Cli, day: Day) -> None:
    day.install()
    first, second = order(day), order(day)
    day.webhooks_delivered()

    answer = invoke("rerun", {"shop_id": day.shop_id, "orders": [second["number"]]})

    assert [file["orders"] for file in answer["files"]] == [[second["number"]]]
    assert answer["waiting"] == 1
    assert states(day) == {first["number"]: "waiting", second["number"]: "placed"}


def test_an_order_that_is_in_a_file_is_sent_again_only_with_a_reason(invoke: Cli, day: Day) -> None:
    day.install()
    number = order(day)["number"]
    invoke("rerun", {"shop_id": day.shop_id})
    wish = {"shop_id": day.shop_id, "orders": [number]}

    refused = invoke("rerun", wish)
    assert refused["files"] == []
    assert "reason" in refused["skipped"][0]["reason"]

    sent = invoke("rerun", {**wish, "reason": "the bookkeeper deleted it"})
    assert [file["orders"] for file in sent["files"]] == [[number]]
    assert len(files(day)) == 2
    assert "the bookkeeper deleted it" in str(rows(day, "orders"))


@pytest.mark.parametrize(
    ("wish", "said"), [({"shop_id": 99}, "99"), ({"shop_id": 99, "shopid": 1}, "shopid")]
)
def test_unknown_keys_and_shops_are_a_clear_error(invoke: Cli, wish: object, said: str) -> None:
    done = invoke.run("rerun", wish)

    assert done.returncode != 0
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"shop_id": "99"}, "shop_id"),
        ([1], "JSON object"),
        ({"shop_id": 99, "since": "yesterday"}, "since"),
    ],
)
def test_what_makes_no_sense_is_a_clear_error(day: Day, wish: object, said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        day.invoke("rerun", wish)


def test_an_order_that_does_not_exist_is_a_clear_error_and_nothing_is_done(
    invoke: Cli, day: Day
) -> None:
    day.install()
    good = order(day)
    day.webhooks_delivered()

    done = invoke.run("rerun", {"shop_id": day.shop_id, "orders": [good["number"], "ORD999999"]})

    assert done.returncode != 0
    assert "ORD999999" in done.stdout + done.stderr
    assert files(day) == []
    assert states(day) == {good["number"]: "waiting"}


def test_the_operator_pauses_a_shop_and_lets_it_go_on(invoke: Cli, day: Day) -> None:
    day.install()
    order(day)
    assert invoke("shops", {"shop_id": day.shop_id, "action": "pause"})["state"] == "paused"
    with pytest.raises(RuntimeError, match="paused"):
        day.invoke("rerun", {"shop_id": day.shop_id})
    assert files(day) == []

    resumed = day.invoke("shops", {"shop_id": day.shop_id, "action": "resume"})
    assert resumed["state"] == "active"
    assert len(day.invoke("rerun", {"shop_id": day.shop_id})["files"]) == 1
