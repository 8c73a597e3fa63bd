"""A bookkeeper's morning: twelve shops, two of them in trouble."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.stack.deeds import order, send
from tests.stack.test_licence_codes import mails
from tests.stack.world import World, remove
from tools.played_day import Day

SHOPS, QUIET = 12, 9
"""How many there are, and in how many of them nothing ever happens."""

ADDRESS = "boekhouder@kantoor.example"
CHOSEN = ("right-solve", "right-lock")


@pytest.fixture
def shops(world: World) -> Iterator[list[Day]]:
    """Three shops that are installed; gone when the test ends."""
    days = [world.day() for _ in range(SHOPS - QUIET)]
    with ThreadPoolExecutor() as pool:
        [*pool.map(Day.install, days)]
    yield days
    for day in days:
        remove(day)


@contextmanager
def beside(day: Day, count: int) -> Iterator[None]:
    """So many shops that stand as that one does, with the seats in it, and in which nothing
    happens: its items once more, under other numbers.
    """
    table, client = day.stack.tables["shops"], day.client("dynamodb")
    found = client.query(
        TableName=table,
        KeyConditionExpression="shop_id = :shop",
        ExpressionAttributeValues={":shop": {"N": str(day.shop_id)}},
    )["Items"]
    kept = [item for item in found if re.match(r"shop$|seat#", item["part"]["S"])]
    numbers = [900_000 + n for n in range(count)]
    copies = [{**item, "shop_id": {"N": str(number)}} for item in kept for number in numbers]
    for item in copies:
        titled = {"title": {"S": f"Winkel {item['shop_id']['N']}"}} if "title" in item else {}
        client.put_item(TableName=table, Item={**item, **titled})
    try:
        yield
    finally:
        for item in copies:
            client.delete_item(
                TableName=table, Key={each: item[each] for each in ("shop_id", "part")}
            )


def test_a_bookkeeper_sees_which_of_twelve_shops_need_attention(
    shops: list[Day], visit: Callable[..., Visit]
) -> None:
    held, refused, quiet = shops
    merchant, visitor = visit("desk"), visit("desk", "phone")
    get_into_trouble(held, refused)

    invite(merchant, held)
    accept(visitor.page, read_link(held, "invitation"))
    for day in (refused, quiet):
        seat(day)
    with beside(quiet, QUIET):
        sign_in(visitor, held)
        see_the_two_on_top(visitor, held, refused)
        solve_a_hold(visitor, held)
        be_refused(visitor, refused)
        open_the_vat_sheet(visitor, quiet)
        revoke(merchant, held)
        lose_a_client(visitor, held)


def get_into_trouble(held: Day, refused: Day) -> None:
    """In one shop an order without a usable address; the inbox of the other takes nothing."""
    held.scenario("geen-email", paid=True)
    order(refused)
    refused.asperion("POST", "faults", {"kind": "403", "licence": refused.licence, "count": 99})
    held.webhooks_delivered()
    for day in (held, refused):
        send(day, {"shop_id": day.shop_id, "run": "test"})
    held.queue_empty()


def invite(merchant: Visit, day: Day) -> None:
    """On the page, with the rights to solve and to close periods."""
    page = merchant.page
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/seats")
    page.get_by_label("E-mailadres van uw boekhouder").fill(ADDRESS)
    for right in CHOSEN:
        page.locator(f"form:has(#address) [name={right}]").check()
    page.get_by_role("button", name="Uitnodiging versturen").click()
    expect(page.get_by_role("status")).to_be_visible()


def read_link(day: Day, kind: str) -> str:
    """The link of that kind in the newest mail to the bookkeeper that has one; of an invitation, in
    the one that names this shop.
    """
    named = f"Winkel {day.shop_id}" if kind == "invitation" else ""
    texts = [str(mail) for mail in mails(day) if ADDRESS in str(mail) and named in str(mail)]
    found = [
        link
        for text in texts
        for link in re.findall(rf"https?://[^\s\"'<>\\]*/clients/{kind}\?[^\s\"'<>\\]*", text)
    ]
    return unescape(found[-1])


def accept(page: Page, link: str) -> None:
    """By the button on the page behind the link."""
    page.goto(link)
    page.get_by_role("button", name="Uitnodiging aannemen").click()


def seat(day: Day) -> None:
    """A seat without rights, invited and accepted as browsers do it."""
    fields = {"action": "invite", "address": ADDRESS}
    page = day.browser.post(f"{day.stack.api_url}/seats", data=fields, timeout=60)
    assert page.status_code == 200, page.text
    accepted = requests.post(read_link(day, "invitation"), timeout=60)
    assert accepted.status_code == 200, accepted.text


def sign_in(visitor: Visit, day: Day) -> None:
    """Signed out, and in again by a mailed link."""
    page = visitor.page
    page.get_by_role("button", name="Afmelden").click()
    page.goto(f"{day.stack.api_url}/clients")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aanmelden als boekhouder")
    page.get_by_label("Uw e-mailadres").fill(ADDRESS)
    page.get_by_role("button", name="Mail mij een link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mailbox")
    page.goto(read_link(day, "enter"))
    page.get_by_role("button", name="Aanmelden").click()


def see_the_two_on_top(visitor: Visit, held: Day, refused: Day) -> None:
    """Counted in the heading, the worse one first."""
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("2 van 12 webwinkels vragen aandacht")
    titles = page.get_by_role("heading", level=3)
    expect(titles).to_have_count(2)
    expect(page.get_by_role("row")).to_have_count(SHOPS - 2 + 1)
    expect(titles.nth(0)).to_have_text(f"Winkel {refused.shop_id}")
    expect(titles.nth(1)).to_have_text(f"Winkel {held.shop_id}")
    expect(page.get_by_text("Asperion neemt de bestanden niet aan")).to_be_visible()
    visitor.examine("91-clients")


def solve_a_hold(visitor: Visit, day: Day) -> None:
    """With the right to: by hand."""
    page = visitor.page
    page.get_by_role("link", name=f"Winkel {day.shop_id}", exact=True).click()
    granted = "U mag alles bekijken, en vastgehouden en gewijzigde bestellingen afhandelen."
    expect(page.get_by_text(granted)).to_be_visible()
    visitor.check_accessibility("92-client")
    page.locator(".papers a.number").first.click()
    page.get_by_text("Al zelf in Asperion geboekt of rechtgezet?").click()
    page.get_by_role("button", name="Afgehandeld").click()
    expect(page.get_by_text("Uw boekhouder heeft dit zelf verwerkt")).to_be_visible()


def be_refused(visitor: Visit, day: Day) -> None:
    """Without the right: no button is there, and a form that is sent all the same is refused."""
    page = visitor.page
    page.get_by_role("link", name="Al uw klanten").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 van 12 webwinkels vraagt aandacht")
    page.get_by_role("link", name=f"Winkel {day.shop_id}", exact=True).click()
    expect(page.get_by_text("U mag alles bekijken.", exact=False).first).to_be_visible()
    expect(page.locator("main form[method=post]")).to_have_count(0)
    answer = page.request.post(
        f"{page.url}/held",
        form={"hold": "email_missing", "action": "by_hand"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status == 403


def open_the_vat_sheet(visitor: Visit, day: Day) -> None:
    """One click from the list."""
    page = visitor.page
    page.get_by_role("link", name="Al uw klanten").first.click()
    row = page.get_by_role("row", name=f"Winkel {day.shop_id}")
    row.get_by_role("link", name="kwartaal").first.click()
    expect(page.get_by_text(f"Winkel {day.shop_id}").first).to_be_visible()
    assert f"/clients/{day.shop_id}/vat" in page.url


def revoke(merchant: Visit, day: Day) -> None:
    """The merchant takes the seat away."""
    page = merchant.page
    page.goto(f"{day.stack.api_url}/seats")
    page.get_by_text("Toegang intrekken").first.click()
    page.get_by_role("button", name="Ja, trek de toegang in").click()
    expect(page.get_by_text("Er heeft nog geen boekhouder toegang.").first).to_be_visible()


def lose_a_client(visitor: Visit, day: Day) -> None:
    """Gone with the next click, which a console shows too, and from the list."""
    page, before = visitor.page, len(visitor.complaints)
    answer = page.goto(f"{day.stack.api_url}/clients/{day.shop_id}")
    assert answer is not None
    assert answer.status == 404
    page.get_by_role("link", name="Al uw klanten").last.click()
    expect(page.get_by_text(f"Winkel {day.shop_id}")).to_have_count(0)
    expect(page.get_by_text("Winkel ")).not_to_have_count(0)
    visitor.complaints[before:] = [one for one in visitor.complaints[before:] if "404" not in one]
