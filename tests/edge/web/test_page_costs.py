"""What a page costs: at most two queries of our tables, and at most one call of SEOshop. Reads by
key are no queries. A new page joins `PAGES`; one that cannot do with so little says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import FileState
from chalicelib.domain.mail_records import MailChoices
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.open_records import JoinedLists
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shop_records import SharedAddresses, Trouble
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import Verdict
from chalicelib.domain.vat_numbers import VatNumber, name_number
from chalicelib.domain.ways import Way
from chalicelib.usecases.connector import Post
from chalicelib.usecases.filing.noting_months import note_months
from chalicelib.usecases.shop.mail_tickets import Purpose, Ticket, sign_ticket
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.routes import HANDLERS
from chalicelib.web.pages.install_steps import Step
from chalicelib.web.pages.leave_page import Table
from chalicelib.web.texts.mail_texts import MailWriter
from chalicelib.web.texts.settings_subjects import SubjectName
from tests.edge.web.markup import read_text
from tests.edge.web.stored_orders import hint, hold, place, report, state, wait
from tests.fakes.journals import closed_day, make_journal, store_journal
from tests.fakes.office import Office, among_orders_of
from tests.fakes.open_vault import seal
from tests.fakes.post import MemoryMailer
from tests.fakes.web import OURS, PUBLIC_URL, SHOP_ID, Browser, World
from tests.tables.conftest import tables_at
from tests.tables.returns import RETURNS
from tests.tables.test_calls import counted
from tools.catalogues import LOCALE

pytestmark = pytest.mark.slow  # every page on moto

MOST = 2
QUERIES = ("Query", "Scan")
DAY = "2026-11-23"
FILE = "axml-orders-20261123-184520-001.xml"

NOVEMBER, BOOKED_ON = date(2026, 11, 1), date(2026, 11, 25)
BOOKED = replace(
    RETURNS,
    days=tuple(replace(each, day=BOOKED_ON) for each in RETURNS.days),
    payments=tuple(replace(each, day=BOOKED_ON) for each in RETURNS.payments),
    eu_supplies=tuple(replace(each, month=NOVEMBER) for each in RETURNS.eu_supplies),
)
"""What the file that was placed adds up to, dated on the day of the test."""

TODAY, FORMER = "2026-11-25", "2026-11-19"
"""A day whose statement may still change, and one whose statement an earlier version drew up."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "/": ("/",),
    "/install": ("/install",),
    "/install/{step}": tuple(f"/install/{step.value}" for step in Step),
    "/switch": ("/switch",),
    "/sign-out": ("/sign-out",),
    "/settings": ("/settings",),
    "/settings/history": ("/settings/history",),
    "/settings/mail": ("/settings/mail",),
    "/settings/{subject}": tuple(f"/settings/{each.value}" for each in SubjectName),
    "/unsubscribe": ("/unsubscribe?ticket=UNSUBSCRIBE",),
    "/confirm-address": ("/confirm-address?ticket=CONFIRM",),
    "/seats": ("/seats",),
    "/clients/invitation": ("/clients/invitation?proof=404",),
    "/clients/sign-in": ("/clients/sign-in",),
    "/clients/enter": ("/clients/enter?ticket=404",),
    "/clients/sign-out": ("/clients/sign-out",),
    "/licence": ("/licence",),
    "/connect": ("/connect",),
    "/connect/callback": ("/connect/callback", "/connect/callback?state=x&code=y"),
    "/connect/administration": ("/connect/administration",),
    "/connect/proposal": ("/connect/proposal",),
    "/connect/try": ("/connect/try", "/connect/try?what=newest"),
    "/connect/done": ("/connect/done",),
    "/connect/off": ("/connect/off",),
    "/orders/{number}": ("/orders/ORD1", "/orders/ORD7", "/orders/ORD9", "/orders/ORD404"),
    "/orders/{number}/invoice": ("/orders/ORD7/invoice", "/orders/ORD404/invoice"),
    "/try-out": ("/try-out", "/try-out?numbers=ORD7", "/try-out?what=newest"),
    "/files": ("/files",),
    "/find": ("/find", "/find?q=ORD", "/find?q=ORD1", "/find?q=404", "/find?q=22-11-2026"),
    "/files/{name}": (f"/files/{FILE}", f"/files/{FILE.replace('001', '404')}"),
    "/days/{day}/totals.csv": (f"/days/{DAY}/totals.csv",),
    "/days/{day}": (f"/days/{DAY}", f"/days/{TODAY}", f"/days/{FORMER}", "/days/2404-01-01"),
    "/vat": ("/vat", "/vat?period=2026-Q4", "/vat?period=2026-404"),
    "/vat/sheet.csv": ("/vat/sheet.csv?period=2026-Q4",),
    "/vat/sheet.xlsx": ("/vat/sheet.xlsx?period=2026-11",),
    "/vat/oss": ("/vat/oss", "/vat/oss?period=2026-Q4"),
    "/vat/oss.csv": ("/vat/oss.csv?period=2026-Q4",),
    "/vat/payments": ("/vat/payments", "/vat/payments?period=2026-Q4"),
    "/vat/payments.csv": ("/vat/payments.csv?period=2026-Q4",),
    "/journal": ("/journal", "/journal?before=40"),
    "/journal/download": ("/journal/download", "/journal/download?from=40"),
    "/verify": ("/verify",),
    "/vat/icp": ("/vat/icp", "/vat/icp?period=2026-Q4", "/vat/icp?period=2026-404"),
    "/vat/icp.csv": ("/vat/icp.csv?period=2026-Q4",),
    "/vat/icp.xlsx": ("/vat/icp.xlsx?period=2026-Q4",),
    "/migration": ("/migration",),
    "/leave": ("/leave",),
    "/lock": ("/lock", "/lock?until=2026-10-31"),
    "/leave/{table}": tuple(f"/leave/{each.value}" for each in Table),
    "/static/{name}": ("/static/pages.css",),
    "/help": ("/help", "/help?q=btw"),
    "/help/{chapter}": ("/help/questions",),
    "/health": ("/health",),
}
"""The addresses that a merchant may open, by route, in a shop where everything is going on."""

ASK_THE_SHOP = (
    *("/try-out?numbers=ORD7", "/try-out?what=newest", "/orders/ORD404/invoice"),
    "/connect/try?what=newest",
)
"""Pages that try orders out: they call the shop for each, within bounds of their own."""

READ_WHAT_IS_OPEN = ("/vat", "/vat/sheet.csv", "/vat/sheet.xlsx")
"""Pages that say how much money is open in a period: a few orders are read one by one, more by
lists.
"""

APART = {
    "/cancel": "SEOshop calls it, and it cancels",
    "/uninstall": "SEOshop calls it, and it takes leave of a shop",
    "/clients": "it reads every shop of a bookkeeper, since the worst is to be on top",
    "/files/{name}/download": "it rebuilds a file: a call for each order",
}


def test_every_page_is_here() -> None:
    pages = {pattern for method, pattern in HANDLERS if method == "GET"}
    assert pages == {*PAGES, *APART}
    assert not PAGES.keys() & APART.keys()


@pytest.fixture(scope="module")
def desk() -> Iterator[Browser]:
    """A merchant who is signed in; the shop, in tables of moto, has something of everything."""
    with tables_at("moto") as tables:
        yield fill_shop(tables)


def fill_shop(tables: Tables) -> Browser:
    """The browser of a merchant in whose shop something of everything is going on."""
    world: Any = World()
    world.shops, world.entries, world.files = tables.shops, tables.entries, tables.files
    writer = MailWriter(public_url=PUBLIC_URL, support="", locale=LOCALE)
    world.connector = replace(
        world.connector,
        shops=tables.shops,
        entries=tables.entries,
        files=tables.files,
        post=Post(mailer=MemoryMailer(), word=writer.word),
    )
    browser = Browser(world)
    browser.install()
    hold(world, "email_missing", "ORD1", "ORD2")
    hold(world, "country_missing", "ORD3")
    wait(world, "ORD4", "ORD5")
    world.clock.advance(hours=37)
    report(world, LateChange.EDITED, "ORD6")
    file = place(world, "ORD7", "ORD8", cover=closed_day(BOOKED_ON).cover, returns=BOOKED)
    note_months(open_workspace(world.connector, SHOP_ID), file.name, [BOOKED_ON])
    number = VatNumber(
        mark=BOOKED.eu_supplies[0].number,
        country="EL",
        sealed_number=seal("EL123456789", SecretKind.VAT_NUMBER),
        kept_until=date(2033, 12, 31),
    )
    tables.shops.change(SHOP_ID, VatNumber, lambda _: number, name_number(number.mark))
    unknown = place(world, "ORD9", state=FileState.UNKNOWN)
    for n in range(9):
        day = (world.clock() - timedelta(days=n)).date().isoformat()
        former = {"unfiled": None} if day == FORMER else {}
        facts = {"placed": 2, "files": {file.name: 2}, "unfinished": (unknown.name,), **former}
        state(world, day, Verdict.RIGHT, **facts)
    store_journal(tables.shops, make_journal(150, first=date(2026, 6, 1)))
    shown = {"a" * 32: (hint("ORD4").key, hint("ORD5").key)}
    tables.shops.save(SHOP_ID, SharedAddresses(reported=("a" * 32,), shown=shown))
    tables.shops.save(SHOP_ID, Trouble(cause=TroubleCause.INBOX_REFUSED, since=world.clock()))
    assert tables.entries.join_lists(SHOP_ID) == 0
    tables.shops.save(SHOP_ID, JoinedLists(at=world.clock()))
    when = world.clock()
    migration = Migration(
        state=MigrationState.RUNNING,
        first=when - timedelta(days=30),
        last=when,
        at=when,
        started_at=when - timedelta(days=2),
        taken=3,
        orders=9,
        after_id=10**12,
    )
    tables.shops.save(SHOP_ID, migration)
    address = seal("boekhouder@example.nl", SecretKind.MAIL_ADDRESS)
    tables.shops.save(SHOP_ID, MailChoices(proposed=address))
    browser.arrive()
    return browser


@pytest.mark.parametrize("page", [*chain.from_iterable(PAGES.values())])
def test_a_page_costs_two_queries_at_most(desk: Browser, page: str) -> None:
    reads_open = page.partition("?")[0] in READ_WHAT_IS_OPEN
    most_asked = 50 if page in ASK_THE_SHOP else 16 if reads_open else 1
    check_cost(desk, page, most_asked=most_asked)


def test_a_page_of_the_connection_costs_no_more() -> None:
    """Where everything is chosen; before that most of them lead to the step whose turn it is."""
    with tables_at("moto") as tables:
        merchant = fill_shop(tables)
        place(merchant.world, "ORD10", state=FileState.UNKNOWN, way=Way.API)
        for is_on in (False, True):
            merchant.world.asperion.connect(tables.shops, is_on=is_on)
            for page in chain.from_iterable(PAGES[path] for path in PAGES if "connect" in path):
                check_cost(merchant, page, most_asked=50 if page in ASK_THE_SHOP else 1)
            for page in ("/", "/settings", "/files", "/orders/ORD10"):
                check_cost(merchant, page, most_asked=1)


def test_a_page_of_the_installation_costs_no_more(desk: Browser) -> None:
    """The count asks for the shop's lists, until they end or the time of the page is over."""
    newcomer = Browser(desk.world)
    newcomer.arrive(shop_id=str(SHOP_ID + 1))
    answers = {"licence": "ASP-1", "start": "since", "since": "2026-11-01"}
    for step in Step:
        check_cost(newcomer, f"/install/{step.value}", most_asked=10 if step is Step.COUNT else 1)
        if step in (Step.LICENCE, Step.PAYMENTS, Step.START):
            newcomer.post(f"/install/{step.value}", answers)
    assert newcomer.get("/install/count").status == 200


def test_all_clients_cost_what_the_overviews_of_their_shops_do(desk: Browser) -> None:
    """And one query more, for which shops these are. Which shop is the worst is in no record: a
    figure that somebody keeps beside the shop would one day differ from its own overview.
    """
    office = Office(desk.world)
    count = 3
    for shop_id in range(SHOP_ID + 10, SHOP_ID + 10 + count):
        office.install(shop_id)
        office.take_seat(shop_id)
        desk.world.shops.save(shop_id, JoinedLists(at=desk.world.clock()))
        with among_orders_of(shop_id):
            place(desk.world, "ORD1")
    asked = desk.world.api.calls.total()
    with counted() as calls:
        body = office.browser.get("/clients").body

    assert body.count('<th scope="row">') == count
    assert len([call for call in calls if call in QUERIES]) <= 1 + MOST * count
    assert desk.world.api.calls.total() == asked


def test_a_page_of_a_client_costs_no_more_than_the_shops_own(desk: Browser) -> None:
    office = Office(desk.world)
    office.take_seat(SHOP_ID)
    for page in ("/orders/ORD1", "/files", "/find?q=ORD", "/settings", f"/days/{DAY}"):
        check_cost(office.browser, f"/clients/{SHOP_ID}{page}", most_asked=1)


def check_cost(browser: Browser, page: str, *, most_asked: int) -> None:
    path, _, query = page.partition("?")
    given = {
        name: _sign(browser.world, value) if value in Purpose.__members__ else value
        for name, value in parse_qsl(query)
    }
    asked = browser.world.api.calls.total()
    with counted() as calls:
        answer = browser.get(path, given, **OURS)
    assert answer.status in ((200, 400, 404) if "404" in page else (200, 303))
    queries = [call for call in calls if call in QUERIES]
    assert len(queries) <= MOST, queries
    assert browser.world.api.calls.total() - asked <= most_asked


def _sign(world: World, purpose: str) -> str:
    chosen = world.shops.load(SHOP_ID, MailChoices) or MailChoices()
    mark = str(chosen.era)
    if purpose == Purpose.CONFIRM.name:
        assert chosen.proposed is not None
        mark = chosen.proposed.mark
    ticket = Ticket(shop_id=SHOP_ID, address=mark)
    return sign_ticket(world.secrets, Purpose[purpose], ticket)


def test_the_vat_pages_have_a_file_to_add_up(desk: Browser) -> None:
    assert "1 bestand telt mee" in desk.get("/vat", {"period": "2026-Q4"}).body
    assert "EL 123456789" in read_text(desk.get("/vat/icp", {"period": "2026-Q4"}).body)


def test_the_overview_shows_all_that_it_costs(desk: Browser) -> None:
    """What it leaves unread would cost nothing."""
    body = desk.get("/").body
    for number in ("ORD1", "ORD3", "ORD6"):
        assert f"/orders/{number}" in body
    assert "<h1>Er komt nu niets aan in Asperion</h1>" in body
    assert "4 bestellingen vragen uw aandacht." in body
    assert "2 bestellingen wachten al langer dan anderhalve dag" in body
    assert "1 bestelling wordt nagegaan." in body
