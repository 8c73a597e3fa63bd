"""What a file and a day add up to, why a day is not right, and what the help page promises."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.discrepancies import Discrepancy, DiscrepancyKind
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.listed_money import ListedMoney, ListedTotal
from chalicelib.domain.policy import VatClass
from chalicelib.domain.statement import ShopCheck, Verdict
from chalicelib.web.texts.discrepancy_texts import NAMES_FILES, TEXTS
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import place, state, wait
from tests.edge.web.test_day_page import draw_up
from tests.fakes.web import NOW, PUBLIC_URL, SHOP_ID, Browser, World

TODAY = "2026-11-23"
D = Decimal
HIGH = VatTreatment(rate=D("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL")
OSS = VatTreatment(rate=D("0.055"), vat_class=VatClass.LOW, kind=VatKind.OSS, country="FR")
EXPORT = VatTreatment(rate=D(0), vat_class=VatClass.NONE, kind=VatKind.EXPORT, country="NL")


def total(treatment: VatTreatment, documents: int, excl: str, vat: str) -> TreatmentTotal:
    return TreatmentTotal(treatment=treatment, documents=documents, excl=D(excl), vat=D(vat))


COVER = CoverSheet(
    currency="EUR",
    documents=3,
    totals=(
        total(HIGH, 2, "1234.50", "259.25"),
        total(OSS, 1, "-20.00", "-1.10"),
        total(EXPORT, 1, "7.00", "0.00"),
    ),
)
SHOWN = [
    ["21% btw", "2", "€ 1.234,50", "€ 259,25", "€ 1.493,75"],
    ["5,5% btw van FR (OSS)", "1", "€ -20,00", "€ -1,10", "€ -21,10"],
    ["0%, export buiten de EU", "1", "€ 7,00", "€ 0,00", "€ 7,00"],
    ["Samen", "3", "€ 1.221,50", "€ 258,15", "€ 1.479,65"],
]


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def amounts(body: str) -> list[list[str]]:
    """The rows of the page's table of VAT treatments."""
    table = body.partition('<table class="money">')[2].partition("</table>")[0]
    rows = table.partition("<tbody>")[2].split("</tr>")[:-1]
    return [
        [each.replace("\N{NO-BREAK SPACE}", " ") for each in re.findall(r">([^<>]+)</t[hd]>", row)]
        for row in rows
    ]


def plain(body: str) -> str:
    return re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", " ")


def keep_no_totals(world: World) -> None:
    world.shops.update(
        SHOP_ID, lambda shop: replace(shop, policy=replace(shop.policy, keep_totals=False))
    )


def listed(**parts: str) -> ListedMoney:
    def sum_of(name: str) -> ListedTotal:
        return ListedTotal(documents=int(name in parts), incl=D(parts.get(name, "0.00")))

    return ListedMoney(
        currency="EUR",
        listed=sum_of("listed"),
        placed=sum_of("placed"),
        changed=sum_of("changed"),
        held=sum_of("held"),
        dropped=sum_of("dropped"),
        waiting=sum_of("waiting"),
    )


def test_a_file_shows_its_cover_sheet(browser: Browser, world: World) -> None:
    file = place(world, "ORD1", "ORD2", "ORD3", cover=COVER)
    assert amounts(browser.get(f"/files/{file.name}").body) == SHOWN


def test_a_day_shows_what_its_files_add_up_to_and_each_of_them(
    browser: Browser, world: World
) -> None:
    file = place(world, "ORD1", "ORD2", "ORD3", cover=COVER)
    assert draw_up(world).cover == COVER
    body = browser.get(f"/days/{TODAY}").body
    assert amounts(body) == SHOWN
    assert re.search(rf"{file.name}\s+3 bestellingen, € 1\.479,65", plain(body))


def test_the_overview_shows_what_today_adds_up_to(browser: Browser, world: World) -> None:
    place(world, "ORD1", "ORD2", "ORD3", cover=COVER)
    draw_up(world)
    body = browser.get("/").body
    row = plain(body.partition('<th scope="row">Vandaag')[2].partition("</tr>")[0])
    assert row.split()[2:4] == ["november", "3"]
    assert row.split()[-2:] == ["€", "1.479,65"]
    assert "1.479,65" in body.partition('<table class="days">')[2]


def test_a_file_from_before_totals_were_kept_says_so(browser: Browser, world: World) -> None:
    file = place(world, "ORD1")
    draw_up(world)
    assert "zijn de totalen niet bewaard" in browser.get(f"/files/{file.name}").body
    assert "niet alle totalen van de dag" in browser.get(f"/days/{TODAY}").body


def test_whoever_wants_no_totals_kept_sees_none_at_once(browser: Browser, world: World) -> None:
    """Those kept so far are erased by the next run."""
    file = place(world, "ORD1", "ORD2", "ORD3", cover=COVER)
    draw_up(world)
    keep_no_totals(world)
    for path in (f"/files/{file.name}", f"/days/{TODAY}", "/"):
        body = browser.get(path).body
        assert "1.479,65" not in plain(body)
        assert ("U hebt ervoor gekozen geen totalen te bewaren." in body) is (path != "/")


def test_what_the_shop_lists_is_divided_and_closes(browser: Browser, world: World) -> None:
    money = listed(listed="130.00", placed="100.00", held="20.00", waiting="10.00")
    check = ShopCheck(since=NOW - timedelta(days=1), at=NOW, due=9, is_whole=True, money=money)
    state(world, TODAY, Verdict.RIGHT, check=check)
    text = plain(browser.get(f"/days/{TODAY}").body)
    text = " ".join(text.partition("Wat er volgens uw webwinkel betaald is")[2].split())
    assert text.startswith(
        "Te boeken sinds 22 november 2026, 15:05, met btw In uw webwinkel € 130,00 "
        "Afgeleverd, volgens de totalen die we bewaarden € 100,00 "
        "Vastgehouden € 20,00 Wachtend € 10,00 Verschil € 0,00"
    )


def test_a_difference_stands_out(browser: Browser, world: World) -> None:
    money = listed(listed="130.00", placed="100.00")
    check = ShopCheck(since=NOW, at=NOW, due=9, is_whole=True, money=money)
    state(world, TODAY, Verdict.WRONG, check=check)
    row = re.search(r'<tr class="sum wrong">.*', browser.get(f"/days/{TODAY}").body)
    assert row is not None
    assert plain(row[0]).split() == ["Verschil", "€", "30,00"]


ON_BOTH_PAGES = [
    (kind, path)
    for kind in DiscrepancyKind
    for path in (f"/days/{TODAY}", "/")
    # The overview shows what is in Asperion twice by itself.
    if (kind, path) != (DiscrepancyKind.DOUBLES, "/")
]


@pytest.mark.parametrize(("kind", "path"), ON_BOTH_PAGES)
def test_a_day_that_is_not_right_says_why_and_links_to_what_it_names(
    browser: Browser, world: World, kind: DiscrepancyKind, path: str
) -> None:
    wait(world, "ORD7")
    file = place(world, "ORD8")
    is_file = kind in NAMES_FILES
    name = file.name if is_file else "ORD7"
    found = (Discrepancy(kind=kind, count=4, names=(name,)),)
    state(world, TODAY, Verdict.WRONG, discrepancies=found)

    body = browser.get(path).body
    reasons = body.partition('<ul class="plain reasons">')[2].partition("</ul>")[0]

    (link,) = read(reasons).links
    assert link.href == f"{PUBLIC_URL}/{'files' if is_file else 'orders'}/{name}"
    assert "en nog 3" in reasons
    assert TEXTS[kind].cure not in reasons, "it is in Dutch"
    assert len(plain(reasons)) > 100, "it says what to do"
    assert browser.get(link.href.removeprefix(PUBLIC_URL)).status == 200


def test_a_wrong_day_of_an_early_version_is_shown_without_reasons(
    browser: Browser, world: World
) -> None:
    state(world, TODAY, Verdict.WRONG)
    assert "Waarom deze dag niet klopt" not in browser.get(f"/days/{TODAY}").body
    assert browser.get("/").status == 200


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_help_page_promises_what_is_kept(world: World, *, signed_in: bool) -> None:
    browser = Browser(world)
    if signed_in:
        world.clock.advance(seconds=1)
        browser.arrive()
    answer = browser.get("/help")
    assert answer.status == 200
    for said in (
        "Van een bestelling slaan we geen naam, adres, e-mailadres, artikel of bedrag op.",
        "Alleen van een bedrijf in een ander EU-land wordt het btw-nummer bewaard",
        "per rubriek van de btw-aangifte, en wat er per betaalmethode is geboekt",
        "Van een afgesloten periode: door wie en wanneer",
        "De totalen per btw-tarief",
        "dan is dat totaal het bedrag van die bestelling",
        "Haal in de instellingen het vinkje weg",
        "de volgende nacht gewist",
        "Ook van een e-mailadres dat verschillende bedrijven gebruiken, bewaren we zo’n code",
        "alles wat naar uw webwinkel verwijst, zodra SEOshop de toegang heeft beëindigd",
        "We bewaren ze tot 7 jaar na de laatste wijziging",
        "hoe ver de koppeling was gekomen, wissen we na 90 dagen",
        "Onze reservekopieën gaan 14 dagen terug",
    ):
        assert said in answer.body
    assert (f'href="{PUBLIC_URL}/settings/totals"' in answer.body) is signed_in


def test_every_page_leads_to_the_promise(browser: Browser) -> None:
    for path in ("/", "/settings"):
        assert read(browser.get(path).body).link("Wat we bewaren").href == f"{PUBLIC_URL}/help/kept"
