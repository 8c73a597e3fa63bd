"""The page on which a period is closed, in two steps, and opened again by whoever closed it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.period_locks import LockHolder, PeriodLock, list_standing
from chalicelib.domain.policy import LateOrders
from chalicelib.domain.seats import SeatRight
from chalicelib.usecases.operating.closing_periods import close_period
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.page_templates import SHOP_FIELD
from tests.edge.web.markup import Page, read, read_text
from tests.edge.web.stored_orders import hold, place, wait
from tests.fakes.office import OTHER, Office
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, callback

OCTOBER, SEPTEMBER = date(2026, 10, 31), date(2026, 9, 30)
YESTERDAY = date(2026, 11, 22)
REASON = "een vergeten inkoopfactuur"
MERCHANT = LockHolder(Actor.MERCHANT)


@pytest.fixture
def browser(world: World) -> Browser:
    browser = Browser(world)
    browser.install()
    return browser


def locks(world: World) -> list[PeriodLock]:
    return list(list_standing(world.shop.locks))


def ask(browser: Browser, day: date = OCTOBER, path: str = "/lock") -> Response:
    """The first step: the day is typed."""
    return browser.post(path, {"until": day.isoformat()})


def confirmation(page: Response) -> dict[str, str]:
    return read(page.body).press("Ja, afsluiten").fields


def close_books(
    browser: Browser, day: date = OCTOBER, path: str = "/lock", **more: str
) -> Response:
    """Both steps; the answer to the second."""
    return browser.post(path, confirmation(ask(browser, day, path)) | more)


def reopen(browser: Browser, reason: str = REASON, path: str = "/lock") -> Response:
    press = read(browser.get(path).body).press("Weer openen")
    return browser.post(path, press.fields | {"reason": reason})


def heading(page: Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.body)
    assert found is not None
    return found[1]


def problem(page: Response, name: str) -> str:
    """What is wrong with a field; it is said in the summary too, and that leads to the field."""
    assert page.status == 400
    assert "<title>Fout: " in page.body
    summary = re.search(r'<div class="notice warn problems".*?</div>', page.body, re.DOTALL)
    assert summary is not None
    assert "autofocus" in summary[0]
    assert f'href="#{name}"' in summary[0]
    assert f'id="{name}"' in page.body
    found = re.search(rf'id="{name}-problem">(.*?)</p>', page.body)
    assert found is not None
    return found[1]


# ---- closing -----------------------------------------------------------------------------------


def test_no_period_is_closed_at_first(browser: Browser) -> None:
    page = browser.get("/lock")
    assert page.status == 200
    assert "Er is geen periode afgesloten." in page.body
    assert read(page.body).link("31 oktober 2026").href.endswith("/lock?until=2026-10-31#until")
    assert not read(page.body).says("Weer openen")
    assert "Afgesloten" not in browser.get("/").body
    assert "afgesloten" not in browser.get("/").body


def test_a_suggested_day_is_filled_in(browser: Browser) -> None:
    assert 'value="2026-10-31"' in browser.get("/lock", {"until": "2026-10-31"}).body
    assert 'value=""' in browser.get("/lock", {"until": '"><script>'}).body


def test_the_first_step_closes_nothing(browser: Browser, world: World) -> None:
    page = ask(browser)
    assert page.status == 200
    assert heading(page) == "Deze periode afsluiten?"
    assert "Tot en met 31 oktober 2026" in page.body
    assert locks(world) == []


def test_the_second_step_closes_it_and_the_overview_says_so(browser: Browser, world: World) -> None:
    page = browser.follow(close_books(browser))
    assert "De periode is afgesloten" in page.body
    assert "De boekhouding is afgesloten tot en met 31 oktober 2026." in page.body
    assert "Tot en met 31 oktober 2026: door u" in read_text(page.body)
    overview = browser.get("/").body
    assert "De boekhouding is afgesloten tot en met 31 oktober 2026." in overview
    assert read(overview).link("Wat dit betekent").href == f"{PUBLIC_URL}/lock"


def test_sent_again_it_changes_nothing(browser: Browser, world: World) -> None:
    fields = confirmation(ask(browser))
    browser.post("/lock", fields)
    assert browser.post("/lock", fields).status == 303
    assert len(locks(world)) == 1


def test_the_confirmation_is_of_this_very_day(browser: Browser, world: World) -> None:
    fields = confirmation(ask(browser, SEPTEMBER)) | {"until": OCTOBER.isoformat()}
    page = browser.post("/lock", fields)
    assert heading(page) == "Deze periode afsluiten?"
    assert "Er is iets veranderd sinds u deze pagina opende." in page.body
    assert locks(world) == []


@pytest.mark.parametrize("said", ["x", "eyJ4Ijox.aaa.bbb"])
def test_a_made_up_confirmation_confirms_nothing(browser: Browser, world: World, said: str) -> None:
    browser.post("/lock", {"until": OCTOBER.isoformat(), "confirm": said})
    assert locks(world) == []


def test_a_confirmation_lasts_a_quarter_of_an_hour(browser: Browser, world: World) -> None:
    fields = confirmation(ask(browser))
    world.clock.advance(minutes=16)
    browser.post("/lock", fields)
    assert locks(world) == []


@pytest.mark.parametrize(
    "typed", ["", "gisteren", "2026-02-30", "31-02-2026", "0001-01-01", "9" * 40]
)
def test_what_is_no_day_is_asked_for_again(browser: Browser, typed: str) -> None:
    assert problem(browser.post("/lock", {"until": typed}), "until") == (
        "Kies de laatste dag die u wilt afsluiten."
    )


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 24), date(2030, 1, 1)])
def test_a_day_that_is_not_over_is_refused(browser: Browser, day: date) -> None:
    page = ask(browser, day)
    assert problem(page, "until").startswith("Deze dag is nog niet voorbij.")
    assert f'value="{day.isoformat()}"' in page.body


def test_a_day_in_the_middle_of_a_month_is_pointed_out(browser: Browser) -> None:
    assert "niet de laatste dag van een maand" in ask(browser, YESTERDAY).body
    assert "niet de laatste dag van een maand" not in ask(browser).body


def test_fewer_days_are_refused_with_what_to_do(browser: Browser) -> None:
    close_books(browser)
    assert problem(ask(browser, SEPTEMBER), "until").startswith(
        "U hebt al meer dan dit afgesloten."
    )


def test_what_is_open_stands_there(browser: Browser, world: World) -> None:
    hold(world, "email_missing", "ORD1", "ORD2")
    wait(world, "ORD3")
    page = read_text(ask(browser, YESTERDAY).body)
    assert "Vastgehouden: kan nog niet geboekt worden 2 ORD1" in page
    assert "onderweg naar Asperion 1 ORD3" in page
    assert "Handel ze dan eerst af, en sluit daarna af." in page
    other = read_text(ask(browser, OCTOBER).body)
    assert "Handel ze dan eerst af" not in other


def lose(world: World, day: date | None) -> FileEntry:
    """A file of which nobody knows whether it arrived, with an order of that day; None for one of
    an earlier version, which does not say.
    """
    file = place(world, "ORD1", state=FileState.UNKNOWN)
    days = {} if day is None else dict.fromkeys(file.keys, day)
    world.files.items[SHOP_ID][file.name] = replace(file, days=days)
    return file


def test_a_file_that_does_not_say_its_days_has_to_be_confirmed(
    browser: Browser, world: World
) -> None:
    assert lose(world, None).name in ask(browser, SEPTEMBER).body


def test_files_that_may_still_come_in_have_to_be_confirmed(browser: Browser, world: World) -> None:
    file = lose(world, OCTOBER)
    assert file.name not in ask(browser, SEPTEMBER).body, "it has no day of that period"
    page = ask(browser)
    assert file.name in page.body
    refused = browser.post("/lock", confirmation(page))
    assert problem(refused, "unsure").startswith("Zet een vinkje")
    assert locks(world) == []
    browser.post("/lock", confirmation(refused) | {"unsure": "yes"})
    assert len(locks(world)) == 1


def test_a_file_that_is_unsure_since_the_page_was_opened_is_shown_first(
    browser: Browser, world: World
) -> None:
    fields = confirmation(ask(browser)) | {"unsure": "yes"}
    file = lose(world, OCTOBER)
    page = browser.post("/lock", fields)
    assert page.status == 409
    assert file.name in page.body
    assert locks(world) == []


def test_while_a_run_is_at_work_nothing_is_closed(browser: Browser, world: World) -> None:
    fields = confirmation(ask(browser))
    until = world.clock() + timedelta(minutes=5)
    world.shops.lease(SHOP_ID, "night/1", now=world.clock(), until=until)
    page = browser.post("/lock", fields)
    assert page.status == 409
    assert "Probeer het over een paar minuten opnieuw." in page.body
    assert locks(world) == []
    world.shops.release(SHOP_ID, "night/1")
    assert browser.post("/lock", confirmation(page)).status == 303
    assert len(locks(world)) == 1


@pytest.mark.parametrize(
    ("late_orders", "says"),
    [
        (LateOrders.NEXT, "wordt op de dag erna geboekt"),
        (LateOrders.HOLD, "wordt vastgehouden en staat in het overzicht"),
    ],
)
def test_what_happens_to_latecomers_is_said(
    browser: Browser, world: World, late_orders: LateOrders, says: str
) -> None:
    world.shops.update(
        SHOP_ID,
        lambda shop: replace(shop, policy=replace(shop.policy, late_orders=late_orders)),
    )
    assert says in ask(browser).body
    assert read(browser.get("/lock").body).link("Deze keuze wijzigen")


# ---- opening again -----------------------------------------------------------------------------


def test_who_closed_it_opens_it_again_with_a_reason(browser: Browser, world: World) -> None:
    close_books(browser)
    page = browser.follow(reopen(browser))
    assert locks(world) == []
    assert "De periode is weer open" in page.body
    assert f"Reden: {REASON}" in page.body


def test_what_stays_closed_is_said_before(browser: Browser) -> None:
    close_books(browser, SEPTEMBER)
    close_books(browser, OCTOBER)
    assert "Daarna is de boekhouding afgesloten tot en met 30 september 2026." in (
        browser.get("/lock").body
    )


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\u202eb"])
def test_without_a_reason_nothing_is_opened(browser: Browser, world: World, reason: str) -> None:
    close_books(browser)
    assert problem(reopen(browser, reason), "reason").startswith("Schrijf in één regel")
    assert len(locks(world)) == 1


def test_a_reason_is_shown_as_text(browser: Browser) -> None:
    close_books(browser)
    page = browser.follow(reopen(browser, "<script>alert(1)</script>"))
    assert "<script>" not in page.body


def test_opened_twice_is_opened_once(browser: Browser, world: World) -> None:
    close_books(browser)
    press = read(browser.get("/lock").body).press("Weer openen").fields | {"reason": REASON}
    browser.post("/lock", press)
    assert browser.post("/lock", press).status == 303
    page = browser.post("/lock", press | {"lock": "2026-10-31_2026-11-23T00:00:00+00:00"})
    assert page.status == 409
    assert "al weer geopend" in page.body


def test_a_form_that_names_no_period_is_refused(browser: Browser) -> None:
    assert browser.post("/lock", {"action": "open", "reason": REASON}).status == 400


def test_a_form_of_another_site_or_shop_is_refused(browser: Browser, world: World) -> None:
    close_books(browser, SEPTEMBER)
    strange = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    opening = read(browser.get("/lock").body).press("Weer openen").fields | {"reason": REASON}
    for fields in (opening, confirmation(ask(browser))):
        closed = locks(world)
        assert browser.post("/lock", fields, headers=strange).status == 403
        assert browser.post("/lock", fields | {SHOP_FIELD: str(OTHER)}).status == 409
        assert locks(world) == closed
        assert browser.post("/lock", fields).status == 303, "of ours it counts"


def test_a_shop_that_is_not_installed_has_nothing_to_close(world: World) -> None:
    browser = Browser(world)
    browser.arrive()
    assert browser.get("/lock").status == 303
    assert ask(browser).status == 303


def test_the_page_speaks_english_too(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock, language="en"))
    assert heading(browser.get("/lock")) == "Close a period"
    assert heading(ask(browser)) == "Close this period?"


# ---- a bookkeeper ------------------------------------------------------------------------------

CLIENT = f"/clients/{SHOP_ID}/lock"


def seat(world: World, *rights: SeatRight, address: str = "a@kantoor.example") -> Browser:
    office = Office(world, address)
    office.take_seat(SHOP_ID, *rights)
    return office.browser


def test_a_bookkeeper_closes_a_period_and_only_he_opens_it(browser: Browser, world: World) -> None:
    clerk = seat(world, SeatRight.LOCK)
    other = seat(world, SeatRight.LOCK, address="b@kantoor.example")
    close_books(clerk, path=CLIENT)
    [lock] = locks(world)
    assert lock.by is Actor.BOOKKEEPER
    page = browser.get("/lock")
    assert "door uw boekhouder" in page.body
    assert not read(page.body).says("Weer openen")
    assert "door een andere boekhouder" in other.get(CLIENT).body
    for stranger, path in ((browser, "/lock"), (other, CLIENT)):
        crafted = {"action": "open", "lock": lock.name, "reason": REASON}
        answer = stranger.post(path, crafted)
        assert answer.status == 409
        assert "Iemand anders heeft deze periode afgesloten." in answer.body
    assert locks(world) == [lock]
    assert reopen(clerk, path=CLIENT).status == 303
    assert locks(world) == []


def test_a_bookkeeper_does_not_open_what_the_merchant_closed(
    browser: Browser, world: World
) -> None:
    close_books(browser)
    clerk = seat(world, SeatRight.LOCK)
    page = clerk.get(CLIENT)
    assert "door de winkelier" in page.body
    assert not read(page.body).says("Weer openen")
    crafted = {"action": "open", "lock": locks(world)[0].name, "reason": REASON}
    assert clerk.post(CLIENT, crafted).status == 409
    assert len(locks(world)) == 1


def test_a_confirmation_of_one_person_is_worth_nothing_to_another(
    browser: Browser, world: World
) -> None:
    clerk = seat(world, SeatRight.LOCK)
    browser.post("/lock", confirmation(ask(clerk, path=CLIENT)))
    assert locks(world) == []


@pytest.mark.parametrize("rights", [(), (SeatRight.SOLVE,)])
def test_without_the_right_a_bookkeeper_only_reads(
    browser: Browser, world: World, rights: tuple[SeatRight, ...]
) -> None:
    close_books(browser, SEPTEMBER)
    clerk = seat(world, *rights)
    page = clerk.get(CLIENT)
    assert page.status == 200
    assert "afgesloten tot en met 30 september 2026" in page.body
    assert not read(page.body).says("Ga verder")
    assert ask(clerk, path=CLIENT).status == 403
    assert len(locks(world)) == 1


def test_when_the_seat_is_no_more_the_merchant_opens_it(browser: Browser, world: World) -> None:
    clerk = seat(world, SeatRight.LOCK)
    close_books(clerk, path=CLIENT)
    [held] = world.shops.seats(SHOP_ID)
    world.shops.remove_seat(SHOP_ID, held.holder)
    page = browser.get("/lock")
    assert "heeft geen toegang meer" in page.body
    assert reopen(browser).status == 303
    assert locks(world) == []


# ---- held ---------------------------------------------------------------------------------------


def test_a_held_latecomer_says_what_can_be_done(browser: Browser, world: World) -> None:
    hold(world, "period_locked", "ORD1", detail="2026-10-31")
    page: Page = read(browser.get("/").body)
    text = read_text(browser.get("/").body)
    assert "De periode van de factuurdatum is afgesloten." in text
    assert "afgesloten tot en met 31 oktober 2026" in text
    assert page.link("Instellingen openen").href == f"{PUBLIC_URL}/settings/invoice-date"
    order = read_text(browser.get("/orders/ORD1").body)
    assert "afgesloten tot en met 31 oktober 2026" in order


def test_the_choice_is_shown_on_its_page_and_in_the_index(browser: Browser, world: World) -> None:
    page = browser.get("/settings/invoice-date").body
    assert "Bestellingen die komen nadat hun periode is afgesloten" in page
    fields = {"date_basis": "order", "late_orders": "hold"}
    confirm = browser.post("/settings/invoice-date", fields)
    if confirm.status == 200:
        browser.post("/settings/invoice-date", read(confirm.body).press("Opslaan").fields)
    assert world.shop.policy.late_orders is LateOrders.HOLD
    assert "Bestellingen van een afgesloten periode worden vastgehouden." in (
        browser.get("/settings").body
    )


def test_closing_by_the_use_case_is_what_the_page_shows(browser: Browser, world: World) -> None:
    close_period(open_workspace(world.connector, SHOP_ID), SEPTEMBER, MERCHANT)
    assert "30 september 2026" in browser.get("/lock").body
