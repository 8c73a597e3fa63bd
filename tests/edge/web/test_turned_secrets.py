"""While a secret has two values, what was signed with either is taken; then the new one alone."""

from __future__ import annotations

import hashlib
import json

import pytest

from chalicelib.domain.shops import ShopState
from chalicelib.errors import SettingsError
from chalicelib.ports import AppPair
from chalicelib.web.http.http_messages import Request
from chalicelib.web.http.webhook_delivery import answer_delivery
from tests.fakes.fixed_secrets import APP_SECRET, SESSION_SECRET
from tests.fakes.web import SHOP_ID, TOKEN, Browser, World, callback

NEW_APP = "a-newer-app-secret-of-32-characters"
NEW_SESSION = "a-newer-session-secret-of-32-characters"


def turn_app(world: World) -> None:
    world.secrets.app = (AppPair("key", NEW_APP), *world.secrets.app)


def retire_app(world: World) -> None:
    world.secrets.app = world.secrets.app[:1]


def deliver(world: World, secret: str) -> int:
    body = json.dumps({"order": {"id": 1, "number": "ORD1"}}).encode()
    delivery = Request(
        method="POST",
        route="/webhooks/{shop_id}/{topic}",
        params={"shop_id": str(SHOP_ID), "topic": "orders-paid"},
        headers={"x-signature": hashlib.md5(body + secret.encode()).hexdigest()},
        body=body,
    )
    return answer_delivery(delivery, parts=world.connector).status


def test_webhooks_signed_before_and_after_the_turn_are_taken(
    browser: Browser, world: World
) -> None:
    browser.install()
    assert [deliver(world, secret) for secret in (APP_SECRET, NEW_APP)] == [200, 401]
    turn_app(world)
    assert [deliver(world, secret) for secret in (APP_SECRET, NEW_APP)] == [200, 200]
    assert deliver(world, "neither-of-the-two-secrets-of-the-app") == 401
    retire_app(world)
    assert [deliver(world, secret) for secret in (APP_SECRET, NEW_APP)] == [401, 200]


@pytest.mark.parametrize("secret", [APP_SECRET, NEW_APP])
def test_every_link_of_seoshop_is_taken_by_either_secret(
    secret: str, browser: Browser, world: World
) -> None:
    turn_app(world)
    assert browser.get("/install", callback(world.clock, secret=secret)).status in (200, 303)
    browser.post("/install", {"licence": "ASP-2026-4711"})
    for path in ("/cancel", "/uninstall"):
        assert browser.get(path, callback(world.clock, token=None, secret=secret)).status == 200
        assert world.shop.state is ShopState.CANCELLED
    assert world.shop.leaving_since is not None


@pytest.mark.parametrize("path", ["/install", "/cancel", "/uninstall"])
def test_a_link_of_the_retired_secret_is_refused(path: str, browser: Browser, world: World) -> None:
    browser.install()
    turn_app(world)
    retire_app(world)
    token = TOKEN if path == "/install" else None
    signed = callback(world.clock, token=token, secret=APP_SECRET)
    assert browser.get(path, signed).status == 401
    assert world.shop.state is ShopState.ACTIVE


def test_a_session_goes_on_across_the_turn_and_signed_anew_across_the_retiring(
    browser: Browser, world: World
) -> None:
    browser.install()
    before = dict(browser.cookies)
    world.secrets.session = (NEW_SESSION, SESSION_SECRET)
    assert browser.get("/").status == 200
    world.secrets.session = (NEW_SESSION,)
    assert browser.get("/").status == 200
    browser.cookies = before
    assert browser.get("/").status == 401, "it is of the former secret still"


def test_signing_a_session_anew_makes_it_no_longer(browser: Browser, world: World) -> None:
    browser.install()
    world.secrets.session = (NEW_SESSION, SESSION_SECRET)
    for _ in range(12 * 3):
        world.clock.advance(minutes=20)
        assert browser.get("/").status == 200
    world.clock.advance(seconds=1)
    assert browser.get("/").status == 401


def test_a_notice_from_before_the_turn_is_shown_after_it(browser: Browser, world: World) -> None:
    browser.install()
    answer = browser.post("/pause")
    world.secrets.session = (NEW_SESSION, SESSION_SECRET)
    assert 'role="status"' in browser.follow(answer).body


def test_health_says_when_a_secret_is_unusable_and_not_which_value(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unusable() -> tuple[str, ...]:
        raise SettingsError("SESSION_SECRET is too easily guessed.")

    assert browser.get("/health").status == 200
    monkeypatch.setattr(type(world.secrets), "session_secrets", lambda _: unusable())
    answer = browser.get("/health")
    assert answer.status == 503
    assert "secret" in json.loads(answer.body)["problem"]
