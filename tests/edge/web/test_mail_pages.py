"""A merchant chooses his mail; whoever has a mail can end it, and nobody can do more with its
links.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.domain.mail_records import (
    MOST_PROPOSED_A_DAY,
    MailChoices,
    MailKind,
    MailProgress,
    Sending,
)
from chalicelib.domain.sealed import SecretKind
from chalicelib.errors import SealBroken, VaultUnavailable
from chalicelib.usecases.connector import Post
from chalicelib.usecases.operating.morning_mail import mail_morning
from chalicelib.usecases.shop.mail_tickets import (
    CONFIRMED_WITHIN,
    Purpose,
    Ticket,
    read_ticket,
    sign_ticket,
)
from chalicelib.web.http.http_messages import Request, Response
from chalicelib.web.pages.dispatch import answer_request
from chalicelib.web.texts.mail_texts import MailWriter
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hold
from tests.fakes.open_vault import look_into
from tests.fakes.post import MemoryMailer
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World
from tools.catalogues import LOCALE

PAGE = "/settings/mail"
NEW = "boekhouder@example.nl"
BOTH = {"mail-digest": "yes", "mail-weekly": "yes"}
ELSEWHERE = {**BOTH, "where": "elsewhere", "address": NEW}


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def browser(world: World, mailer: MemoryMailer) -> Browser:
    """A merchant who is signed in, where mail is sent."""
    writer = MailWriter(public_url=PUBLIC_URL, support="", locale=LOCALE)
    post = Post(mailer=mailer, word=writer.word)
    world.connector = replace(world.connector, post=post)
    browser = Browser(world)
    browser.install()
    return browser


@pytest.fixture
def stranger(world: World) -> Browser:
    """A browser that is not signed in."""
    return Browser(world)


def choices(world: World) -> MailChoices:
    return world.shops.load(SHOP_ID, MailChoices) or MailChoices()


def link_in(text: str, path: str) -> str:
    found = re.search(rf"{re.escape(PUBLIC_URL)}/{path}\?[^\s>]+", text)
    assert found is not None, text
    return found[0]


def visit(browser: Browser, link: str) -> Response:
    parts = urlsplit(link.removeprefix(PUBLIC_URL))
    return browser.get(parts.path, dict(parse_qsl(parts.query)))


def press(world: World, link: str, body: bytes = b"", kind: str = "", **headers: str) -> Response:
    """What a browser without cookies, or a mail program, posts to a link."""
    parts = urlsplit(link.removeprefix(PUBLIC_URL))
    request = Request(
        method="POST",
        route=parts.path,
        query=dict(parse_qsl(parts.query)),
        headers={"content-type": kind or "application/x-www-form-urlencoded", **headers},
        body=body,
    )
    return answer_request(world.connector, request)


def morning_link(world: World, mailer: MemoryMailer) -> str:
    """The link of a mail of the morning."""
    hold(world, "email_missing", "ORD1")
    assert mail_morning(world.connector, SHOP_ID) is Sending.SENT
    return link_in(mailer.last.text, "unsubscribe")


def test_both_mails_go_to_the_shops_contact_until_somebody_chooses(browser: Browser) -> None:
    page = browser.get(PAGE).body
    assert page.count("checked") == 3
    assert re.search(r'id="where-shop"[^>]* checked', page)
    assert "Er is er nog geen verstuurd." in page


def test_what_was_chosen_is_kept_and_said(browser: Browser, world: World) -> None:
    page = browser.follow(browser.post(PAGE, {"mail-weekly": "yes", "where": "shop"})).body
    assert "Uw keuzes voor e-mail zijn opgeslagen" in page
    assert choices(world).wanted == {MailKind.WEEKLY}
    assert [event.note for event in world.shops.audit(SHOP_ID)][-1:] == ["weekly"]


def test_another_address_is_used_once_its_link_was_pressed(
    browser: Browser, stranger: Browser, world: World, mailer: MemoryMailer
) -> None:
    page = browser.follow(browser.post(PAGE, ELSEWHERE)).body
    assert "Er wacht een adres op bevestiging" in page
    [(address, mail)] = mailer.sent
    assert address == NEW
    assert world.shop.mail_address is None
    link = link_in(mail.text, "confirm-address")
    for _ in range(3):  # a program that looks mail through
        assert "Ja, mail mij hier" in visit(stranger, link).body
    assert world.shop.mail_address is None

    assert "Het adres is bevestigd" in press(world, link).body
    assert look_into(world.shop.mail_address) == NEW
    assert [to for to, _ in mailer.sent] == [NEW, "winkelier@de-wilg.example"]
    assert "naar een ander adres" in mailer.last.text
    assert NEW not in mailer.last.text
    assert f'value="{NEW}"' in browser.get(PAGE).body
    assert press(world, link).status == 400, "it is good for one time"


def test_back_to_the_contact_goes_at_once_and_the_own_address_is_mailed(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    browser.post(PAGE, ELSEWHERE)
    press(world, link_in(mailer.last.text, "confirm-address"))
    browser.post(PAGE, {**BOTH, "where": "shop"})
    assert world.shop.mail_address is None
    assert mailer.sent[-1][0] == NEW


@pytest.mark.parametrize("typed", ["", "piet", "a@b, c@d", "a b@c.nl", "x@y.nl\r\nBcc: z@y.nl"])
def test_what_is_no_address_is_said_at_the_field_and_nothing_is_stored(
    browser: Browser, world: World, mailer: MemoryMailer, typed: str
) -> None:
    answer = browser.post(PAGE, {"where": "elsewhere", "address": typed})
    assert answer.status == 400
    assert "<title>Fout: " in answer.body
    assert '<a href="#address">' in answer.body
    assert 'aria-describedby="address-problem"' in answer.body
    assert (mailer.sent, choices(world)) == ([], MailChoices())


def test_addresses_can_be_proposed_a_few_times_a_day(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    for number in range(MOST_PROPOSED_A_DAY):
        assert browser.post(PAGE, {**ELSEWHERE, "address": f"x{number}@y.nl"}).status == 303
    assert "morgen" in browser.post(PAGE, ELSEWHERE).body
    assert len(mailer.sent) == MOST_PROPOSED_A_DAY
    world.clock.advance(days=1)
    browser.arrive()
    assert browser.post(PAGE, ELSEWHERE).status == 303


def test_only_the_last_proposed_address_can_be_confirmed_and_not_for_ever(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    browser.post(PAGE, {**ELSEWHERE, "address": "first@example.nl"})
    first = link_in(mailer.last.text, "confirm-address")
    browser.post(PAGE, ELSEWHERE)
    second = link_in(mailer.last.text, "confirm-address")
    assert press(world, first).status == 400
    world.clock.advance(seconds=(CONFIRMED_WITHIN + timedelta(seconds=1)).total_seconds())
    assert press(world, second).status == 400
    assert world.shop.mail_address is None


def test_a_mail_that_is_not_taken_is_said(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    mailer.is_down = True
    answer = browser.post(PAGE, ELSEWHERE)
    assert answer.status == 400
    assert "kon geen e-mail worden verstuurd" in answer.body


def test_the_last_mail_is_said_to_have_been_refused(browser: Browser, world: World) -> None:
    said = MailProgress(last=Sending.REFUSED, last_at=world.clock())
    world.shops.save(SHOP_ID, said)
    assert "vandaag 15:05. De e-mail is geweigerd" in browser.get(PAGE).body


@pytest.mark.parametrize("error", [VaultUnavailable("no"), SealBroken("no")])
def test_an_address_that_cannot_be_opened_spoils_no_page(
    browser: Browser, world: World, mailer: MemoryMailer, error: Any
) -> None:
    browser.post(PAGE, ELSEWHERE)
    press(world, link_in(mailer.last.text, "confirm-address"))
    world.vault.trouble = error
    page = browser.get(PAGE)
    assert page.status == 200
    assert "is nu niet te lezen" in page.body


def test_following_the_link_of_a_mail_changes_nothing(
    browser: Browser, stranger: Browser, world: World, mailer: MemoryMailer
) -> None:
    link = morning_link(world, mailer)
    page = visit(stranger, link)
    assert "Geen e-mail meer?" in page.body
    assert stranger.head("/unsubscribe", dict(parse_qsl(urlsplit(link).query))).status == 200
    assert choices(world).wanted == set(MailKind)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert stranger.cookies == {}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\nOne-Click\r\n--x--", 'multipart/form-data; boundary="x"'),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_one_click_ends_all_mail_without_signing_in(
    browser: Browser, world: World, mailer: MemoryMailer, body: bytes, kind: str
) -> None:
    """As a mail program does it (RFC 8058), and the page's own button, from another site too."""
    link = morning_link(world, mailer)
    for _ in range(2):
        answer = press(world, link, body, kind, origin="https://mail.example")
        assert answer.status == 200
        assert "U krijgt geen e-mail meer" in answer.body
    assert choices(world).wanted == frozenset()
    assert "Set-Cookie" not in answer.headers


def test_it_can_be_undone_on_the_page_that_says_so(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    link = morning_link(world, mailer)
    browser.post(PAGE, {"mail-digest": "yes", "where": "shop"})
    page = press(world, link).body
    undo = read(page).press("Ongedaan maken: mail mij weer")
    assert undo.fields == {"again": "digest"}
    body = b"again=digest"
    assert "U krijgt weer e-mail" in press(world, undo.action.replace("&amp;", "&"), body).body
    assert choices(world).wanted == {MailKind.DIGEST}
    press(world, link)
    again = read(press(world, link).body).press("Ongedaan maken: mail mij weer")
    press(world, link, f"again={again.fields['again']}".encode())
    assert choices(world).wanted == set(MailKind), "who came twice gets all of it"


def test_a_mail_to_a_former_address_ends_nothing_any_more(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    link = morning_link(world, mailer)
    browser.post(PAGE, ELSEWHERE)
    press(world, link_in(mailer.last.text, "confirm-address"))
    assert press(world, link).status == 400
    assert choices(world).wanted == set(MailKind)


def test_a_ticket_is_good_for_its_own_purpose_and_as_it_was_signed(
    browser: Browser, stranger: Browser, world: World, mailer: MemoryMailer
) -> None:
    link = morning_link(world, mailer)
    ticket = dict(parse_qsl(urlsplit(link).query))["ticket"]
    browser.post(PAGE, ELSEWHERE)
    other = dict(parse_qsl(urlsplit(link_in(mailer.last.text, "confirm-address")).query))["ticket"]
    for path, text in (
        *(("/unsubscribe", each) for each in ("", "x", ticket[:-1], f"{ticket}A", other)),
        *(("/confirm-address", each) for each in ("", ticket, other[1:])),
    ):
        assert stranger.get(path, {"ticket": text}).status == 400
        assert press(world, f"{PUBLIC_URL}{path}?ticket={text}").status == 400
    assert stranger.get("/unsubscribe").status == 400
    assert choices(world).wanted == set(MailKind)
    assert world.shop.mail_address is None


@pytest.mark.parametrize("purpose", Purpose)
def test_a_ticket_is_read_for_the_purpose_it_was_signed_for(world: World, purpose: Purpose) -> None:
    ticket = Ticket(shop_id=SHOP_ID, address="0")
    text = sign_ticket(world.secrets, purpose, ticket)
    found = {each: read_ticket(world.secrets, each, text, now=world.clock()) for each in Purpose}
    assert found == {each: ticket if each is purpose else None for each in Purpose}


def test_links_outlive_a_turned_secret_and_end_when_it_is_retired(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    link = morning_link(world, mailer)
    former = world.secrets.prints
    world.secrets.prints = ("another-print-secret-of-32-characters", *former)
    assert press(world, link).status == 200
    world.secrets.prints = world.secrets.prints[:1]
    assert press(world, link).status == 400


def test_a_shop_that_left_keeps_no_address_and_its_links_are_worthless(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    link = morning_link(world, mailer)
    browser.post(PAGE, ELSEWHERE)
    press(world, link_in(mailer.last.text, "confirm-address"))
    browser.uninstall()
    assert world.shop.mail_address is None
    assert world.shops.load(SHOP_ID, MailChoices) is None
    assert press(world, link).status == 400


def test_where_no_mail_is_sent_none_is_offered(world: World) -> None:
    browser = Browser(world)
    browser.install()
    assert "Hier wordt geen e-mail verstuurd" in browser.get(PAGE).body
    for path in ("/unsubscribe", "/confirm-address"):
        assert browser.get(path).status == 404
    assert browser.post(PAGE, ELSEWHERE).status == 404


def test_the_choices_want_a_merchant_who_is_signed_in(
    browser: Browser, stranger: Browser, world: World
) -> None:
    assert stranger.get(PAGE).status == 401
    assert stranger.post(PAGE, ELSEWHERE).status == 401
    assert browser.post(PAGE, ELSEWHERE, headers={"origin": "https://other.example"}).status == 403
    assert choices(world) == MailChoices()


def test_no_address_is_kept_in_the_open(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    browser.post(PAGE, ELSEWHERE)
    proposed = choices(world).proposed
    assert proposed is not None
    press(world, link_in(mailer.last.text, "confirm-address"))
    for sealed in (proposed, world.shop.mail_address):
        assert sealed is not None
        assert NEW not in (sealed.shown + sealed.mark)
    assert NEW not in repr(choices(world)) + repr(world.shop) + repr(world.shops.audit(SHOP_ID))
    assert SecretKind.MAIL_ADDRESS in world.vault.opened
