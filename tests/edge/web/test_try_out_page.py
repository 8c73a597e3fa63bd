"""A merchant sees the invoices before anything is sent; nobody else does, and nothing stays."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from chalicelib.axml import load_profile
from chalicelib.domain.orders import Address, OrderLine
from chalicelib.domain.policy import Policy, Source, VatClass
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopRateLimited, ShopUnauthorised, ShopUnavailable
from chalicelib.usecases.judging.trying_out import compare
from chalicelib.web.http.http_messages import Request, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.comparison_view import show_comparison
from chalicelib.web.pages.invoice_view import highlight_xml
from chalicelib.web.pages.page_templates import TEMPLATES, _load_environment
from tests.edge.web.stored_orders import hold, place
from tests.fakes.documents_of_shop import HOME, order, order_line
from tests.fakes.log_capture import captured_logs
from tests.fakes.web import NOW, Browser, World

PROFILE = load_profile(Path(TEMPLATES) / "axml" / "reconstructed-1.4")
NEWEST = {"what": "newest"}
SENTINEL = "Zzyzx"
SECRET = Address(
    attention=SENTINEL, street=SENTINEL, number="1", postal_code="1234 AB", city=SENTINEL,
    country="NL",
)  # fmt: skip


@pytest.fixture(autouse=True)
def installed(world: World, browser: Browser) -> None:
    world.profile = PROFILE
    browser.install()


def sell(world: World, number: int, *lines: OrderLine, **changes: object) -> None:
    """A paid order that nobody told us of."""
    facts = {"created_at": NOW, "paid_at": NOW, **changes}
    world.api.put(order(*lines, id=number, number=f"ORD{number:05}", **facts))


def text_of(answer: Response) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<style.*?</style>", "", answer.body, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_page_asks_first_and_reads_nothing(world: World, browser: Browser) -> None:
    sell(world, 1)
    world.api.calls.clear()
    page = browser.get("/try-out")
    assert page.status == 200
    assert "Probeer de laatste 50" in page.body
    assert not world.api.calls


def test_invoices_holds_and_what_is_left_out_are_shown(world: World, browser: Browser) -> None:
    sell(world, 1, order_line("24.20"), order_line("10.90", "0.09", title="Kookboek"))
    sell(world, 2, email="")
    sell(world, 3, payment_status="not_paid")
    page = browser.get("/try-out", NEWEST)
    said = text_of(page)
    assert page.status == 200
    assert "Er is niets verstuurd en niets bewaard" in said
    assert "1 wordt geboekt 1 wordt vastgehouden 1 gaat niet mee" in said
    for shown in ("Sanne de Vries", "Kookboek", "9% btw", "€ 35,10", "Asperion kiest zelf"):
        assert shown in said.replace("\N{NO-BREAK SPACE}", " "), shown
    assert '<span class="tag">&lt;OrderNumber&gt;</span>ORD00001' in page.body
    assert "Er is geen bruikbaar e-mailadres." in said
    assert "omdat de bestelling niet betaald is" in said
    assert page.headers["Cache-Control"] == "no-store"


def test_numbers_are_tried_as_they_are_typed(world: World, browser: Browser) -> None:
    for number in (1, 2, 3):
        sell(world, number)
    page = browser.get("/try-out", {"numbers": " ord00001;ORD00003, ORD00009 ", "what": "numbers"})
    said = text_of(page)
    assert "2 worden geboekt" in said
    assert "Deze nummers kent uw webwinkel niet ORD00009" in said
    assert "ORD00002" not in said


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ("", "Geef de nummers zoals uw webwinkel ze toont"),
        (", ;", "Geef de nummers zoals uw webwinkel ze toont"),
        ("A" * 51, "Geef de nummers zoals uw webwinkel ze toont"),
        (" ".join(map(str, range(51))), "Geef hoogstens 50 nummers tegelijk"),
    ],
)
def test_a_form_that_cannot_be_read_says_so_on_top(
    world: World, browser: Browser, numbers: str, says: str
) -> None:
    world.api.calls.clear()
    page = browser.get("/try-out", {"numbers": numbers, "what": "numbers"})
    assert page.status == 400
    assert "<title>Fout: Proefboeking" in page.body
    assert re.search(
        r'role="alert" tabindex="-1" autofocus.*?<a href="#numbers">', page.body, re.DOTALL
    )
    assert says in text_of(page)
    assert not world.api.calls


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (ShopUnavailable("no answer"), 503, "Uw webwinkel antwoordt niet"),
        (ShopUnauthorised("refused", status=401), 502, "SEOshop geeft de koppeling geen toegang"),
        (ShopRateLimited("no more", until=NOW), 503, "Uw webwinkel vraagt ons te wachten"),
    ],
)
def test_a_shop_that_does_not_answer_is_said_on_the_page(
    world: World, browser: Browser, error: Exception, status: int, says: str
) -> None:
    world.api.fail(error)
    page = browser.get("/try-out", {"numbers": "ORD00001"})
    assert page.status == status
    assert says in text_of(page)
    assert 'value="ORD00001"' in page.body


def test_what_was_not_read_is_said_with_the_time_to_go_on(world: World, browser: Browser) -> None:
    for number in range(1, 51):
        sell(world, number)
    until = NOW + timedelta(minutes=5)
    world.api.fail(ShopRateLimited("no more", until=until), "order", after=23)
    said = text_of(browser.get("/try-out", NEWEST))
    assert "23 van 50 gelezen" in said
    assert "Om 15:10 kunt u verder." in said
    assert "Niet gelezen: ORD00027, ORD00026" in said


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_purpose": "prefetch"},
        {"sec_fetch_dest": "image"},
    ],
)
def test_only_the_merchant_himself_uses_up_calls(
    world: World, browser: Browser, headers: dict[str, str]
) -> None:
    sell(world, 1)
    world.api.calls.clear()
    page = browser.get("/try-out", NEWEST, **headers)
    assert page.status == 200
    assert "Probeer de laatste 50" in page.body
    assert not world.api.calls


def test_a_stranger_is_asked_to_sign_in(world: World, browser: Browser) -> None:
    browser.cookies.clear()
    for path in ("/try-out", "/orders/ORD00001/invoice"):
        assert browser.get(path, NEWEST).status == 401


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (ShopState.INSTALLING, "zodra uw bestellingen naar Asperion gaan"),
        (ShopState.PAUSED, "zodra uw bestellingen naar Asperion gaan"),
        (ShopState.CANCELLED, "De boeking gaat vannacht mee"),
    ],
)
def test_every_state_of_a_shop_can_try_and_no_night_is_promised_that_does_not_come(
    world: World, browser: Browser, state: ShopState, says: str
) -> None:
    world.shops.update(world.shop.shop_id, lambda shop: replace(shop, state=state))
    sell(world, 1)
    said = text_of(browser.get("/try-out", NEWEST))
    assert "1 wordt geboekt" in said
    assert says in said


def test_what_is_booked_and_what_is_old_is_not_counted_as_to_come(
    world: World, browser: Browser
) -> None:
    place(world, "A1")
    (entry,) = world.entries.find_by_numbers(world.shop.shop_id, ["A1"])
    world.api.put(order(id=entry.document_id, number="A1", created_at=NOW))
    sell(world, 1)
    old = NOW - timedelta(days=90)
    sell(world, 2, created_at=old, paid_at=old)
    said = text_of(browser.get("/try-out", NEWEST))
    assert "1 wordt geboekt 1 staat al in Asperion 1 van vóór de koppeling" in said


def test_what_would_be_held_is_not_promised_for_tonight(world: World, browser: Browser) -> None:
    sell(world, 1, email="")
    said = text_of(browser.get("/orders/ORD00001/invoice"))
    assert "Deze verkoop is hier nog nieuw." in said
    assert "vannacht" not in said
    assert "Bestelling openen in SEOshop" in said


def test_every_order_shows_how_it_comes_into_asperion(world: World, browser: Browser) -> None:
    sell(world, 1)
    page = browser.get("/orders/ORD00001/invoice")
    assert "Zo komt ORD00001 in Asperion" in text_of(page)
    assert "Deze verkoop is hier nog nieuw" in text_of(page)
    assert '<span class="tag">&lt;Asperion version=&#34;1.4&#34;&gt;</span>' in page.body
    assert browser.get("/orders/ORD00009/invoice").status == 404


def test_an_order_of_the_ledger_is_read_by_one_call_and_says_where_it_stands(
    world: World, browser: Browser
) -> None:
    place(world, "A1")
    hold(world, "email_missing", "B2")
    for number in ("A1", "B2"):
        (entry,) = world.entries.find_by_numbers(world.shop.shop_id, [number])
        world.api.put(order(id=entry.document_id, number=number, created_at=NOW))
    assert (
        'href="https://koppeling.example/api/orders/A1/invoice"' in browser.get("/orders/A1").body
    )
    world.api.calls.clear()
    said = text_of(browser.get("/orders/A1/invoice"))
    assert "Deze verkoop staat al in Asperion; daar verandert niets aan." in said
    assert "bij het vorige lezen vastgehouden" in text_of(browser.get("/orders/B2/invoice"))
    assert world.api.calls == {"order": 2}


def test_nothing_of_an_order_is_left_behind(world: World, browser: Browser) -> None:
    """Not in the tables, not in the queue, not in a log, and not in an error."""
    for number, changes in enumerate(({}, {"email": ""}, {"company_vat_number": SENTINEL}), 1):
        line = order_line("24.20", title=SENTINEL, article_code=SENTINEL)
        facts = {"lastname": SENTINEL, "billing": SECRET, "shipping": SECRET, **changes}
        sell(world, number, line, **facts)
    world.api.fail(ValueError(SENTINEL), "order", about={3})
    before = _everything(world)
    with captured_logs() as written:
        pages = [
            browser.get("/try-out", NEWEST),
            browser.get("/try-out", {"numbers": "ORD00001 ORD00003"}),
            browser.get("/orders/ORD00001/invoice"),
            browser.get("/orders/ORD00003/invoice"),
        ]
    assert SENTINEL in pages[0].body
    assert SENTINEL not in pages[3].body
    assert SENTINEL not in written.getvalue()
    assert _everything(world) == before


def _everything(world: World) -> str:
    kept = (world.entries, world.shops, world.files, world.queue, world.inbox)
    return repr([vars(each) for each in kept])


def test_what_customers_typed_is_text_and_no_markup(world: World, browser: Browser) -> None:
    nasty = '<script>alert("x")</script>'
    sell(world, 1, order_line("24.20", title=f"{nasty} ]]> & %(x)s"), lastname=nasty)
    for page in (browser.get("/try-out", NEWEST), browser.get("/orders/ORD00001/invoice")):
        assert page.status == 200
        assert "<script" not in page.body
    assert browser.get("/try-out", {"numbers": nasty}).body.count("<script") == 0


def test_a_page_stays_within_what_lambda_may_answer(world: World, browser: Browser) -> None:
    for number in range(1, 21):
        lines = [order_line("24.20", id=each, title="🎂" * 250) for each in range(30)]
        sell(world, number, *lines)
    page = browser.get("/try-out", NEWEST)
    assert "20 worden geboekt" in text_of(page)
    assert "Een factuur van 30 regels is te lang om hier te tonen" in text_of(page)
    assert "<pre" in page.body
    assert len(json.dumps(page.body)) < 5_000_000


def test_xml_is_shown_to_the_letter() -> None:
    text = '<A version="1.4">\n  <B>Jansen &amp; Zn &lt;x&gt;</B>\n  <C/></A>'
    shown = re.sub(r"</?span[^>]*>", "", highlight_xml(text))
    assert unescape(shown) == text


def test_a_comparison_says_what_changes_and_in_euro(world: World, browser: Browser) -> None:
    sell(world, 1, payment_id="klarna")
    sell(world, 2)
    flemish = replace(HOME, country="BE", postal_code="9000")
    sell(world, 3, billing=flemish, shipping=flemish)
    before = Policy(payments={"ideal": "IDEAL"})
    after = replace(
        before, payments={"ideal": "Op factuur", "klarna": "IDEAL"}, one_stop_shop=True,
        foreign_rates={("BE", order_line("1").tax_rate): VatClass.HIGH},
    )  # fmt: skip
    said = render_comparison(world, before, after)
    assert "3 bestellingen zouden anders worden geboekt (vergeleken: 3)." in said
    for changed in (
        "Wordt niet meer vastgehouden : Nu: Vastgehouden: De bestelling is betaald met een nieuwe",
        "Betaalmethode : Nu: iDEAL → Straks: Op factuur",
        "Btw : Nu: 21% btw (in Asperion: hoog): € 20,00 plus € 4,20 → Straks: 21% btw van BE (OSS)",
        "Samen € 40,00 € 60,00 € 8,40 € 12,60",
    ):
        assert changed in said, said
    same = render_comparison(world, before, before)
    assert "Uw laatste 3 bestellingen zouden allemaal net zo worden geboekt als nu." in same
    left_out = render_comparison(world, Policy(), Policy(source=Source.INVOICES))
    assert "Gaat niet mee: in uw webwinkel is er geen factuur van." in left_out


def render_comparison(world: World, before: Policy, after: Policy) -> str:
    """The partial as the settings show it."""
    call = Call(connector=world.connector, request=Request(method="GET", route="/"), log=LOG)
    comparison = compare(call.sign_in(world.shop), before, after)
    shown = show_comparison(call, comparison)
    body = _load_environment("nl").get_template("_comparison.html").render(
        comparison=shown,
        **{name: getattr(call.templates, name) for name in ("say", "dates", "write_money")},
        write_treatment=call.templates.write_treatment,
        shop=world.shop,
    )  # fmt: skip
    page = Response(status=200, body=body)
    return text_of(page).replace("\N{NO-BREAK SPACE}", " ")


LOG = logging.getLogger("chalicelib.test")
