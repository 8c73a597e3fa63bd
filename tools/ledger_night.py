"""A night of one shop as the connector lives it: real tables, and SEOshop's sandbox beside it.

What is not measured is simple: an inbox that takes everything, and secrets that are not sealed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import requests

from chalicelib.bootstrap import compose_connector
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, FileState, Hint
from chalicelib.domain.policy import Policy
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import api_password
from chalicelib.ports import Inbox, Presence, Receipt, Vault
from chalicelib.usecases.afterwards.watch import Watched, watch
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.workspace import open_workspace
from tools.build import ROOT
from tools.ministack import until

PREFIX = "bench-"
KEY, SECRET = "0123456789abcdef" * 2, "fedcba9876543210" * 2
NO_LIMIT = {"limits": [10**6] * 3, "per_second": 10**6}


class _Inbox:
    """Takes every file, and shows it."""

    def place(self, name: str, content: bytes) -> Receipt:
        return Receipt.SHOWN

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return Presence.SAME


class _Vault:
    """Seals nothing."""

    def seal(self, shop_id: int, what: SecretKind, text: str) -> Sealed:
        return Sealed(mark=text, content=text, key="bench")

    def open(self, shop_id: int, what: SecretKind, sealed: Sealed) -> str:
        return sealed.content

    def holds(self, shop_id: int, what: SecretKind, sealed: Sealed, text: str) -> bool:
        return sealed.content == text

    def is_current(self, shop_id: int, what: SecretKind, sealed: Sealed) -> bool:
        return True


class _Queue:
    """Delivers nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


@dataclass
class Night:
    """One shop of SEOshop's sandbox at `shop_url`, with the tables at `tables_url`."""

    shop_url: str
    tables_url: str
    shop_id: int
    connector: Connector = field(init=False)
    _token: str = field(init=False)
    _last_order: int = field(init=False, default=0)
    _session: requests.Session = field(init=False, default_factory=requests.Session)

    def __post_init__(self) -> None:
        """Install the app in the shop."""
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": self.tables_url,
        }
        composed = compose_connector(
            {
                "SEOSHOP_APP_KEY": KEY,
                "SEOSHOP_APP_SECRET": SECRET,
                "SESSION_SECRET": "session-0123456789-abcdefghij-klmnop",
                "FINGERPRINT_SECRET": "prints-0123456789-abcdefghij-klmnop",
                "DATA_KEY": "bench",
                "TABLE_PREFIX": PREFIX,
                "EXPORT_QUEUE_URL": "http://127.0.0.1/queue",
                "PUBLIC_URL": "https://bench.example",
                "ASPERION_INBOX_URL": "https://inbox.example/{licence}/{file}",
                "SEOSHOP_API_URL_EU1": self.shop_url,
            }
        )
        vault, inbox = cast("Vault", _Vault()), cast("Inbox", _Inbox())
        open_shop: Any = composed.open_shop
        self.connector = replace(
            composed,
            vault=vault,
            queue=cast("Any", _Queue()),
            open_shop=lambda shop: open_shop.func(
                *(open_shop.args[0], open_shop.args[1], vault, shop), **open_shop.keywords
            ),
            open_inbox=lambda _: inbox,
        )
        self.control("shops", {"id": self.shop_id, "title": "Meting"})
        self.control(f"shops/{self.shop_id}/limits", NO_LIMIT)
        link = self.control("install", {"shop_id": self.shop_id})["url"]
        self._token = parse_qs(urlsplit(link).query)["token"][0]
        now = datetime.now(UTC)
        self.connector.shops.add(
            Shop(
                shop_id=self.shop_id,
                state=ShopState.ACTIVE,
                cluster="eu1",
                language="nl",
                token=vault.seal(self.shop_id, SecretKind.TOKEN, self._token),
                licence=vault.seal(self.shop_id, SecretKind.LICENCE, "ASP-1"),
                policy=Policy(),
                installed_at=now - timedelta(days=30),
                exports_since=now - timedelta(days=30),
                changed_at=now,
                swept_until=now - timedelta(hours=2),
            )
        )

    def control(self, path: str, body: object) -> Any:
        """One of the sandbox's control routes."""
        answer = requests.post(f"{self.shop_url}/_control/{path}", json=body, timeout=300)
        answer.raise_for_status()
        return answer.json()

    def receive(self, count: int) -> None:
        """So many orders are placed and paid, and one webhook of each comes in."""
        made = self.control("orders/bulk", {"shop_id": self.shop_id, "n": count, "paid": True})
        first = int(made["first"].removeprefix("ORD"))
        day = local_day(datetime.now(UTC))
        for place, order_id in enumerate(made["ids"]):
            number = f"ORD{first + place:06d}"
            hint = Hint(kind=DocumentKind.ORDER, document_id=order_id, number=number, day=day)
            self.connector.entries.record_hint(
                self.shop_id, hint, at=datetime.now(UTC), by=Actor.WEBHOOK
            )
            self._last_order = order_id

    def get_order(self) -> bytes:
        """The bytes of an order, which nobody reads."""
        address = f"{self.shop_url}/nl/orders/{self._last_order}.json"
        answer = self._session.get(
            address, auth=(KEY, api_password(self._token, SECRET)), timeout=60
        )
        answer.raise_for_status()
        return answer.content

    def export(self) -> int:
        """The nightly export; how many documents it placed. Raises SystemExit for none."""
        run = export_shop(self.connector, Job(shop_id=self.shop_id, run=f"bench-{self.shop_id}"))
        placed = sum(file.orders for file in run.files if file.state is FileState.PLACED)
        if not placed:
            raise SystemExit(f"nothing was placed: {run.trouble} {run.skipped[:3]} {run.held[:3]}")
        return placed

    def watch(self) -> None:
        """The watch that follows it."""
        watch(open_workspace(self.connector, self.shop_id), Watched(shop_id=self.shop_id))


@contextmanager
def sandbox_shop() -> Iterator[str]:
    """SEOshop's sandbox as a process of its own; its address."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "sandbox.seoshop", "--port", "0", "--app-key", KEY),
                *("--app-secret", SECRET, "--app-url", "http://127.0.0.1:9"),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            until(lambda: _address(log), seconds=60, what="SEOshop's sandbox")
            yield _address(log)
        finally:
            process.terminate()
            process.wait()


def _address(log: Any) -> str:
    text = os.pread(log.fileno(), 10_000, 0).decode()
    found = [word for word in text.split() if word.startswith("http://")]
    return found[0] if found else ""


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for the process that is AWS."""
    return tempfile.TemporaryDirectory(dir=Path(tempfile.gettempdir()))
