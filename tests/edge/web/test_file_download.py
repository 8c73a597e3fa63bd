"""Downloading a file: what was sent, to the byte; or a page that says what differs, or when."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.orders import Order
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.operating import rebuilding
from chalicelib.usecases.operating.reading_again import KEPT_FREE
from chalicelib.web.http.http_messages import Response
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import place
from tests.fakes.documents_of_shop import order
from tests.fakes.web import SHOP_ID, Browser, World
from tests.unit.usecases.stage import PROFILE


@pytest.fixture(autouse=True)
def installed(world: World, browser: Browser) -> None:
    world.profile = PROFILE
    browser.install()


@pytest.fixture
def sold(world: World) -> list[Order]:
    """Three orders in a file that was delivered."""
    orders = [
        order(id=number, number=f"ORD{number}", created_at=world.clock(), firstname="Zzyzx")
        for number in (1001, 1002, 1003)
    ]
    world.clock.advance(minutes=1)
    for one in orders:
        world.api.put(one)
    export_shop(world.connector, Job(shop_id=SHOP_ID, run="night"))
    (file,) = world.files.items[SHOP_ID].values()
    assert (file.state, len(file.keys)) == (FileState.PLACED, 3)
    return orders


def the_file(world: World) -> FileEntry:
    (file,) = world.files.items[SHOP_ID].values()
    return file


def download(browser: Browser, **query: str) -> Response:
    return browser.get(f"/files/{the_file(browser.world).name}/download", query)


def test_the_page_of_a_file_offers_it_and_says_what_that_means(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    body = browser.get(f"/files/{the_file(world).name}").body
    link = read(body).link("Dit bestand downloaden")
    assert link.href.endswith(f"/files/{the_file(world).name}/download")
    assert "anders staan de bestellingen dubbel in Asperion" in body


def test_what_is_downloaded_is_what_was_sent(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    file = the_file(world)
    answer = download(browser)
    assert answer.status == 200
    assert answer.body.encode() == world.inbox.files[file.name]
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_differs_is_a_page_with_the_orders_that_do(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    world.api.put(replace(sold[0], firstname="Sanne"))
    del world.api.orders[1003]
    answer = download(browser)
    assert answer.status == 409
    assert "text/html" in str(answer.headers["Content-Type"])
    assert "Content-Disposition" not in answer.headers
    assert "2 van de 3 bestellingen" in answer.body
    numbers = {link.text for link in read(answer.body).links if "/orders/" in link.href}
    assert numbers == {"ORD1001", "ORD1003"}
    assert "Bestaat niet meer in uw webwinkel" in answer.body
    assert "Sanne" not in answer.body
    link = read(answer.body).link("Downloaden zoals het nu zou zijn")
    now = download(browser, **{"as": link.href.partition("as=")[2]})
    assert now.status == 200
    assert str(now.headers["Content-Disposition"]).startswith('attachment; filename="nieuw-2026')
    assert now.body.count("Bestelling ORD") == 2


def test_a_cancelled_order_is_said_to_be_left_out_once_another_one_changed(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    world.api.put(replace(sold[0], firstname="Sanne"))
    world.api.put(replace(sold[1], status=type(sold[1].status)("cancelled")))
    body = download(browser).body
    assert "Nu zou deze bestelling niet meegaan, omdat de bestelling geannuleerd is." in body
    assert "met 2 bestellingen" in body


def test_when_nothing_is_left_there_is_nothing_to_download(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    world.api.orders.clear()
    for query in ({}, {"as": "now"}):
        answer = download(browser, **query)
        assert answer.status == 409
        assert "Geen van de bestellingen zou nu nog meegaan" in answer.body


def test_settings_that_changed_are_said(world: World, browser: Browser, sold: list[Order]) -> None:
    browser.post("/settings", {"payment:ideal": PROFILE.payments[0].code})
    body = download(browser).body
    assert "Uw instellingen zijn veranderd sinds dit bestand is gemaakt." in body


def test_an_allowance_that_does_not_reach_says_how_many_and_when(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    world.api.remaining = KEPT_FREE + 2
    world.api.renewed_at = world.clock() + timedelta(minutes=3)
    answer = download(browser)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "180"
    assert "dit bestand telt 3 bestellingen, en nu kunnen er 2 gelezen worden" in answer.body
    assert "Probeer het vanaf vandaag 15:09 opnieuw" in answer.body


def test_a_shop_that_does_not_answer_is_a_page(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    world.api.fail(ShopUnavailable("no", status=502), "order")
    answer = download(browser)
    assert answer.status == 503
    assert "Uw webwinkel antwoordt op dit moment niet" in answer.body
    assert read(answer.body).link("Opnieuw proberen")


def test_a_file_too_large_for_one_answer_comes_in_parts(
    world: World, browser: Browser, sold: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "LARGEST_ANSWER", (the_file(world).size or 0) - 1)
    answer = download(browser)
    assert answer.status == 503
    assert "te groot om in één keer te downloaden" in answer.body
    parts = [link for link in read(answer.body).links if link.text.startswith("Deel ")]
    assert [link.text for link in parts] == ["Deel 1 van 2", "Deel 2 van 2"]
    found = ""
    for link in parts:
        query = dict(each.split("=") for each in link.href.partition("?")[2].split("&"))
        part = download(browser, **query)
        assert part.status == 200
        assert f'filename="deel-{query["part"]}-van-2-' in str(part.headers["Content-Disposition"])
        found += part.body
    assert all(one.number in found for one in sold)


@pytest.mark.parametrize(
    "query",
    [
        {"as": "original"},
        {"as": ""},
        {"part": "1"},
        {"of": "2"},
        {"part": "0", "of": "2"},
        {"part": "3", "of": "2"},
        {"part": "1", "of": "99"},
        {"part": "٣", "of": "9"},
        {"part": "1", "of": "2 "},
    ],
)
def test_other_parameters_are_no_page_and_nothing_is_read(
    world: World, browser: Browser, sold: list[Order], query: dict[str, str]
) -> None:
    world.api.calls.clear()
    assert download(browser, **query).status == 404
    assert not world.api.calls


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_purpose": "prefetch"}, 425),
        ({"purpose": "prefetch"}, 425),
        ({"sec_fetch_site": "cross-site"}, 303),
    ],
)
def test_nothing_is_read_for_a_prefetch_or_for_another_site(
    world: World, browser: Browser, sold: list[Order], headers: dict[str, str], status: int
) -> None:
    world.api.calls.clear()
    name = the_file(world).name
    assert browser.get(f"/files/{name}/download", None, **headers).status == status
    assert not world.api.calls


def test_nobody_downloads_without_signing_in_nor_what_did_not_arrive(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    path = f"/files/{the_file(world).name}/download"
    assert Browser(world).get(path).status == 401
    assert browser.get("/files/axml-orders-20261123-184520-009.xml/download").status == 404
    unknown = place(world, "ORD9", state=FileState.UNKNOWN)
    assert browser.get(f"/files/{unknown.name}/download").status == 400
    assert "downloaden" not in browser.get(f"/files/{unknown.name}").body


def test_nothing_of_it_is_kept_or_logged(
    world: World, browser: Browser, sold: list[Order], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.api.put(replace(sold[0], lastname="Zzyzxname"))
    sent = list(world.queue.sent)
    for query in ({}, {"as": "now"}):
        download(browser, **query)
    kept: list[Any] = [world.entries.items, world.files.items, world.shops.records, sent]
    assert "zzyzx" not in (repr(kept) + caplog.text).lower()
    assert world.queue.sent == sent


def test_a_file_that_went_to_a_former_licence_code_says_so(
    world: World, browser: Browser, sold: list[Order]
) -> None:
    path = f"/files/{the_file(world).name}"
    assert "vorige licentiecode" not in browser.get(path).body
    world.clock.advance(minutes=5)
    browser.arrive()
    page = browser.post("/licence", {"licence": "ASP-2026-9942"})
    press = next(one for one in read(page.body).presses if "wijzig" in one.text)
    browser.post("/licence", press.fields)
    body = browser.get(path).body
    assert "Dit bestand ging naar een vorige licentiecode" in body
    assert "eindigen zo: ••11 → ••42" in body
    world.clock.advance(days=20)
    browser.arrive()
    assert "vorige licentiecode" in browser.get(path).body
