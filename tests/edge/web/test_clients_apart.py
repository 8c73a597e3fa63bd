"""The shops of a bookkeeper stay apart, from each other and from what he has no seat in. Each test
is an attack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.domain.seats import SeatRight
from chalicelib.web.http.client_routes import CLIENTS, SEATED
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.routes import HANDLERS
from chalicelib.web.pages.page_templates import SHOP_FIELD
from tests.edge.web.stored_orders import hold, place, state_of, wait
from tests.fakes.office import OTHER, Office, among_orders_of
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, cookies_of

A, B, STRANGE = SHOP_ID, OTHER, SHOP_ID + 2
SOLVE, LOCK = SeatRight.SOLVE, SeatRight.LOCK
NOT_A_NUMBER = (
    *("0", "-1", f"0{A}", f"+{A}", f"{A}.0", f" {A}", f"{A}%20", f"{A}%00", f"{A}%2F", "1e5"),
    *("9" * 30, "".join(chr(0x0660 + int(digit)) for digit in str(A)), "..", "%2e%2e"),
    f"{A}%2Forders%2FORD1",
)
SIGN_IN = f"{PUBLIC_URL}/clients/sign-in"
BY_HAND = {"action": "by_hand"}


@pytest.fixture
def office(world: World) -> Office:
    """A bookkeeper who may solve in shop A, and may only read in shop B; he has no seat in a third
    one. In each, order ORD1 is held.
    """
    office = Office(world)
    for shop_id, title in {A: "Winkel A", B: "Winkel B", STRANGE: "Winkel Vreemd"}.items():
        office.install(shop_id, title)
        with among_orders_of(shop_id):
            hold(world, "email_missing", "ORD1")
    office.take_seat(A, SOLVE, LOCK)
    office.take_seat(B)
    return office


def at(shop_id: int | str, path: str = "") -> str:
    return f"/{CLIENTS}/{shop_id}{path}"


def is_held(world: World, shop_id: int) -> bool:
    (entry,) = world.entries.find_by_numbers(shop_id, ["ORD1"])
    return entry.state == "held"


def list_addresses() -> list[tuple[str, str]]:
    """Every page for bookkeepers, with parts that fit."""
    return [
        (method, re.sub(r"\{[a-z]+\}", "ORD1", path).rstrip("/"))
        for method, path in SEATED
        if (method, path) in HANDLERS
    ]


def _drop_cookies(answer: Response) -> dict[str, str | list[str]]:
    return {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}


def show(answer: Response) -> tuple[int, Mapping[str, str | list[str]], str]:
    return answer.status, answer.headers, answer.body


@pytest.mark.parametrize(("method", "path"), list_addresses())
def test_a_shop_without_a_seat_answers_as_one_that_is_not_there(
    office: Office, method: str, path: str
) -> None:
    there = office.browser.send(method, at(STRANGE, path))
    nowhere = office.browser.send(method, at(999999, path))

    assert there.status == 404
    assert show(there) == show(nowhere)
    assert "Vreemd" not in there.body


@pytest.mark.parametrize("number", NOT_A_NUMBER)
def test_a_number_has_one_way_to_be_written(office: Office, number: str) -> None:
    assert office.browser.get(at(number)).status == 404
    assert office.browser.post(at(number, "/orders/ORD1"), BY_HAND).status == 404
    assert is_held(office.world, A)


def test_an_encoded_slash_stays_within_its_part(office: Office) -> None:
    """Neither does a part of an address lead into another shop."""
    for path in (
        f"/orders/..%2F..%2F{B}%2Forders%2FORD1",
        f"/files/..%2F..%2F{B}",
        "/orders/%2e%2e",
    ):
        answer = office.browser.get(at(A, path))
        assert answer.status == 404
        assert "Winkel B" not in answer.body


def test_a_form_of_one_shop_does_nothing_in_another(office: Office) -> None:
    office.take_seat(B, SOLVE)
    page = office.browser.get(at(A, "/orders/ORD1")).body
    assert f'name="{SHOP_FIELD}" value="{A}"' in page

    answer = office.browser.post(at(B, "/orders/ORD1"), {**BY_HAND, SHOP_FIELD: str(A)})

    assert answer.status == 409
    assert "Winkel A" not in answer.body
    assert is_held(office.world, A)
    assert is_held(office.world, B)


def test_a_right_in_one_shop_is_none_in_another(office: Office) -> None:
    assert office.browser.post(at(B, "/orders/ORD1"), BY_HAND).status == 403
    assert office.browser.post(at(B, "/held"), {"hold": "email_missing"}).status == 403
    assert is_held(office.world, B)

    assert office.browser.post(at(A, "/orders/ORD1"), BY_HAND).status == 303
    assert not is_held(office.world, A)


def test_each_shop_shows_its_own_orders(office: Office) -> None:
    with among_orders_of(B):
        file = place(office.world, "B-ALONE")
    wait(office.world, "A-ALONE")

    assert "A-ALONE" in office.browser.get(at(A, "/find"), {"q": "ALONE"}).body
    assert office.browser.get(at(A, "/orders/B-ALONE")).status == 404
    assert office.browser.get(at(A, f"/files/{file.name}")).status == 404
    assert office.browser.get(at(B, f"/files/{file.name}")).status == 200


def test_a_notice_of_one_shop_is_not_shown_in_another(office: Office) -> None:
    """Two tabs: the answer of the first is not followed before a page of the other is opened."""
    office.browser.post(at(A, "/orders/ORD1"), BY_HAND)

    other = office.browser.get(at(B)).body
    own = office.browser.get(at(A)).body

    assert 'role="status"' not in other
    assert 'class="notice good" role="status"' in own
    assert 'role="status"' not in office.browser.get(at(A)).body


def test_a_revoked_seat_is_over_with_the_next_click(office: Office) -> None:
    page = office.browser.get(at(A, "/orders/ORD1"))
    assert page.status == 200
    office.world.shops.remove_seat(A, office.holder)

    posted = office.browser.post(at(A, "/orders/ORD1"), {**BY_HAND, SHOP_FIELD: str(A)})

    assert posted.status == 404
    assert office.browser.get(at(A, "/orders/ORD1")).status == 404
    assert is_held(office.world, A)
    assert "Winkel A" not in posted.body + office.browser.get("/clients").body


def test_a_right_that_was_taken_is_over_with_the_next_click(office: Office) -> None:
    assert 'value="retry"' in office.browser.get(at(A, "/orders/ORD1")).body
    office.take_seat(A)

    assert office.browser.post(at(A, "/orders/ORD1"), BY_HAND).status == 403
    assert 'value="retry"' not in office.browser.get(at(A, "/orders/ORD1")).body
    assert is_held(office.world, A)


@pytest.mark.parametrize(("method", "path"), list_addresses())
def test_a_merchants_session_opens_no_page_for_bookkeepers(
    office: Office, method: str, path: str
) -> None:
    merchant = office.arrive(Browser(office.world), A)

    answer = merchant.send(method, at(A, path))

    assert answer.status == (401 if method == "POST" else 303)
    assert "Winkel A" not in answer.body
    assert is_held(office.world, A)


def test_a_bookkeepers_session_opens_no_page_of_a_merchant(office: Office) -> None:
    for method, path in HANDLERS:
        if path.startswith(f"/{CLIENTS}") or path in ("/health", "/static/{name}"):
            continue
        address = re.sub(r"\{[a-z]+\}", "ORD1", path)
        answer = office.browser.send(method, address)
        assert "Winkel A" not in answer.body, (method, path)
        assert "Winkel B" not in answer.body, (method, path)
    assert is_held(office.world, A)
    assert office.shop(A).state.exports


def test_a_session_of_one_kind_is_none_of_the_other(office: Office) -> None:
    """The cookie's content under the other one's name."""
    merchant = office.arrive(Browser(office.world), A)
    merchants, own = merchant.session_name, office.cookie_name
    forged, turned = Browser(office.world), Browser(office.world)
    forged.cookies[own] = merchant.cookies[merchants]
    turned.cookies[merchants] = office.browser.cookies[own]

    assert forged.get(at(A)).headers["Location"] == SIGN_IN
    assert forged.get("/clients").headers["Location"] == SIGN_IN
    assert turned.get("/").status == 401


def test_a_merchant_who_is_a_bookkeeper_too_is_each_at_his_own_address(office: Office) -> None:
    """In one browser: his own shop by `/`, that of a client under `/clients`."""
    both = office.browser
    office.arrive(both, STRANGE)

    assert "Winkel Vreemd" in both.get("/").body
    assert "Winkel B" in both.get(at(B)).body
    assert both.get(at(STRANGE)).status == 404
    assert both.post(at(B, "/orders/ORD1"), BY_HAND).status == 403
    assert both.post("/orders/ORD1", BY_HAND).status == 303
    assert is_held(office.world, B)
    assert not is_held(office.world, STRANGE)


def test_a_bookkeeper_of_his_own_shop_is_two_persons_in_it(office: Office) -> None:
    """What he does at a client's address is done, and allowed, as a bookkeeper's."""
    both = office.browser
    office.arrive(both, B)

    assert both.post(at(B, "/orders/ORD1"), BY_HAND).status == 403
    assert both.post("/orders/ORD1", BY_HAND).status == 303


def test_a_form_of_a_merchants_page_is_none_of_a_client(office: Office) -> None:
    merchant = office.arrive(Browser(office.world), STRANGE)
    assert f'value="{STRANGE}"' in merchant.get("/orders/ORD1").body

    answer = office.browser.post(at(A, "/orders/ORD1"), {**BY_HAND, SHOP_FIELD: str(STRANGE)})

    assert answer.status == 409
    assert is_held(office.world, A)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
    ],
)
def test_another_site_changes_nothing_in_a_client(
    office: Office, headers: Mapping[str, str]
) -> None:
    answer = office.browser.post(at(A, "/orders/ORD1"), BY_HAND, headers=headers)

    assert answer.status == 403
    assert is_held(office.world, A)


def test_another_bookkeeper_sees_nothing_of_it(office: Office) -> None:
    other = Office(office.world, "ander@kantoor.example")
    other.take_seat(STRANGE)

    assert other.browser.get(at(A)).status == 404
    body = other.browser.get("/clients").body
    assert "Winkel Vreemd" in body
    assert "Winkel A" not in body


def test_a_shop_that_was_uninstalled_is_gone_and_stays_so_when_it_comes_back(
    world: World,
) -> None:
    office = Office(world)
    merchant = office.install(A, "Winkel A")
    office.take_seat(A)
    seat = world.shops.seat(A, office.holder)
    assert seat is not None
    world.clock.advance(minutes=1)
    merchant.uninstall()
    assert office.shop(A).token is None

    assert office.browser.get(at(A)).status == 404
    assert "Winkel A" not in office.browser.get("/clients").body

    world.clock.advance(minutes=5)
    office.install(A, "Winkel A")
    if world.shops.seat(A, office.holder) is None:
        world.shops.put_seat(seat)  # as if it had been forgotten there

    assert office.browser.get(at(A)).status == 404
    assert "Winkel A" not in office.browser.get("/clients").body


def test_a_shop_whose_form_is_not_filled_in_is_no_client(office: Office, world: World) -> None:
    newcomer = SHOP_ID + 50
    office.arrive(Browser(office.world), newcomer)
    office.take_seat(newcomer)

    assert office.browser.get(at(newcomer)).status == 404


def test_pages_of_clients_are_kept_by_nobody(office: Office) -> None:
    for path in ("/clients", at(A), at(A, "/orders/ORD1"), at(STRANGE)):
        assert office.browser.get(path).headers["Cache-Control"] == "no-store"


def test_no_client_is_shown_to_who_is_not_signed_in(office: Office) -> None:
    nobody = Browser(office.world)

    for path in ("/clients", at(A), at(STRANGE), at(999999)):
        answer = nobody.get(path)
        assert answer.status == 303
        assert answer.headers["Location"] == SIGN_IN
    kept, lost = nobody.get(at(A)), nobody.get(at(999999))
    assert kept.headers.keys() == lost.headers.keys()
    for answer in (kept, lost):  # but for the page to come back to, signed
        (line,) = cookies_of(answer)
        assert line.startswith("__Host-wanted=")
    kept, lost = (replace(each, headers=_drop_cookies(each)) for each in (kept, lost))
    assert show(kept) == show(lost)


def test_an_error_page_under_clients_shows_no_merchants_shop(office: Office) -> None:
    """Of a browser with a merchant's session too."""
    both = office.browser
    office.arrive(both, STRANGE)

    for path in (at(A, "/pause"), at(STRANGE), "/clients/a/b/c/d", at("x")):
        answer = both.get(path)
        assert answer.status in (404, 405)
        assert "Winkel Vreemd" not in answer.body
        assert f'href="{PUBLIC_URL}/clients"' in answer.body


def test_head_tells_no_more_than_get(office: Office) -> None:
    for path in (at(A), at(STRANGE), at(999999), "/clients"):
        shown, asked = office.browser.get(path), office.browser.head(path)
        assert (asked.status, asked.headers, asked.body) == (shown.status, shown.headers, "")


def test_what_solving_does_in_one_shop_is_not_done_in_another(office: Office) -> None:
    """Both have an order of that number."""
    office.take_seat(B, SOLVE)

    office.browser.post(at(B, "/held"), {"hold": "email_missing", "action": "by_hand"})

    assert is_held(office.world, A)
    assert not is_held(office.world, B)
    assert state_of(office.world, "ORD1") == "held"
