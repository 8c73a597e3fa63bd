"""A day's page lists by the keys that a statement names, and says what it cannot list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import drawing_up
from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor, FileStep, OrderStep
from chalicelib.domain.ledger import FileState
from chalicelib.domain.open_records import RecentDrops
from chalicelib.domain.statement import DayStatement, Figure, Verdict, statement_name
from chalicelib.usecases.filing import recent_drops
from chalicelib.usecases.filing.recent_drops import note_drop
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.operating import day_documents
from chalicelib.usecases.operating.day_documents import DayDocuments, read_day
from chalicelib.usecases.workspace import open_workspace
from tests.edge.web.stored_orders import (
    advance,
    claim,
    deliver,
    finish,
    hint,
    hold,
    place,
    state,
    take,
    wait,
)
from tests.edge.web.test_day_page import TODAY, draw_up, go_on, rows
from tests.fakes.web import SHOP_ID, Browser, World


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def read_stored(world: World, day: str = TODAY) -> DayDocuments:
    """What the page of a stored day reads."""
    name = statement_name(date.fromisoformat(day))
    statement = world.shops.load(SHOP_ID, DayStatement, name)
    assert statement is not None
    return read_day(open_workspace(world.connector, SHOP_ID), statement)


def listed(documents: DayDocuments, figure: Figure) -> list[str]:
    return sorted(documents.account.list_numbers(figure))


def of_figure(body: str, figure: str) -> str:
    """A figure's list on a page."""
    return body.partition(f'<h2 id="{figure}">')[2].partition("</section>")[0]


def end_day(browser: Browser) -> None:
    """The day passes, and the next run states it once and for all."""
    go_on(browser, days=1)
    draw_up(browser.world)


def state_as_before(world: World, **changes: object) -> None:
    """Make today's statement one of a version that named no documents."""

    def forget(kept: DayStatement | None) -> DayStatement:
        assert kept is not None
        return replace(kept, unfiled=None, **changes)  # type: ignore[arg-type]

    name = statement_name(date.fromisoformat(TODAY))
    world.shops.change(SHOP_ID, DayStatement, forget, name)


def test_a_closed_day_is_listed_without_asking_what_is_open(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(world, "ORD1")
    hold(world, "currency", "ORD2")
    finish(world, OrderStep.DROP, DropCause.NOT_PAID, "ORD3")
    wait(world, "ORD4")
    end_day(browser)
    for name in ("list_held", "list_asking", "list_waiting", "list_dropped", "list_numbers"):
        monkeypatch.setattr(world.entries, name, None)
    documents = read_stored(world)
    assert listed(documents, Figure.DUE) == ["ORD1", "ORD2", "ORD3", "ORD4"]
    for figure, number in (
        (Figure.PLACED, "ORD1"),
        (Figure.HELD, "ORD2"),
        (Figure.DROPPED, "ORD3"),
        (Figure.WAITING, "ORD4"),
    ):
        assert listed(documents, figure) == [number]


def test_of_more_documents_than_a_statement_names_the_others_are_counted(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing_up, "MOST_UNFILED", 3)
    hold(world, "currency", *(f"ORD{number}" for number in range(10, 15)))
    end_day(browser)
    body = browser.get(f"/days/{TODAY}").body
    assert rows(body)["Vastgehouden"] == "5"
    for figure in ("held", "due"):
        assert of_figure(body, figure).count("/orders/") == 3
        assert 'class="count">5<' in of_figure(body, figure)
        assert "en nog 2" in of_figure(body, figure)


@pytest.mark.parametrize("bound", ["MOST_READ", "MOST_WAITING", "MOST_ASKING"])
def test_a_day_of_too_many_is_listed_as_it_was_stated(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    """What is left out, and what happened since, changes no figure."""
    wait(world, "ORD1", "ORD2")
    hold(world, "currency", "ORD3", "ORD4")
    draw_up(world)
    world.clock.advance(minutes=5)
    wait(world, "ORD5")
    hold(world, "currency", "ORD6")
    monkeypatch.setattr(day_documents, bound, 2)
    body = browser.get(f"/days/{TODAY}").body
    for figure, title, count in (
        ("due", "Kwam erbij", 4),
        ("waiting", "Wachtend", 2),
        ("held", "Vastgehouden", 2),
    ):
        assert rows(body)[title] == str(count)
        assert f'class="count">{count}<' in of_figure(body, figure)
    assert "ORD5" not in body
    assert "ORD6" not in body
    assert "wat er daarna gebeurde, staat niet in de lijsten" in body


def test_a_day_that_nobody_closed_is_listed_as_it_was_stated(
    browser: Browser, world: World
) -> None:
    wait(world, "ORD1")
    draw_up(world)
    world.clock.advance(minutes=5)
    wait(world, "ORD2")
    go_on(browser, days=3)
    body = browser.get(f"/days/{TODAY}").body
    assert "ORD1" in of_figure(body, "waiting")
    assert "ORD2" not in body
    assert "wat er daarna gebeurde, staat niet in de lijsten" in body


def test_what_was_dropped_and_delivered_since_the_statement_is_listed(
    browser: Browser, world: World
) -> None:
    draw_up(world)
    world.clock.advance(minutes=5)
    place(world, "ORD1")
    run = Run(world.connector, world.shop, name="r", by=Actor.EXPORT, stop_at=world.clock())
    note_drop(run, hint("ORD2").key)
    finish(world, OrderStep.DROP, DropCause.NOT_PAID, "ORD2")
    go_on(browser, days=1)
    documents = read_stored(world)
    assert listed(documents, Figure.DROPPED) == ["ORD2"]
    assert listed(documents, Figure.PLACED) == ["ORD1"]
    assert documents.has_moved_on


def test_an_old_file_that_is_found_after_the_statement_is_listed(
    browser: Browser, world: World
) -> None:
    file = place(world, "ORD1", state=FileState.UNKNOWN)
    go_on(browser, days=4)
    draw_up(world)
    deliver(world, advance(world, file, FileStep.FIND))
    claim(world, "ORD2")  # whoever notes another file forgets those that are done with
    documents = read_stored(world, "2026-11-27")
    assert listed(documents, Figure.PLACED) == ["ORD1"]
    assert documents.count_placed() == {file.name: 1}


def test_drops_are_noted_for_two_days_and_in_bounds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_drops, "MOST_DROPS", 2)
    run = Run(world.connector, world.shop, name="r", by=Actor.EXPORT, stop_at=world.clock())
    for key in ("order-1", "order-2", "order-2"):
        note_drop(run, key)
    noted = world.shops.load(SHOP_ID, RecentDrops)
    today = date.fromisoformat(TODAY)
    assert noted == RecentDrops(days={"order-1": today, "order-2": today})
    note_drop(run, "order-3")
    noted = world.shops.load(SHOP_ID, RecentDrops)
    assert noted is not None
    assert noted.incomplete_on == today
    draw_up(world)
    assert read_stored(world).is_behind
    world.clock.advance(days=2)
    note_drop(run, "order-4")
    noted = world.shops.load(SHOP_ID, RecentDrops)
    assert noted is not None
    assert noted.days == {"order-4": today + timedelta(days=2)}


@pytest.mark.parametrize("names_files", [True, False])
def test_a_statement_of_an_earlier_version_is_listed_as_far_as_it_can_be(
    browser: Browser, world: World, *, names_files: bool
) -> None:
    placed = place(world, "ORD1")
    finish(world, OrderStep.DROP, DropCause.NOT_PAID, "ORD2")
    wait(world, "ORD3", "ORD4")
    end_day(browser)
    state_as_before(world, **({} if names_files else {"files": {}}))
    take(world, hint("ORD3").key, OrderStep.CLAIM, file="f")
    take(world, hint("ORD3").key, OrderStep.DROP, cause=DropCause.NOT_PAID, file="f")
    body = browser.get(f"/days/{TODAY}").body
    assert "ORD1" in of_figure(body, "placed")
    assert placed.name in of_figure(body, "placed")
    assert "ORD2" in of_figure(body, "dropped")
    assert rows(body)["Wachtend"] == "2"
    assert "De nummers zijn bij dit afschrift niet bewaard." in of_figure(body, "waiting")
    assert "en nog 2" in of_figure(body, "due")


def test_a_figure_without_any_document_read_says_so(browser: Browser, world: World) -> None:
    state(world, TODAY, Verdict.RIGHT, due=3, held=3, at=world.clock() + timedelta(days=1))
    body = browser.get(f"/days/{TODAY}").body
    assert "De nummers zijn bij dit afschrift niet bewaard." in of_figure(body, "held")
