"""Every step of a life has a text, for every cause and actor that the table allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.life import FILE_LIFE, ORDER_LIFE
from chalicelib.domain.transitions import Transition
from chalicelib.web.pages import page_templates
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts.biography_texts import EventText, describe_event, describe_history
from chalicelib.web.texts.localisation import load_translations
from chalicelib.web.texts.state_labels import FILE_EVENTS
from tests.edge.web.stored_orders import hint, hold, place, take, wait
from tests.fakes.web import Browser, World

AT = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
REASON = "delivered twice"
NOT_SHOWN = {FileStep.FINISH, FileStep.DISCARD}


def events_of(life: Iterable[Transition[Any]]) -> Iterator[Event]:
    """Every event that a table allows, one without a cause and one with each."""
    for transition in life:
        causes: list[Any] = [cause for kind in transition.causes for cause in kind]
        for by in sorted(transition.by):
            for cause in (None, *causes):
                yield Event(at=AT, step=transition.step, by=by, cause=cause, file="a.xml")


def event(step: OrderStep, by: Actor = Actor.MERCHANT, **given: Any) -> Event:
    return Event(at=AT, step=step, by=by, **given)


def in_dutch(source: str) -> str:
    return load_translations("nl", page_templates.LOCALE).gettext(source)


def written(text: EventText, language: str) -> str:
    pages = PageTemplates(language=language, public_url="https://koppeling.example", now=AT)
    return str(pages.write_event(text))


@pytest.mark.parametrize(
    "event", list(events_of(ORDER_LIFE)), ids=lambda event: f"{event.step}-{event.by}-{event.cause}"
)
def test_every_step_of_an_order_has_a_text_in_both_languages(event: Event) -> None:
    text = describe_event(event)
    for source in (text.text, *text.texts.values()):
        assert in_dutch(source) not in {"", source}
    english, dutch = (written(text, language) for language in ("en", "nl"))
    assert english != dutch
    assert "%(" not in english + dutch


@pytest.mark.parametrize("step", FileStep)
def test_every_step_of_a_file_that_is_news_has_a_text(step: FileStep) -> None:
    assert step in {transition.step for transition in FILE_LIFE}
    assert (step in FILE_EVENTS) is (step not in NOT_SHOWN)
    if step in FILE_EVENTS:
        assert in_dutch(FILE_EVENTS[step].text) != FILE_EVENTS[step].text


@pytest.mark.parametrize("step", [OrderStep.DROP, OrderStep.RELEASE, OrderStep.REPORT])
def test_every_cause_of_these_steps_is_said(step: OrderStep) -> None:
    kinds = {
        OrderStep.DROP: DropCause,
        OrderStep.RELEASE: ReleaseCause,
        OrderStep.REPORT: LateChange,
    }
    neutral = describe_event(event(step, Actor.EXPORT))
    for cause in kinds[step]:
        assert describe_event(event(step, Actor.EXPORT, cause=cause)) != neutral


def test_who_asks_is_said() -> None:
    said = {
        (OrderStep.HINT, Actor.WEBHOOK): "Your webshop reported it",
        (OrderStep.HINT, Actor.BACKFILL): "Taken along with the older orders",
        (OrderStep.DISCOVER, Actor.SWEEP): "Found in your webshop during the daily check",
        (OrderStep.ASK, Actor.MERCHANT): "Put in line at your request",
        (OrderStep.ASK, Actor.OPERATOR): "Our support desk put it in line",
        (OrderStep.RETRY, Actor.MERCHANT): "You asked to look at it again",
        (OrderStep.RETRY, Actor.OPERATOR): "Our support desk put it in line",
        (OrderStep.BOOK_BY_HAND, Actor.MERCHANT): "You said that you dealt with it",
        (OrderStep.BOOK_BY_HAND, Actor.OPERATOR): "Our support desk dealt with it",
    }
    for (step, by), text in said.items():
        assert describe_event(event(step, by)).text.startswith(text)


@pytest.mark.parametrize("asked", list(events_of(ORDER_LIFE)), ids=lambda each: str(each.step))
def test_a_note_is_shown_only_of_what_a_person_did_for_a_reason(asked: Event) -> None:
    noted = Event(at=AT, step=asked.step, by=asked.by, cause=asked.cause, note=REASON)
    again = {OrderStep.SEND_AGAIN, OrderStep.REOPEN}
    shows = asked.step in (OrderStep.DELETE_THERE, OrderStep.CREDIT)
    shows |= asked.cause is RequestCause.ON_PURPOSE and asked.step in again
    shows |= asked.cause is RequestCause.FIRST_GONE and asked.step is OrderStep.SEND_AGAIN
    assert (REASON in written(describe_event(noted), "en")) is shows


@pytest.mark.parametrize(
    "reason", ["original_placed", "taken_back_again", "by_hand", "budget", "released: x"]
)
def test_an_operators_reason_is_never_taken_for_a_cause(
    browser: Browser, world: World, reason: str
) -> None:
    browser.install()
    place(world, "ORD1")
    cause = RequestCause.ON_PURPOSE
    step, by = OrderStep.SEND_AGAIN, Actor.OPERATOR
    take(world, hint("ORD1").key, step, by=by, cause=cause, note=reason)

    body = browser.get("/orders/ORD1").body

    assert (
        f"Op uw verzoek opnieuw verstuurd; gaat mee met de volgende levering. Reden: {reason}"
        in body
    )


def test_the_same_event_reads_the_same_whatever_came_before() -> None:
    again = event(OrderStep.RETRY, cause=RequestCause.ASKED)
    for before in events_of(ORDER_LIFE):
        assert describe_history([before, again])[0] == (again, describe_event(again))


def test_a_change_that_the_sweep_takes_back_was_dealt_with_by_nobody(
    browser: Browser, world: World
) -> None:
    browser.install()
    place(world, "ORD1")
    key = hint("ORD1").key
    take(world, key, OrderStep.REPORT, by=Actor.SWEEP, cause=LateChange.CANCELLED)
    take(world, key, OrderStep.WITHDRAW, by=Actor.SWEEP)

    body = browser.get("/orders/ORD1").body

    assert "In uw webwinkel is de bestelling weer gelijk aan wat er is geboekt." in body
    assert "is afgehandeld" not in body


def test_a_request_that_is_waiting_has_its_own_words(browser: Browser, world: World) -> None:
    browser.install()
    wait(world, "ORD1")
    hold(world, "email_missing", "ORD2")
    take(world, hint("ORD2").key, OrderStep.BOOK_BY_HAND, by=Actor.MERCHANT)

    assert "Uw webwinkel meldde de bestelling" in browser.get("/orders/ORD1").body
    assert "U hebt gemeld dat het is afgehandeld" in browser.get("/orders/ORD2").body


def test_causes_keep_the_words_that_older_records_hold() -> None:
    assert {cause.value for cause in ReleaseCause} >= {
        "budget", "time", "unavailable", "shop unavailable", "not found", "held up", "run failed",
        "inbox refused", "inbox unknown", "file not sent", "file given up", "not in its file",
    }  # fmt: skip
