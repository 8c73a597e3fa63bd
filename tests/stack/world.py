"""A world to play in: local AWS with the packaged app; beside it a SEOshop, an Asperion, a VIES."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sandbox import asperion, seoshop, vies
from tests.building import built
from tools import local, ministack
from tools.local_settings import LOCAL_APP
from tools.played_day import Day

SHOP_IDS = count(610001)


@dataclass(frozen=True)
class World:
    """All that runs. `folder` is the stack's own, `stage` its name for the Chalice CLI."""

    stack: local.Stack
    shop: seoshop.RunningShop
    asperion: asperion.Running
    vies: vies.Running
    folder: Path

    @property
    def stage(self) -> str:
        return local.stage_of(self.folder)

    def day(self, **settings: Any) -> Day:
        """A new shop's day: a shop id and a licence code that no other test uses."""
        shop_id = next(SHOP_IDS)
        licence, vies_url = f"LICENTIE-{shop_id}", self.vies.url
        urls = (self.shop.url, self.asperion.url)
        day = Day(self.stack, *urls, shop_id, licence=licence, vies_url=vies_url)
        day.shop("POST", "shops", {"id": shop_id, "title": f"Winkel {shop_id}", **settings})
        return day


def remove(day: Day) -> None:
    """The shop leaves, and so do its messages: no later night has to visit it, and one that failed
    and is to come back keeps nobody waiting.
    """
    day.shop("POST", "faults", {"clear": True})
    day.client("sqs").purge_queue(QueueUrl=day.stack.queue_url)
    signed = day.shop("POST", "uninstall-url", {"shop_id": day.shop_id})["url"]
    day.browser.get(signed, timeout=60)


@contextmanager
def running(base: Path) -> Iterator[World]:
    """Bring everything up, and down again whatever happens. Nothing of a demo is touched: the
    stack has a folder, ports and a Chalice stage of its own.
    """
    folder = base / f"tests-{os.getpid()}"
    app = seoshop.Config(
        app_key=LOCAL_APP["SEOSHOP_APP_KEY"],
        app_secret=LOCAL_APP["SEOSHOP_APP_SECRET"],
        app_url="",
    )
    with (
        seoshop.serve(app) as shop,
        asperion.serve(asperion.Config(port=0, threads=32)) as books,
        vies.serve(vies.Config(port=0)) as register,
    ):
        # Killed politely, a test run still takes down what it put up.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            yield World(_up(folder, shop, books, register), shop, books, register, folder)
        finally:
            signal.signal(signal.SIGTERM, before)
            local.down(folder)


def _up(
    folder: Path, shop: seoshop.RunningShop, books: asperion.Running, register: vies.Running
) -> local.Stack:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "AWS_LOCAL_PORT": "0",
        "SEOSHOP_API_URL_EU1": shop.api_url,
        "ASPERION_INBOX_URL": books.inbox_url,
        **books.api_settings,
        "ASPERION_PACE": "50",  # the stand-in needs no modest one
        "VIES_URL": register.api_url,
        "SECRETS_AGE": "1",  # so that a test need not wait for a secret that is turned
        "MAIL_FROM": "koppeling@connector.example",
        "SUPPORT_ADDRESS": "hulp@connector.example",
    }
    shutil.rmtree(folder, ignore_errors=True)
    stack = local.up(environ, built=built("local"), folder=folder)
    shop.set_app_url(stack.api_url)
    shop.set_mail_url(ministack.find_mails(stack.aws_endpoint))
    return stack
