"""A merchant's browser, SEOshop's callbacks and a connector in memory, for tests of the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from app import app
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.platform import ShopProfile
from chalicelib.domain.shops import Shop
from chalicelib.errors import ShopUnauthorised
from chalicelib.settings import Settings
from chalicelib.usecases.connector import Connector
from chalicelib.web.http.cookies import CookieRules
from chalicelib.web.http.http_messages import Request, Response, read_cookies
from chalicelib.web.http.routes import ANY_ADDRESS
from chalicelib.web.http.session_cookies import SESSION
from chalicelib.web.pages.dispatch import answer_request
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.eu_register import MemoryRegister
from tests.fakes.export_queue import MemoryQueue
from tests.fakes.fixed_secrets import APP_SECRET, FixedSecrets
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.fakes.open_vault import MemoryVault
from tests.fakes.seoshop import MemorySeoshop

TOKEN = "0123456789abcdef0123456789abcdef"
SHOP_ID = 184520
PUBLIC_URL = "https://koppeling.example/api"
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
OURS = {"sec-fetch-site": "same-origin"}
DE_WILG = ShopProfile(title="Kaasboerderij De Wilg", currency="EUR", country="NL", domain="de-wilg")
METHODS = (
    PaymentMethod(key="ideal", title="iDEAL"),
    PaymentMethod(key="banktransfer", title="Bankoverschrijving"),
)


class SteppingClock:
    """Stands still until it is advanced."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class World:
    """A connector whose every part is in memory and within reach of a test."""

    def __init__(self, *, public_url: str = PUBLIC_URL) -> None:
        self.clock = SteppingClock()
        self.api = MemorySeoshop(self.clock, shop=DE_WILG, methods=list(METHODS))
        self.inbox = MemoryInbox()
        self.asperion = MemoryAsperion(self.clock)
        self.register = MemoryRegister(self.clock)
        self.queue = MemoryQueue()
        self.vault = MemoryVault()
        self.shops = MemoryShops()
        self.entries = MemoryEntries()
        self.files = MemoryFiles()
        self.secrets = FixedSecrets()
        self.profile: Any = SimpleNamespace(
            id="axml-1.4-reconstructed",
            official=False,
            payments=(
                SimpleNamespace(code="IDEAL", label="iDEAL", guess=False),
                SimpleNamespace(code="Op factuur", label="Op factuur", guess=False),
            ),
        )
        self.connector = Connector(
            settings=Settings(
                table_prefix="test-",
                public_url=public_url,
                inbox_url="https://inbox.example/{licence}/{file}",
            ),
            secrets=self.secrets,
            clock=self.clock,
            shops=self.shops,
            entries=self.entries,
            files=self.files,
            queue=self.queue,
            vault=self.vault,
            open_shop=lambda shop: self.api,
            open_for_page=lambda shop: self.api,
            open_inbox=lambda shop: self.inbox,
            vat_register=self.register,
            profile=self._open_profile,
            front_door=self.asperion.front_door,
        )

    def _open_profile(self, folder: str = "") -> Any:
        return self.profile

    @property
    def shop(self) -> Shop:
        """The one shop of these tests."""
        return self.shops.records[SHOP_ID]


def callback(
    clock: SteppingClock, *, token: str | None = TOKEN, secret: str = APP_SECRET, **changes: str
) -> dict[str, str]:
    """The parameters of a call SEOshop makes, signed; `changes` are made before signing."""
    named = {
        "language": "nl",
        "shop_id": str(SHOP_ID),
        "timestamp": str(int(clock().timestamp())),
        **({"token": token} if token else {}),
        **changes,
    }
    text = "".join(f"{name}={named[name]}" for name in sorted(named))
    signature = hashlib.md5((text + secret).encode()).hexdigest()
    return {**named, "cluster_id": "eu1", "signature": signature}


def route(path: str) -> tuple[str, dict[str, str]]:
    """What API Gateway and Chalice make of a path: the declared pattern that fits, and its parts,
    still encoded; an address without a pattern of its own is that of any.
    """
    given = path.split("/")
    for pattern in map(str, app.routes):
        wanted = pattern.split("/")
        if len(wanted) != len(given):
            continue
        parts = list(zip(wanted, given, strict=True))
        if pattern == ANY_ADDRESS:
            continue
        if all(name == part or (name.startswith("{") and part) for name, part in parts):
            return pattern, {name[1:-1]: part for name, part in parts if name.startswith("{")}
    return ANY_ADDRESS, {"proxy": path.removeprefix("/")}


class Browser:
    """Keeps cookies and follows nothing by itself."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cookies: dict[str, str] = {}

    def get(self, path: str, query: Mapping[str, str] | None = None, **headers: str) -> Response:
        return self._send(
            "GET",
            path,
            query=query or {},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def head(self, path: str, query: Mapping[str, str] | None = None) -> Response:
        return self._send("HEAD", path, query=query or {})

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = OURS,
    ) -> Response:
        return self._send(
            "POST",
            path,
            query=query or {},
            headers={"content-type": "application/x-www-form-urlencoded", **headers},
            body=urlencode(fields or {}).encode(),
        )

    def post_body(self, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """POST a body as it is."""
        return self._send("POST", path, headers=headers, body=body)

    def follow(self, response: Response) -> Response:
        """GET where a 303 points to."""
        assert response.status == 303, response
        target = str(response.headers["Location"])
        base = self.world.connector.settings.public_url
        assert target.startswith(base)
        parts = urlsplit(target[len(base) :])
        return self.get(parts.path, dict(parse_qsl(parts.query)))

    def arrive(self, **changes: str) -> Response:
        """Follow a link of the AppCenter to the page that it leads to; `changes` as `callback`."""
        return self.follow(self.get("/install", callback(self.world.clock, **changes)))

    @property
    def session(self) -> str:
        """The session's cookie."""
        return self.cookies[self.session_name]

    @session.setter
    def session(self, value: str) -> None:
        self.cookies[self.session_name] = value

    @property
    def session_name(self) -> str:
        """What the browser knows the session's cookie by."""
        return CookieRules(self.world.connector.settings.public_url).find_name(SESSION)

    def install(self, *, language: str = "nl", licence: str = "ASP-2026-4711") -> Response:
        """Arrive from the AppCenter, and fill in the form; what answers leads to the overview."""
        self.get("/install", callback(self.world.clock, language=language))
        return self.post("/install", {"licence": licence})

    def uninstall(self) -> Response:
        """SEOshop revokes the token, and calls the app removed."""
        refusal = ShopUnauthorised("the token is refused", status=401)
        self.world.api.fail(refusal, "profile", times=1)
        return self.get("/uninstall", callback(self.world.clock, token=None))

    def send(self, method: str, path: str) -> Response:
        """A call by any method, as from a page of ours."""
        return self._send(method, path, headers=OURS)

    def _send(self, method: str, path: str, **parts: Any) -> Response:
        pattern, params = route(path)
        request = Request(
            method=method, route=pattern, params=params, cookies=self.cookies, **parts
        )
        response = answer_request(self.world.connector, request)
        for line in cookies_of(response):
            for name, value in read_cookies(line.partition(";")[0]).items():
                if "Max-Age=0" in line:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = value
        return response


def cookies_of(response: Response) -> list[str]:
    """The ``Set-Cookie`` lines of a response."""
    lines = response.headers.get("Set-Cookie", [])
    return [lines] if isinstance(lines, str) else list(lines)
