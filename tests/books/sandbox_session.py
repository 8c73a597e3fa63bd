"""The sandbox's SEOshop in this process: its real application, called without a network.

A whole year asks it thousands of questions; over loopback most of the time would go to sockets.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from werkzeug.test import Client

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.ports import AppPair, Clock
from sandbox.seoshop.config import Config
from sandbox.seoshop.control_shops import change_settings
from sandbox.seoshop.desk import Desk
from sandbox.seoshop.models import Invoice, Order
from sandbox.seoshop.seoshop_server import create_app
from sandbox.seoshop.shop_platform import Platform
from sandbox.seoshop.signing import api_password
from sandbox.seoshop.webshop import Installation, Limits, Shop

KEY, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
TOKEN = "t" * 32
ADDRESS = "https://seoshop.example"
PLENTY = Limits(limits=(10**6,) * 3, per_second=10**6)


class SandboxShop:
    """One shop on a platform of its own, whose clock is handed in. No webhook is ever sent: what
    the connector learns, its sweep finds.
    """

    def __init__(self, clock: Clock, **settings: Any) -> None:
        self.clock = clock
        platform = Platform(Config(app_key=KEY, app_secret=SECRET, app_url=ADDRESS, clock=clock))
        self.shop: Shop = platform.store.create_shop(None, "Winkel van het jaar")
        change_settings(self.shop, settings)
        self.shop.installation, self.shop.limits = Installation(TOKEN), PLENTY
        self.desk = Desk(platform.store, _NoWebhooks(), clock)
        self.http = requests.Session()
        self.http.mount(ADDRESS, _InProcess(Client(create_app(platform))))

    def open_api(self) -> SeoshopApi:
        """The shop's API, as the connector opens it for one job."""
        return SeoshopApi(
            session=self.http,
            base_url=ADDRESS,
            pairs=PairsInTurn(lambda: (AppPair(KEY, SECRET),)),
            token=TOKEN,
            language="nl",
            clock=self.clock,
            reserve=0,
            sleep=lambda _: None,
        )

    def list_documents(self, name: str) -> list[dict[str, Any]]:
        """All ``orders`` or ``invoices``, as anybody reads them with the shop's key."""
        found: list[dict[str, Any]] = []
        while page := self._read(f"{name}.json?limit=250&page={len(found) // 250 + 1}")[name]:
            found += page
            if len(page) < 250:
                break
        return found

    def read_document(self, name: str, number: int) -> dict[str, Any]:
        """One ``order`` or ``invoice``, an order with its lines."""
        return dict(self._read(f"{name}s/{number}.json")[name])

    def _read(self, path: str) -> Any:
        auth = (KEY, api_password(TOKEN, SECRET))
        answer = self.http.get(f"{ADDRESS}/nl/{path}", auth=auth)
        assert answer.ok, answer.text
        return json.loads(answer.content, parse_float=Decimal)


class _NoWebhooks:
    def announce(self, shop: Shop, news: list[tuple[str, Order | Invoice]]) -> None:
        """Nothing is sent."""


class _InProcess(BaseAdapter):
    """Hands the requests of a session to an application, and gives its answers back."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def send(
        self,
        request: requests.PreparedRequest,
        *_settings: Any,
        **_more: Any,
    ) -> requests.Response:
        url = urlsplit(str(request.url))
        headers: Mapping[str, str] = request.headers
        given = self.client.open(
            url.path,
            method=request.method or "GET",
            query_string=url.query,
            headers=dict(headers),
            data=request.body,
        )
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = (
            given.status_code,
            request,
            str(request.url),
        )
        answer.headers.update(given.headers.items())
        answer.raw = io.BytesIO(given.get_data())
        return answer

    def close(self) -> None:
        """Nothing is open."""
