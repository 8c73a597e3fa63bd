"""An operator's or merchant's words are shown and decide nothing, even when they equal a code."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest

from chalicelib.domain import causes, events, holds
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.repeated_requests import Requests
from chalicelib.errors import InboxRefused, InboxUnknown
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage

pytestmark = pytest.mark.slow

KEY, NUMBER = "order-301204417", "ORD00412"
INNOCENT = "deleted in Asperion"

CODES = sorted(
    {
        code.value
        for module in (causes, holds, events)
        for codes in vars(module).values()
        if isinstance(codes, type) and issubclass(codes, StrEnum)
        for code in codes
    }
)


def without_notes(entry: Entry) -> Entry:
    history = tuple(replace(event, note="") for event in entry.history)
    return replace(entry, history=history)


def without_requests(stage: Stage) -> dict[str, Any]:
    """What is kept beside the shop, but for the keyed hashes by which a repetition is known."""
    kept = stage.shops.kept[SHOP_ID]
    return {name: record for name, record in kept.items() if name != Requests.NAME}


def operator_sends_again(stage: Stage, words: str) -> None:
    wish: dict[str, Any] = {"shop_id": SHOP_ID, "orders": [NUMBER], "reason": words}
    assert rerun(stage.connector, wish, run="rerun")["files"][0]["orders"] == [NUMBER]


def merchant_sends_again(stage: Stage, words: str) -> None:
    by = Actor.MERCHANT
    assert repair.send_order_again(stage.workspace(), NUMBER, reason=words, by=by) == 1
    stage.night()


def booked() -> Stage:
    stage = Stage()
    stage.receive(order())
    stage.night()
    return stage


def booked_by_hand() -> Stage:
    stage = Stage()
    stage.receive(order(email=""))
    stage.night()
    assert repair.book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    stage.night()
    assert stage.entry(KEY).state is EntryState.DROPPED
    stage.api.put(order())
    return stage


def held() -> Stage:
    stage = Stage()
    stage.receive(order(email=""))
    stage.night()
    stage.api.put(order())
    return stage


def dropped() -> Stage:
    stage = Stage()
    stage.receive(order(payment_status="not_paid"))
    stage.night()
    stage.api.put(order())
    return stage


SENDINGS = [
    (booked, operator_sends_again),
    (booked, merchant_sends_again),
    (booked_by_hand, operator_sends_again),
    (booked_by_hand, merchant_sends_again),
    (held, operator_sends_again),
    (dropped, operator_sends_again),
]


def sent_again(before: Any, send: Any, words: str) -> tuple[Stage, Entry]:
    stage = before()
    send(stage, words)
    stage.night()
    return stage, stage.entry(KEY)


@pytest.fixture(autouse=True)
def one_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is the same when what is in it is the same."""
    monkeypatch.setattr("secrets.token_hex", lambda size: "0" * 2 * size)


@pytest.mark.parametrize(("before", "send"), SENDINGS)
def test_a_reason_that_equals_a_code_changes_nothing_but_the_note(before: Any, send: Any) -> None:
    innocent, expected = sent_again(before, send, INNOCENT)
    assert expected.state is EntryState.PLACED
    for words in CODES:
        stage, entry = sent_again(before, send, words)
        assert without_notes(entry) == without_notes(expected), words
        notes = [event.note for event in entry.history if event.note]
        assert notes == [words]
        assert stage.inbox.files == innocent.inbox.files, words
        assert without_requests(stage) == without_requests(innocent), words


def test_the_operators_by_hand_on_a_placed_order_is_a_second_file() -> None:
    """As it was found: the order became dropped, its reason being read as a code."""
    stage, entry = sent_again(booked, operator_sends_again, "by_hand")
    assert (entry.state, entry.revision, entry.by_hand) == (EntryState.PLACED, 1, False)
    assert len(stage.booked()) == 2
    steps = [event.step for event in entry.history]
    assert steps[-3:] == [OrderStep.SEND_AGAIN, OrderStep.CLAIM, OrderStep.PLACE]


@pytest.mark.parametrize("error", [InboxRefused, InboxUnknown])
def test_the_inboxs_words_are_a_note_of_the_file_and_decide_nothing(
    error: type[Exception],
) -> None:
    def file_after(words: str) -> FileEntry:
        stage = Stage()
        stage.receive(order())
        stage.inbox.fail(error(words))
        stage.inbox.mute = True
        stage.night()
        (file,) = stage.connector.files.list_recent(SHOP_ID, 9)
        assert [event.note for event in file.history if event.note] == [words]
        return replace(file, history=tuple(replace(event, note="") for event in file.history))

    expected = file_after("no answer")
    assert expected.state is (FileState.VOID if error is InboxRefused else FileState.UNKNOWN)
    for words in CODES:
        assert file_after(words) == expected, words


def test_there_are_codes_to_try() -> None:
    assert {"by_hand", "cancelled", "not found", "send again", "email_missing"} <= set(CODES)
    assert {"operator", "cannot tell", "give up", "uninstalled", "refunded"} <= set(CODES)
