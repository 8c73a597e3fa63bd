"""A bookkeeper signs in by mail, and nobody else does; who has a seat, nobody learns."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chalicelib.domain.seat_records import MOST_MAILS_AN_HOUR
from chalicelib.domain.seats import SeatRight
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.seals import renew_seals
from chalicelib.usecases.shop.sign_in_links import NOBODY, SIGN_IN_WITHIN
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.session_cookies import SessionCookies
from tests.fakes.interrupting import act_before_write
from tests.fakes.mailbox import Mailbox, open_link, press_button, split_link
from tests.fakes.office import ADDRESS, OTHER, Office
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, cookies_of

STRANGER = "niemand@kantoor.example"
NEW_SECRET = "another-print-secret-of-32-characters"
LONG = {name: random.Random(name).randbytes(900).hex() for name in ("a", "b")}


@pytest.fixture
def office(world: World, mailbox: Mailbox) -> Office:
    office = Office(world)
    office.install(SHOP_ID)
    office.take_seat(SHOP_ID)
    office.browser.cookies.clear()
    return office


def ask(browser: Browser, address: str = ADDRESS, **headers: str) -> Response:
    given = {"headers": headers} if headers else {}
    return browser.post("/clients/sign-in", {"address": address}, **given)


def sign_in(browser: Browser, mailbox: Mailbox) -> Response:
    assert ask(browser).status == 200
    return press_button(browser, mailbox.find_link(ADDRESS))


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/clients").status == 200


def test_a_bookkeeper_signs_in_by_mail(office: Office, mailbox: Mailbox) -> None:
    browser = office.browser
    assert browser.get("/clients").status == 303  # to where one signs in
    assert 'name="address"' in browser.get("/clients/sign-in").body
    said = ask(browser, f"  {ADDRESS.title()} ")
    assert "Kijk in uw mailbox" in said.body
    ((to, mail),) = mailbox.sent
    assert to == ADDRESS
    assert "Kaasboerderij" not in mail.text + mail.subject
    link = mailbox.find_link(ADDRESS)
    assert open_link(browser, link).status == 200

    answer = press_button(browser, link)

    assert answer.status == 303
    assert answer.headers["Location"] == f"{PUBLIC_URL}/clients"
    assert is_signed_in(browser)
    assert browser.get(f"/clients/{SHOP_ID}").status == 200
    assert browser.get("/clients/sign-in").status == 303


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        (f"/clients/{SHOP_ID}", {}, f"/clients/{SHOP_ID}"),
        (f"/clients/{SHOP_ID}/vat", {"year": "2026"}, f"/clients/{SHOP_ID}/vat?year=2026"),
        (f"/clients/{SHOP_ID}/orders/A%2F1%3Fb", {}, f"/clients/{SHOP_ID}/orders/A%2F1%3Fb"),
        ("/clients/%2F%2Fevil.example", {}, "/clients/%2F%2Fevil.example"),
        ("/clients/@evil.example/vat", {"to": "//e"}, "/clients/%40evil.example/vat?to=%2F%2Fe"),
        (f"/clients/{SHOP_ID}/vat", LONG, "/clients"),
        ("/clients", {"page": "2"}, "/clients"),
    ],
)
def test_who_signs_in_is_led_to_the_page_that_he_asked_for(
    office: Office, mailbox: Mailbox, path: str, query: dict[str, str], target: str
) -> None:
    assert office.browser.get(path, query).status == 303

    answer = sign_in(office.browser, mailbox)

    assert answer.headers["Location"] == f"{PUBLIC_URL}{target}"
    again = sign_in(office.browser, mailbox)
    assert again.headers["Location"] == f"{PUBLIC_URL}/clients", "once"


@pytest.mark.parametrize("wrong", ["forged", "of another use", "too old"])
def test_nobody_is_led_to_what_no_page_of_ours_kept(
    world: World, office: Office, mailbox: Mailbox, wrong: str
) -> None:
    browser = office.browser
    browser.get(f"/clients/{SHOP_ID}")
    name = next(name for name in browser.cookies if "wanted" in name)
    sessions = SessionCookies(world.connector.settings, world.secrets, world.clock)
    if wrong == "forged":
        browser.cookies[name] = f"x{browser.cookies[name]}"
    elif wrong == "of another use":
        browser.cookies[name] = sessions.sign("notice", [["clients", str(SHOP_ID)], {}])
    else:
        world.clock.advance(minutes=31)

    answer = sign_in(browser, mailbox)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/clients"


def test_nobody_learns_who_has_a_seat(world: World, office: Office, mailbox: Mailbox) -> None:
    """The same answer for the same work: reads, writes, and a mail that is handed over."""
    calls = _count_calls(world)
    answers, works = [], []
    for address in (ADDRESS, STRANGER):
        calls.clear()
        answers.append(ask(Browser(world), address))
        works.append([*calls])
    known, unknown = answers
    assert known.status == unknown.status == 200
    assert known.body.replace(ADDRESS, "-") == unknown.body.replace(STRANGER, "-")
    assert known.headers == unknown.headers
    assert works[0] == works[1] == ["change", "has_seat"]
    assert [to for to, _ in mailbox.sent] == [ADDRESS, NOBODY]
    lengths = [len(mail.text) for _, mail in mailbox.sent]
    assert abs(lengths[0] - lengths[1]) < 20


def test_a_mail_service_that_fails_tells_nothing(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    mailbox.is_down = True
    known, unknown = (ask(Browser(world), address) for address in (ADDRESS, STRANGER))
    assert known.status == unknown.status == 200
    assert known.body.replace(ADDRESS, "-") == unknown.body.replace(STRANGER, "-")


def test_a_flood_of_mails_is_stopped_and_says_nothing(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    for address in (ADDRESS, STRANGER):
        answers = [ask(Browser(world), address) for _ in range(MOST_MAILS_AN_HOUR + 3)]
        assert len({answer.body for answer in answers}) == 1
    assert len(mailbox.list_for(ADDRESS)) == len(mailbox.list_for(NOBODY)) == MOST_MAILS_AN_HOUR
    assert ADDRESS not in str(world.shops.kept)
    assert STRANGER not in str(world.shops.kept)
    ask(Browser(world), ADDRESS.upper())
    assert len(mailbox.list_for(ADDRESS)) == MOST_MAILS_AN_HOUR, "the same address"
    world.clock.advance(hours=1)
    ask(Browser(world))
    assert len(mailbox.list_for(ADDRESS)) == MOST_MAILS_AN_HOUR + 1


@pytest.mark.parametrize(
    "typed", ["", "x", f"{ADDRESS}\nBcc: {STRANGER}", "boek\u212aouder@kantoor.example", "<b@k.nl>"]
)
def test_what_is_no_address_is_said(
    world: World, office: Office, mailbox: Mailbox, typed: str
) -> None:
    said = ask(Browser(world), typed)
    assert said.status == 400
    assert "<title>Fout: " in said.body
    assert mailbox.sent == []
    assert "\nBcc" not in str(said.headers)


def test_letters_that_look_alike_are_another_address(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    assert ask(Browser(world), ADDRESS.replace("o", "о")).status == 400
    assert ask(Browser(world), ADDRESS.replace("o", "0")).status == 200
    assert mailbox.list_for(ADDRESS) == []


def test_a_link_signs_in_once(world: World, office: Office, mailbox: Mailbox) -> None:
    assert sign_in(office.browser, mailbox).status == 303
    link, thief = mailbox.find_link(ADDRESS), Browser(world)
    for answer in (open_link(thief, link), press_button(thief, link)):
        assert answer.status == 400
        assert "niet meer geldig" in answer.body
    assert not is_signed_in(thief)


def test_opening_a_link_uses_nothing_up(world: World, office: Office, mailbox: Mailbox) -> None:
    ask(office.browser)
    path, query = split_link(mailbox.find_link(ADDRESS))
    scanner = Browser(world)
    for _ in range(3):
        assert scanner.get(path, query, sec_purpose="prefetch;prerender").status == 200
        assert scanner.head(path, query).status == 200
    assert scanner.cookies == {}
    assert press_button(office.browser, mailbox.find_link(ADDRESS)).status == 303


def test_a_link_lasts_a_quarter_of_an_hour(world: World, office: Office, mailbox: Mailbox) -> None:
    ask(office.browser)
    world.clock.now += SIGN_IN_WITHIN
    assert open_link(office.browser, mailbox.find_link(ADDRESS)).status == 200
    world.clock.advance(seconds=1)
    assert press_button(office.browser, mailbox.find_link(ADDRESS)).status == 400


def test_of_two_presses_at_once_one_signs_in(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    """The second press comes when the first is about to use the link up."""
    ask(office.browser)
    link = mailbox.find_link(ADDRESS)
    second = act_before_write(world, "change", lambda: press_button(Browser(world), link).status)
    assert press_button(Browser(world), link).status == 400
    assert second == [303]


@pytest.mark.parametrize("change", ["cut", "turned", "empty", "other"])
def test_a_link_that_was_changed_is_worth_nothing(
    world: World, office: Office, mailbox: Mailbox, change: str
) -> None:
    ask(office.browser)
    path, query = split_link(mailbox.find_link(ADDRESS))
    ticket = query["ticket"]
    wrong = {
        "cut": ticket[:-3],
        "turned": ticket[::-1],
        "empty": "",
        "other": "WzEsMl0." + ticket.partition(".")[2],
    }[change]
    assert office.browser.get(path, {"ticket": wrong}).status in (400, 404)
    assert office.browser.post(path, query={"ticket": wrong}).status in (400, 404)


def test_another_site_can_neither_ask_nor_enter_nor_sign_out(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    sign_in(office.browser, mailbox)
    ask(office.browser)
    link, before = mailbox.find_link(ADDRESS), len(mailbox.sent)
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ):
        assert ask(office.browser, **headers).status == 403
        assert press_button(Browser(world), link, headers=headers).status == 403
        assert office.browser.post("/clients/sign-out", headers=headers).status == 403
    assert len(mailbox.sent) == before
    assert is_signed_in(office.browser)
    assert press_button(Browser(world), link).status == 303, "not used up"


def test_a_session_gets_a_name_of_its_own(world: World, office: Office, mailbox: Mailbox) -> None:
    """A cookie that somebody planted does not become the bookkeeper's."""
    sign_in(office.browser, mailbox)
    planted = office.browser.cookies[office.cookie_name]
    victim = Browser(world)
    victim.cookies[office.cookie_name] = planted
    world.clock.advance(seconds=1)
    sign_in(victim, mailbox)
    assert victim.cookies[office.cookie_name] != planted


def test_signing_out_ends_the_session_for_whoever_has_its_cookie(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    sign_in(office.browser, mailbox)
    thief, phone = Browser(world), Browser(world)
    sign_in(phone, mailbox)
    thief.cookies.update(office.browser.cookies)

    said = office.browser.follow(office.browser.post("/clients/sign-out"))

    assert "U bent afgemeld" in said.body
    assert not is_signed_in(office.browser)
    assert not is_signed_in(thief)
    assert is_signed_in(phone)
    assert office.browser.post("/clients/sign-out").status == 303, "twice is harmless"
    phone.post("/clients/sign-out", {"everywhere": "yes"})
    assert not is_signed_in(phone)


def test_signing_out_everywhere_ends_every_session_of_this_bookkeeper(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    other = Office(world, STRANGER)
    other.take_seat(SHOP_ID)
    phone = Browser(world)
    for browser in (office.browser, phone):
        sign_in(browser, mailbox)
    office.browser.post("/clients/sign-out", {"everywhere": "yes"})
    assert not is_signed_in(phone)
    assert is_signed_in(other.browser)
    world.clock.advance(seconds=1)
    sign_in(phone, mailbox)
    assert is_signed_in(phone)


def test_a_session_ends_when_it_is_idle_and_after_twelve_hours(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    sign_in(office.browser, mailbox)
    world.clock.advance(minutes=30)
    assert is_signed_in(office.browser)
    world.clock.advance(minutes=31)
    assert not is_signed_in(office.browser)
    sign_in(office.browser, mailbox)
    for _ in range(24):
        world.clock.advance(minutes=29)
        assert is_signed_in(office.browser)
    world.clock.advance(minutes=29)
    assert not is_signed_in(office.browser)


def test_both_are_signed_in_in_one_browser(world: World, office: Office, mailbox: Mailbox) -> None:
    browser = office.browser
    sign_in(browser, mailbox)
    world.clock.advance(seconds=1)
    browser.arrive()
    assert browser.get("/").status == 200
    assert is_signed_in(browser)
    browser.post("/clients/sign-out")
    assert browser.get("/").status == 200
    assert not is_signed_in(browser)
    sign_in(browser, mailbox)
    browser.post("/sign-out")
    assert browser.get("/").status == 401
    assert is_signed_in(browser)


def test_the_cookie_is_the_hosts_own_and_says_nothing(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    (line,) = cookies_of(sign_in(office.browser, mailbox))
    assert line.startswith("__Host-bookkeeper=")
    for part in ("Path=/;", "Max-Age=43200", "HttpOnly", "SameSite=Lax", "Secure"):
        assert part in line
    assert ADDRESS not in line
    assert "Domain" not in line


def test_a_link_is_good_after_the_secrets_were_turned(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    ask(office.browser)
    world.secrets.prints = (NEW_SECRET, *world.secrets.prints)
    assert press_button(office.browser, mailbox.find_link(ADDRESS)).status == 303
    assert office.browser.get(f"/clients/{SHOP_ID}").status == 200
    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.holder != office.holder, "found by the present secret from now on"


def test_seats_under_the_former_secret_are_found_and_become_those_of_the_present_one(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    office.install(OTHER, "Andere winkel")
    office.take_seat(OTHER, SeatRight.SOLVE)
    world.secrets.prints = (NEW_SECRET, *world.secrets.prints)
    sign_in(office.browser, mailbox)
    assert {seat.holder for seat in world.shops.taken.values()} != {office.holder}
    assert len({seat.holder for seat in world.shops.taken.values()}) == 1
    world.secrets.prints = (NEW_SECRET,)
    for shop_id in (SHOP_ID, OTHER):
        assert office.browser.get(f"/clients/{shop_id}").status == 200
    assert sign_in(office.browser, mailbox).status == 303


def test_the_night_renames_the_seats_of_whoever_did_not_sign_in(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    world.secrets.prints = (NEW_SECRET, *world.secrets.prints)
    renew_seals(open_workspace(world.connector, SHOP_ID))
    world.secrets.prints = (NEW_SECRET,)
    sign_in(office.browser, mailbox)
    assert office.browser.get(f"/clients/{SHOP_ID}").status == 200


def test_a_revoked_bookkeeper_gets_no_mail_and_no_page(
    world: World, office: Office, mailbox: Mailbox
) -> None:
    sign_in(office.browser, mailbox)
    world.shops.remove_seat(SHOP_ID, office.holder)
    ask(Browser(world))
    assert len(mailbox.list_for(ADDRESS)) == 1
    assert office.browser.get(f"/clients/{SHOP_ID}").status == 404


def test_pages_keep_their_language(office: Office, mailbox: Mailbox) -> None:
    said = office.browser.post("/clients/sign-in", {"address": ADDRESS}, query={"language": "en"})
    assert "Look in your mailbox" in said.body
    assert "Sign in within 15 minutes" in mailbox.list_for(ADDRESS)[-1]
    assert "language=en" in mailbox.find_link(ADDRESS)


def _count_calls(world: World) -> list[str]:
    """The names of the calls of the shops table, as they come."""
    calls: list[str] = []

    class Counted:
        def __getattr__(self, name: str) -> Any:
            called = getattr(world.shops, name)

            def count(*args: Any, **kwargs: Any) -> Any:
                calls.append(name)
                return called(*args, **kwargs)

            return count

    connector: Any = world.connector
    assert isinstance(connector, Connector)
    object.__setattr__(world.connector, "shops", Counted())
    return calls
