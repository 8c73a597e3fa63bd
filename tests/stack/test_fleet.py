"""``bin/fleet`` against the packaged app, as an operator runs it."""

from __future__ import annotations

import json
import os
import subprocess

from tests.stack.deeds import export, order, states
from tests.stack.world import World
from tools.build import ROOT
from tools.local import aws_environment
from tools.played_day import Day


def run(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "bin" / "fleet"), *arguments, "--stage", world.stage],
        capture_output=True,
        text=True,
        env={**os.environ, **aws_environment(world.stack.aws_endpoint)},
        timeout=120,
        check=False,
    )


def test_an_operator_lists_shops_pauses_one_and_tries_a_release(world: World, day: Day) -> None:
    day.install()
    order(day, overrides={"priceIncl": "50.95"})
    day.webhooks_delivered()
    export(day)
    assert set(states(day).values()) == {"held"}
    number = str(day.shop_id)

    tried = run(world, "release", number, "totals_differ", "--dry-run", "--json")
    assert tried.returncode == 0, tried.stderr
    assert json.loads(tried.stdout)["would_change"] is True
    assert set(states(day).values()) == {"held"}

    assert run(world, "pause", number).returncode == 0
    again = run(world, "pause", number)
    assert (again.returncode, "already_paused" in again.stdout) == (4, True), again.stderr

    listed = run(world, "list", "--state", "paused")
    assert listed.returncode == 0, listed.stderr
    assert number in listed.stdout
    shown = run(world, "show", number)
    assert "paused" in shown.stdout
    assert run(world, "worst").stdout.startswith("Shops that need somebody: ")

    refused = run(world, "worst", "--state", "sleeping")
    assert refused.returncode == 1
    assert "state must be one of" in refused.stderr
    assert "Traceback" not in refused.stderr
