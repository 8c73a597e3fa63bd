"""The manual's drill, by the commands that stand in it: secrets are turned while webhooks, pages
and exports go on, and nothing is refused, lost or disconnected.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event

import pytest
import requests

from tests.stack import deeds
from tests.stack.deeds import audit, deliver, export, invoiced, order, rows, standing, states
from tests.stack.world import World, remove
from tools.build import ROOT
from tools.local_settings import LOCAL_APP, OWN
from tools.played_day import Day, until

NEW_KEY, NEW_SECRET = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
PLENTY = {"limits": [10**6] * 3, "per_second": 10**4}


def command(words: str) -> str:
    """The manual's line that begins with these words, in its section on turning secrets."""
    manual = (ROOT / "docs" / "operator.md").read_text()
    section = manual.split("\n## Turning secrets\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    (line,) = [line for block in blocks for line in block.splitlines() if line.startswith(words)]
    return str(line)


def run(world: World, words: str) -> str:
    """Run the manual's command, word for word; returns what it says."""
    done = subprocess.run(
        ["bash", "-c", command(words)],
        cwd=ROOT,
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "STAGE": "local",
            "LOCAL_DIR": str(world.folder),
            "NEW_APP_KEY": NEW_KEY,
            "NEW_APP_SECRET": NEW_SECRET,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait_until_known(said: str) -> None:
    """Wait as long as the command says."""
    named = re.search(r"in use everywhere from (\S+ \S+) UTC", said)
    assert named, said
    known = datetime.fromisoformat(named[1]).replace(tzinfo=UTC)
    until(lambda: datetime.now(UTC) > known, what="the new value to be in use")


class Load:
    """What goes on meanwhile: `orders` made, of each of which a webhook tells, and the statuses of
    the `pages` looked at.
    """

    def __init__(self, day: Day) -> None:
        self.day = day
        self.orders: list[str] = []
        self.pages: list[int] = []
        self._over = Event()

    @contextmanager
    def goes_on(self) -> Iterator[None]:
        """Webhooks, pages and exports side by side; their errors are raised at the end."""
        with ThreadPoolExecutor() as threads:
            deeds: list[Future[None]] = [
                threads.submit(self._repeat, deed)
                for deed in (self._sell, self._view_pages, lambda: export(self.day))
            ]
            try:
                self.goes_on_for(2)
                yield
            finally:
                self._over.set()
        for deed in deeds:
            deed.result()

    def goes_on_for(self, more: int) -> None:
        """Wait for so many more orders and pages."""
        orders, pages = len(self.orders) + more, len(self.pages) + more
        until(
            lambda: len(self.orders) >= orders and len(self.pages) >= pages, what="more of the load"
        )

    def _repeat(self, deed: Callable[[], None]) -> None:
        while not self._over.is_set():
            deed()

    def _sell(self) -> None:
        """One order a page: the export shall come to an end."""
        seen = len(self.pages)
        self.orders.append(order(self.day)["number"])
        self.day.webhooks_delivered()
        until(lambda: len(self.pages) > seen or self._over.is_set(), what="the next page")

    def _view_pages(self) -> None:
        for path in ("/", "/settings"):
            page = self.day.browser.get(f"{self.day.stack.api_url}{path}", timeout=60)
            self.pages.append(page.status_code)


@pytest.fixture
def turned_back(world: World) -> Iterator[None]:
    """Other tests know the app's first pair."""
    yield
    key, secret = LOCAL_APP["SEOSHOP_APP_KEY"], LOCAL_APP["SEOSHOP_APP_SECRET"]
    world.shop.platform.app.turn(key, secret)
    day = world.day()
    for name, value in (("AppKeyParameter", key), ("AppSecretParameter", secret)):
        day.client("ssm").put_parameter(
            Name=OWN[name], Value=value, Type="SecureString", Overwrite=True
        )
    until(lambda: deliver(day, b"{}").status_code != 401, what="the app's first pair")
    # Every copy of the pages' function reads the pair again for itself.
    until(lambda: all(_admits(day) for _ in range(4)), what="the app's first pair at the pages")
    remove(day)


def _admits(day: Day) -> bool:
    """Whether the pages take a link that is signed with the app's first pair."""
    return requests.get(day.make_link(), timeout=60).status_code != 401


@pytest.mark.usefixtures("turned_back")
def test_secrets_are_turned_under_load_and_nothing_is_refused_lost_or_disconnected(
    world: World, day: Day
) -> None:
    day.install()
    day.shop("POST", f"shops/{day.shop_id}/limits", PLENTY)
    before = order(day)
    day.webhooks_delivered()
    export(day)
    load = Load(day)
    with load.goes_on():
        for secret in ("session", "fingerprint"):
            run(world, f"make turn SECRET={secret}")
        wait_until_known(run(world, "make turn SECRET=app"))
        load.goes_on_for(3)
        assert day.shop("POST", "app", {"key": NEW_KEY, "secret": NEW_SECRET})["key"] == NEW_KEY
        run(world, "make retire SECRET=app")
        run(world, "make retire SECRET=session")
        until_refused(day, deeds.SECRET)
        load.goes_on_for(3)
    day.webhooks_delivered()
    export(day)

    deliveries = day.shop("GET", f"deliveries?shop={day.shop_id}")["deliveries"]
    assert {(each["state"], each["status"]) for each in deliveries} == {("delivered", 200)}
    assert set(load.pages) == {200}
    numbers = sorted([before["number"], *load.orders])
    assert states(day) == dict.fromkeys(numbers, "placed")
    assert invoiced(day) == numbers, "each in one file, and in no other"
    assert standing(day)["state"] == "active"
    assert [step for step in audit(day) if "connect" in step] == []

    day.shop(
        "POST",
        f"orders/{before['id']}/edit",
        {"shipping": {"priceIncl": "9.95"}},
    )
    export(day)
    assert changes(day) == {before["number"]: "edited"}

    run(world, "make retire SECRET=fingerprint")
    opened = day.make_link()
    assert day.browser.get(opened, timeout=60).status_code == 200


def until_refused(day: Day, secret: str) -> None:
    """Wait until a signature by that secret is refused."""
    body = b'{"order": {"id": 1, "number": "ORD1"}}'
    signature = hashlib.md5(body + secret.encode()).hexdigest()
    # For a shop that nobody has: what the signature proves is answered before that.
    until(
        lambda: deliver(day, body, shop_id=999, signature=signature).status_code == 401,
        what="the former secret to be refused",
    )


def changes(day: Day) -> dict[str, str]:
    """What is told of late changes, by order number."""
    return {row["number"]: row["change"] for row in rows(day, "orders") if "change" in row}
