"""What is turned away at the door is seen: one line and one figure each, and nothing in it that the
caller chose.
"""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import MultiDict

from chalicelib import bootstrap, figures, hook, metrics
from chalicelib.entries import pages
from chalicelib.usecases.connector import HintParts
from chalicelib.web.http.refusals import Refusal
from tests.fakes.fixed_secrets import APP_SECRET
from tests.fakes.web import OURS, SHOP_ID, Browser, World, callback

SENTINEL = "zzyzx"


def asked(method: str, route: str, **given: Any) -> Any:
    """A request as Chalice hands it over."""
    usual: dict[str, Any] = {
        "uri_params": None,
        "query_params": None,
        "headers": {},
        "raw_body": b"",
    }
    return SimpleNamespace(method=method, path=route, **{**usual, **given})


def signed_in(browser: Browser) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return {**OURS, "cookie": cookies}


@pytest.fixture
def counted(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Hands a request to its function; the lines that are printed for CloudWatch meanwhile."""
    parts = HintParts(
        settings=world.connector.settings,
        secrets=world.secrets,
        clock=world.clock,
        shops=world.shops,
        entries=world.entries,
    )
    monkeypatch.setattr(bootstrap, "open_page_connector", lambda: world.connector)
    monkeypatch.setattr(hook, "open_parts", lambda: parts)

    def count(request: Any) -> list[dict[str, Any]]:
        capsys.readouterr()
        is_hook = request.path.startswith("/webhooks/")
        (hook.answer_webhook if is_hook else pages.answer_page)(request)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return count


def figure_of(lines: list[dict[str, Any]]) -> str:
    """The one figure of the one line."""
    (line,) = lines
    assert set(line) - {"_aws", "service", "method", "route"} == {
        figure["Name"]
        for directive in line["_aws"]["CloudWatchMetrics"]
        for figure in directive["Metrics"]
    }
    (name,) = set(line) - {"_aws", "service", "method", "route"}
    assert line[name] == [1.0]
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == figures.NAMESPACE
    assert SENTINEL not in json.dumps(line)
    return name


WEBHOOK = "/webhooks/{shop_id}/{topic}"


def test_a_webhook_with_a_wrong_signature_is_counted(counted: Any) -> None:
    delivery = asked(
        "POST",
        WEBHOOK,
        uri_params={"shop_id": SENTINEL, "topic": SENTINEL},
        headers={"X-Signature": "0" * 32, "User-Agent": SENTINEL},
        raw_body=SENTINEL.encode(),
    )
    lines = counted(delivery)

    assert figure_of(lines) == "SignaturesRefused"
    assert (lines[0]["method"], lines[0]["route"]) == ("POST", WEBHOOK)


@pytest.mark.parametrize("path", ["/install", "/cancel", "/uninstall"])
@pytest.mark.parametrize("forged", ["", "0" * 32, SENTINEL])
def test_a_link_with_a_wrong_signature_is_counted(
    counted: Any, world: World, path: str, forged: str
) -> None:
    named = callback(world.clock, token=None if path != "/install" else "a" * 32)
    query = {**named, "signature": forged, "utm": SENTINEL}

    lines = counted(
        asked("GET", path, query_params=MultiDict({name: [value] for name, value in query.items()}))
    )

    assert figure_of(lines) == "SignaturesRefused"
    assert lines[0]["route"] == path
    assert named["signature"] not in json.dumps(lines)


def test_a_session_cookie_that_is_none_of_ours_is_counted(counted: Any, browser: Browser) -> None:
    browser.install()
    forged = {name: value[::-1] for name, value in browser.cookies.items()}
    browser.cookies = forged

    lines = counted(asked("GET", "/", headers=signed_in(browser)))

    assert figure_of(lines) == "SessionsRefused"
    for value in forged.values():
        assert value not in json.dumps(lines)


def test_a_session_whose_time_is_over_is_not_counted(
    counted: Any, browser: Browser, world: World
) -> None:
    browser.install()
    kept = signed_in(browser)
    world.clock.advance(hours=2)

    assert counted(asked("GET", "/", headers=kept)) == []


def test_a_session_that_was_signed_out_is_counted_when_it_is_used_again(
    counted: Any, browser: Browser
) -> None:
    browser.install()
    kept = signed_in(browser)
    browser.post("/sign-out")

    assert figure_of(counted(asked("GET", "/", headers=kept))) == "SessionsRefused"


def test_a_link_that_has_signed_another_browser_in_is_counted(
    counted: Any, browser: Browser, world: World
) -> None:
    link = callback(world.clock)
    browser.get("/install", link)

    used = {name: [value] for name, value in link.items()}
    lines = counted(asked("GET", "/install", query_params=MultiDict(used)))

    assert figure_of(lines) == "UsedLinksRefused"
    assert link["signature"] not in json.dumps(lines)


def test_the_session_of_an_installation_that_has_ended_is_counted(
    counted: Any, browser: Browser, world: World
) -> None:
    browser.install()
    kept = signed_in(browser)
    world.clock.advance(minutes=1)
    browser.get("/install", callback(world.clock, token="f" * 32))

    assert figure_of(counted(asked("GET", "/", headers=kept))) == "SessionsRefused"


def test_a_refused_session_is_counted_where_the_page_is_shown_all_the_same(
    counted: Any, browser: Browser
) -> None:
    browser.install()
    browser.cookies = {name: value[::-1] for name, value in browser.cookies.items()}

    assert figure_of(counted(asked("GET", "/help", headers=signed_in(browser)))) == (
        "SessionsRefused"
    )


@pytest.mark.parametrize(
    "theirs", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}]
)
def test_a_form_that_another_sites_page_sends_is_counted(
    counted: Any, browser: Browser, theirs: dict[str, str]
) -> None:
    browser.install()
    headers = {**signed_in(browser), **theirs}
    if "origin" in theirs:
        del headers["sec-fetch-site"]

    lines = counted(asked("POST", "/pause", headers=headers, raw_body=SENTINEL.encode()))

    assert figure_of(lines) == "OriginsRefused"
    assert "elsewhere" not in json.dumps(lines)


@pytest.mark.parametrize("path", ["/", "/settings", "/help", "/health", "/orders/{number}"])
def test_somebody_who_has_not_signed_in_is_not_counted(counted: Any, path: str) -> None:
    assert counted(asked("GET", path, uri_params={"number": "ORD1"})) == []


def test_a_merchant_at_work_is_not_counted(counted: Any, browser: Browser) -> None:
    browser.install()
    mine = signed_in(browser)

    assert counted(asked("GET", "/", headers=mine)) == []
    assert counted(asked("POST", "/pause", headers=mine)) == []
    assert counted(asked("GET", "/orders/{number}", uri_params={"number": "X"}, headers=mine)) == []


def test_a_webhook_of_seoshops_is_not_counted(counted: Any, browser: Browser) -> None:
    browser.install()
    body = json.dumps({"order": {"id": 1, "number": "ORD1"}}).encode()
    signature = hashlib.md5(body + APP_SECRET.encode()).hexdigest()
    delivery = asked(
        "POST",
        WEBHOOK,
        uri_params={"shop_id": str(SHOP_ID), "topic": "orders-paid"},
        headers={"X-Signature": signature},
        raw_body=body,
    )
    assert counted(delivery) == []


def test_a_question_without_a_body_is_counted_like_the_page_itself(
    counted: Any, browser: Browser
) -> None:
    browser.install()
    browser.cookies = {name: value[::-1] for name, value in browser.cookies.items()}

    assert figure_of(counted(asked("HEAD", "/", headers=signed_in(browser)))) == "SessionsRefused"


def test_every_kind_of_refusal_has_a_figure_of_its_own_that_alarms() -> None:
    assert set(figures.REFUSALS) == set(Refusal)
    assert len(set(figures.REFUSALS.values())) == len(Refusal)
    assert set(figures.REFUSALS.values()) <= metrics.ALARMING
