"""The table of routes, headers of every answer, errors as pages."""

from __future__ import annotations

import inspect
import json
import logging
import tomllib
from types import SimpleNamespace

import pytest
from chalice.app import MultiDict

from app import app
from chalicelib import bootstrap
from chalicelib.entries import pages
from chalicelib.errors import LedgerConflict, LedgerThrottled, ProfileError
from chalicelib.schedule import DAILY_EXPORT
from chalicelib.version import VERSION
from chalicelib.web.http.client_routes import EVERY_HANDLER
from chalicelib.web.http.http_messages import Request, Response, read_cookies
from chalicelib.web.http.routes import ANY_ADDRESS, CALLBACKS, HANDLERS, METHODS
from chalicelib.web.pages.dispatch import answer_request, find_handler
from chalicelib.web.pages.page_templates import TEMPLATES, hash_style_sheet
from tests.edge.web.stored_orders import wait
from tests.fakes.web import OURS, Browser, World, callback

SECRET_WORDS = "Sophie Fischer, sophie@example.com"


@pytest.mark.parametrize(("method", "pattern"), EVERY_HANDLER)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_has_the_security_headers(
    browser: Browser, world: World, method: str, pattern: str, *, signed_in: bool
) -> None:
    if signed_in:
        browser.install()
    path = pattern.replace("{", "").replace("}", "")

    answer = browser.get(path) if method == "GET" else browser.post(path)

    assert answer.status < 500
    policy = str(answer.headers["Content-Security-Policy"])
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    transport = str(answer.headers["Strict-Transport-Security"])
    assert transport == "max-age=31536000; includeSubDomains"


def test_plain_http_promises_no_https() -> None:
    answer = Browser(World(public_url="http://127.0.0.1:4566/x")).get("/health")

    assert "Strict-Transport-Security" not in answer.headers


def test_pages_bring_no_script_and_nothing_from_elsewhere(browser: Browser, world: World) -> None:
    browser.install()

    for path in ("/", "/settings"):
        body = browser.get(path).body
        assert "<script" not in body
        assert " style=" not in body
        assert "<style" not in body
        for scheme in ("https://", "http://"):
            rest = body.replace("https://koppeling.example/api", "")
            assert scheme not in rest.replace("http://www.w3.org/2000/svg", "")


def test_the_style_sheet_may_be_kept_because_its_address_changes(browser: Browser) -> None:
    page = browser.get("/").body
    answer = browser.get("/static/pages.css")

    assert f'href="https://koppeling.example/api/static/pages.css?v={hash_style_sheet()}"' in page
    assert answer.status == 200
    assert "immutable" in str(answer.headers["Cache-Control"])
    assert str(answer.headers["Content-Type"]).startswith("text/css")
    assert browser.get("/static/..%2fpages%2fbase.html").status == 404


def test_health_tells_version_and_profile_but_no_secret(browser: Browser, world: World) -> None:
    answer = browser.get("/health")
    report = json.loads(answer.body)

    assert answer.status == 200
    assert report["status"] == "ok"
    assert report["profile"] == {"id": "axml-1.4-reconstructed", "official": False}
    assert set(report) == {"status", "version", "time", "profile"}


def test_health_tells_the_projects_version_which_is_kept_in_one_place(browser: Browser) -> None:
    project = tomllib.loads((TEMPLATES.parent / "pyproject.toml").read_text())["project"]

    assert "version" in project["dynamic"]
    assert json.loads(browser.get("/health").body)["version"] == VERSION


def test_health_says_when_the_profile_is_broken(browser: Browser, world: World) -> None:
    def broken() -> object:
        raise ProfileError("orders.xml, line 3: unexpected end")

    object.__setattr__(world.connector, "profile", broken)

    answer = browser.get("/health")

    assert answer.status == 503
    assert json.loads(answer.body)["status"] == "failing"


def test_the_app_serves_the_listed_routes_and_the_webhook() -> None:
    declared = {(method, path) for path, methods in app.routes.items() for method in methods}

    heads = {("HEAD", path) for method, path in EVERY_HANDLER if method == "GET"}
    nowhere = {(method, path) for method in METHODS for path in ("/", ANY_ADDRESS)}
    assert declared == {*EVERY_HANDLER, *heads, *nowhere, ("POST", "/webhooks/{shop_id}/{topic}")}


@pytest.mark.parametrize(
    "path", ["/", "/settings", "/health", "/static/pages.css", "/orders/ORD1", "/files/no-such"]
)
def test_head_answers_as_get_without_a_body(browser: Browser, world: World, path: str) -> None:
    browser.install()
    browser.get("/")  # which forgets the notice of the installation
    wait(world, "ORD1")
    shown = browser.get(path)

    asked = browser.head(path)

    assert (asked.status, asked.headers, asked.body) == (shown.status, shown.headers, "")
    assert shown.body


@pytest.mark.parametrize("path", sorted(CALLBACKS))
def test_head_carries_out_no_callback(browser: Browser, world: World, path: str) -> None:
    browser.install()
    before = world.shop

    asked = browser.head(path, callback(world.clock))

    assert (asked.status, asked.body) == (200, "")
    assert world.shop == before


@pytest.mark.parametrize(("method", "path"), HANDLERS)
def test_every_route_has_a_documented_handler_that_takes_a_call(method: str, path: str) -> None:
    handler = find_handler(Request(method=method, route=path))

    assert list(inspect.signature(handler).parameters) == ["call"]
    assert f"``{method} {path}``" in str(handler.__doc__)


def test_parts_of_the_path_are_decoded_exactly_once(browser: Browser, world: World) -> None:
    browser.install()
    wait(world, "A/1%2F")

    page = browser.get("/orders/A%2F1%252F")

    assert page.status == 200
    assert "A/1%2F" in page.body


def test_chalices_request_is_passed_on_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Request] = []

    def see(_: object, request: Request) -> Response:
        seen.append(request)
        return Response(status=200)

    monkeypatch.setattr(bootstrap, "open_page_connector", lambda: None)
    monkeypatch.setattr(pages, "answer_request", see)

    pages.answer_page(
        SimpleNamespace(
            method="GET",
            path="/orders/{number}",
            uri_params={"number": "A%2F1{x}"},
            query_params=MultiDict({"shop_id": ["1", "2"], "token": ["t"]}),
            headers={"Cookie": "merchant=x"},
            raw_body=b"",
        )
    )

    assert (seen[0].route, seen[0].params) == ("/orders/{number}", {"number": "A%2F1{x}"})
    assert seen[0].cookies == {"merchant": "x"}
    assert seen[0].query == {"shop_id": "2", "token": "t"}
    assert seen[0].repeated == {"shop_id"}


def test_the_readme_names_the_hour_of_the_daily_export() -> None:
    readme = (TEMPLATES.parent / "README.md").read_text()

    assert f"EventBridge, {DAILY_EXPORT:%H:%M} UTC" in readme


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LedgerConflict("somebody was faster"), 409),
        (LedgerThrottled("busy"), 503),
        (KeyError(SECRET_WORDS), 500),
    ],
)
def test_errors_become_pages(
    browser: Browser, world: World, error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    browser.install()

    def fail(*_: object, **__: object) -> None:
        raise error

    world.entries.list_waiting = fail  # type: ignore[assignment, method-assign]
    with caplog.at_level(logging.DEBUG):
        page = browser.get("/")

    assert page.status == status
    assert '<html lang="nl">' in page.body
    assert "Traceback" not in page.body
    assert SECRET_WORDS not in page.body + caplog.text
    assert all(SECRET_WORDS not in str(record.__dict__) for record in caplog.records)


def test_what_nobody_foresaw_is_logged_under_the_reference_on_the_page(
    browser: Browser, world: World
) -> None:
    browser.install()
    found: list[logging.LogRecord] = []
    logger = logging.Logger("injected")
    handler = logging.Handler()
    handler.emit = found.append  # type: ignore[method-assign, assignment]
    logger.addHandler(handler)

    def fail(*_: object, **__: object) -> None:
        raise KeyError(SECRET_WORDS)

    world.entries.list_waiting = fail  # type: ignore[assignment, method-assign]
    page = answer_request(
        world.connector,
        Request(method="GET", route="/", cookies=browser.cookies),
        logger=logger,
    )

    (record,) = found
    report = record.__dict__
    assert report["reference"] in page.body
    assert report["error"] == "KeyError"
    assert any("overview.py" in place for place in report["trail"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * 1_000_001, 413),
        (b"licence=%ff", 400),
        (b"\xff\xfe", 400),
        (b"&".join([b"a=1"] * 3000), 400),
    ],
)
def test_a_form_that_is_too_large_or_garbled_is_refused(
    browser: Browser, world: World, body: bytes, status: int
) -> None:
    browser.get("/install", callback(world.clock))

    page = answer_request(
        world.connector,
        Request(method="POST", route="/install", body=body, headers=OURS, cookies=browser.cookies),
    )

    assert page.status == status
    assert world.shop.licence is None


def test_our_cookies_are_found_among_those_of_others() -> None:
    assert read_cookies(None) == {}
    assert read_cookies("merchant=a.b-c_d; notice=x") == {"merchant": "a.b-c_d", "notice": "x"}
    assert read_cookies('a={"b": [1]}; ;; c; merchant=x.y') == {
        "a": '{"b": [1]}',
        "merchant": "x.y",
    }
