"""The merchant goes to Asperion and comes back."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.domain.connection import AsperionTokens
from chalicelib.web.pages.fresh_session import FRESH
from tests.edge.web.connect.connect_deeds import come_back, leave, notice, sign_in
from tests.edge.web.markup import read, read_text
from tests.fakes.asperion_faults import Fault
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World


def test_the_page_says_what_it_does_and_the_button_leads_to_asperion(merchant: Browser) -> None:
    page = merchant.get("/connect")

    assert page.status == 200
    for text in ("Wat er verandert", "Wat u doet", "terug naar bestanden", "Stap 1 van 4"):
        assert text in read_text(page.body)
    assert leave(merchant).startswith("https://identity.asperion.example/connect/authorize?")


def test_browsers_may_follow_the_button_to_asperion_and_no_other_page_s(merchant: Browser) -> None:
    policy = str(merchant.get("/connect").headers["Content-Security-Policy"])
    assert "form-action 'self' https://identity.asperion.nl;" in policy
    other = str(merchant.get("/settings").headers["Content-Security-Policy"])
    assert "form-action 'self';" in other


def test_back_with_consent_the_address_is_clean(
    merchant: Browser, asperion: MemoryAsperion
) -> None:
    answer = sign_in(merchant, asperion)

    assert (answer.status, answer.headers["Location"]) == (
        303,
        f"{PUBLIC_URL}/connect/administration",
    )
    assert "code-" not in str(answer.headers)


def test_a_borrowed_session_that_is_old_connects_nothing(merchant: Browser, world: World) -> None:
    world.clock.advance(seconds=FRESH.total_seconds() + 1)
    page = merchant.get("/connect")
    assert not read(page.body).says("Koppelen met Asperion")
    assert "Open eerst de app vanuit het AppCenter" in read_text(page.body)
    answer = merchant.post("/connect")
    assert answer.status == 403
    assert "Location" not in answer.headers


def test_without_consent_nothing_is_changed(merchant: Browser, world: World) -> None:
    state = dict(parse_qsl(urlsplit(leave(merchant)).query))["state"]
    answer = merchant.get("/connect/callback", {"state": state, "error": "access_denied"})

    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect"
    assert "U gaf in Asperion geen toestemming" in notice(merchant.follow(answer))
    assert world.shops.load(SHOP_ID, AsperionTokens) is None


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "x"}, {"state": "y"}, {"state": "y", "code": "x"}, {"state": "\x7f" * 30}],
)
def test_whatever_else_comes_back_is_refused_in_words(
    merchant: Browser, world: World, query: dict[str, str]
) -> None:
    answer = merchant.get("/connect/callback", query)

    assert answer.status == 303
    assert "De koppeling is niet gemaakt" in notice(merchant.follow(answer))
    assert world.shops.load(SHOP_ID, AsperionTokens) is None


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"code": "c" * 6_000}, "/connect"),
        ({"scope": "api\noffline_access", "session_state": "s" * 3_000}, "/connect/administration"),
        (
            {"code": "", "error": "server_error", "error_description": "<b>\r\n\u202e" * 900},
            "/connect",
        ),
        ({"code": "\ud800"}, "/connect"),
        ({"state": "\ud800"}, "/connect"),
    ],
)
def test_however_long_or_odd_what_comes_back_is_it_is_answered(
    merchant: Browser, asperion: MemoryAsperion, changes: dict[str, str], address: str
) -> None:
    """A code may be a whole sealed record of the identity server's."""
    parts = urlsplit(asperion.identity.consent(leave(merchant)).removeprefix(PUBLIC_URL))
    answer = merchant.get(parts.path, dict(parse_qsl(parts.query)) | changes)
    assert (answer.status, answer.headers["Location"]) == (303, f"{PUBLIC_URL}{address}")
    assert "<b>" not in merchant.follow(answer).body


def test_loaded_again_the_callback_changes_nothing(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    address = asperion.identity.consent(leave(merchant))
    come_back(merchant, address)
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    page = merchant.follow(come_back(merchant, address))
    assert "twee keer geladen" in notice(page)
    assert world.shops.load(SHOP_ID, AsperionTokens) == tokens


def test_the_way_back_of_another_browser_is_worth_nothing(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    """Who begins, and lets the merchant finish, gets nothing; nor the other way round."""
    world.clock.advance(seconds=1)
    other = Browser(world)
    other.arrive()
    address = asperion.identity.consent(leave(other))
    page = merchant.follow(come_back(merchant, address))
    assert "in een andere browser" in notice(page)
    assert world.shops.load(SHOP_ID, AsperionTokens) is None


def test_without_a_session_nobody_comes_back(merchant: Browser, asperion: MemoryAsperion) -> None:
    address = asperion.identity.consent(leave(merchant))
    nobody = Browser(merchant.world)
    assert come_back(nobody, address).status == 401


def test_a_browser_that_reads_ahead_does_not_use_the_code_up(
    merchant: Browser, asperion: MemoryAsperion
) -> None:
    parts = urlsplit(asperion.identity.consent(leave(merchant)).removeprefix(PUBLIC_URL))
    query = dict(parse_qsl(parts.query))
    assert merchant.get(parts.path, query, sec_purpose="prefetch").status == 425
    assert merchant.head(parts.path, query).status == 200
    answer = merchant.get(parts.path, query)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/administration"


def test_when_asperion_does_not_answer_the_page_says_so(
    merchant: Browser, asperion: MemoryAsperion
) -> None:
    address = asperion.identity.consent(leave(merchant))
    asperion.fail(Fault.UNAVAILABLE, "exchange_code")
    answer = come_back(merchant, address)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect"
    assert "Asperion antwoordt niet" in notice(merchant.follow(answer))
