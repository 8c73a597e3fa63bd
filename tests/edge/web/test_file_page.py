"""The page of a file: what the inbox could not be asked, what it contradicts, and what is twice."""

from __future__ import annotations

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.discrepancies import Discrepancy, DiscrepancyKind
from chalicelib.domain.events import Actor, Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.statement import Verdict
from tests.edge.web.stored_orders import SHA, advance, claim, place, state, take
from tests.fakes.web import SHOP_ID, Browser, World


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def stored(world: World, file: FileEntry) -> FileEntry:
    found = world.files.get(SHOP_ID, file.name)
    assert found is not None
    return found


def send(world: World, *numbers: str) -> FileEntry:
    """Orders in a file whose sending began."""
    file, keys = claim(world, *numbers)
    content = FileContent(keys=dict.fromkeys(keys, "print"), sha256=SHA, size=18342)
    return advance(world, file, FileStep.FIX, content)


@pytest.fixture
def double(world: World) -> tuple[FileEntry, FileEntry]:
    """A file that was given up, and is there; and the one that its order went into."""
    first = advance(world, send(world, "ORD1"), FileStep.MISS)
    for key in first.keys:
        cause = ReleaseCause.FILE_NOT_SENT
        take(world, key, OrderStep.RELEASE, cause=cause, file=first.name)
    finished = advance(world, first, FileStep.FINISH)
    second = place(world, "ORD1")
    return advance(world, finished, FileStep.SURFACE), second


def double_of(file: FileEntry) -> Discrepancy:
    return Discrepancy(kind=DiscrepancyKind.DOUBLES, count=1, names=(file.name,))


def test_a_double_says_both_files_and_what_to_delete(
    browser: Browser, double: tuple[FileEntry, FileEntry]
) -> None:
    first, second = double
    page = browser.get(f"/files/{first.name}").body
    assert "Deze bestellingen staan dubbel in Asperion" in page
    assert (
        f"Verwijder in Asperion de facturen van deze bestellingen die met bestand {first.name}"
        in page
    )
    assert f"/files/{second.name}" in page
    assert "/orders/ORD1" in page
    assert 'value="resolved"' in page


def test_the_overview_shows_it_first_and_counts_it_once(
    world: World, browser: Browser, double: tuple[FileEntry, FileEntry]
) -> None:
    first, second = double
    state(world, "2026-03-15", Verdict.WRONG, discrepancies=(double_of(first),))
    page = browser.get("/").body
    assert "1 bestelling staat dubbel in Asperion" in page
    assert first.name in page
    assert second.name in page
    assert "nothing was booked twice" not in page
    assert "er is niets dubbel geboekt" not in page
    assert "<h1>1 bestelling vraagt uw aandacht</h1>" in page


def test_the_day_says_why_it_is_not_right(
    world: World, browser: Browser, double: tuple[FileEntry, FileEntry]
) -> None:
    state(world, "2026-03-15", Verdict.WRONG, discrepancies=(double_of(double[0]),))
    page = browser.get("/days/2026-03-15").body
    assert "Een bestand kwam aan nadat het was opgegeven" in page
    assert f"/files/{double[0].name}" in page
    assert "er is niets dubbel geboekt" not in page


def test_the_merchant_says_that_it_is_dealt_with_once(
    world: World, browser: Browser, double: tuple[FileEntry, FileEntry]
) -> None:
    path = f"/files/{double[0].name}"
    browser.post(path, {"action": "resolved"})
    assert stored(world, double[0]).state is FileState.PLACED
    assert "Het bestand staat niet meer op uw lijst" in browser.get(path).body
    browser.post(path, {"action": "resolved"})
    assert "staat dubbel" not in browser.get("/").body
    steps = [event.step for event in stored(world, double[0]).history]
    assert steps.count(FileStep.RESOLVE) == 1


@pytest.mark.parametrize("action", ["", "again", "confirm"])
def test_no_other_verdict_is_a_merchants(
    world: World, browser: Browser, double: tuple[FileEntry, FileEntry], action: str
) -> None:
    answer = browser.post(f"/files/{double[0].name}", {"action": action})
    assert answer.status == 400
    assert stored(world, double[0]) == double[0]


def test_what_was_never_double_cannot_be_dealt_with(world: World, browser: Browser) -> None:
    file = place(world, "ORD1")
    assert browser.post(f"/files/{file.name}", {"action": "resolved"}).status == 400
    assert stored(world, file).state is FileState.PLACED


def test_an_inbox_that_cannot_be_asked_is_said(world: World, browser: Browser) -> None:
    file = advance(world, send(world, "ORD1"), FileStep.TRUST)
    said = "We kunnen Asperion niet vragen of dit bestand er staat"
    assert said in browser.get(f"/files/{file.name}").body
    assert "We kunnen Asperion niet vragen of uw bestanden er staan" in browser.get("/").body


def test_once_a_file_is_shown_again_nothing_is_said(world: World, browser: Browser) -> None:
    advance(world, send(world, "ORD1"), FileStep.TRUST)
    file = place(world, "ORD2")
    assert "kunnen we niet vragen" not in browser.get(f"/files/{file.name}").body
    assert "kunnen we niet vragen" not in browser.get("/").body


def test_a_contradiction_is_said(world: World, browser: Browser) -> None:
    fixed = send(world, "ORD1")
    event = Event(
        at=world.clock(),
        step=FileStep.CONTRADICT,
        by=Actor.EXPORT,
        cause=Contradiction.NOT_SHOWN,
    )
    assert world.files.record(fixed, event)
    page = browser.get(f"/files/{fixed.name}").body
    assert "spreekt zichzelf tegen" in page
