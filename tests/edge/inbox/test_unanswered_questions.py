"""The inbox says that it took a file, and, asked for it, does not answer: it is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from chalicelib.adapters.inbox import open_inbox
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Contradiction
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.domain.shops import Shop
from chalicelib.ports import Inbox
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.run import Run
from tests.edge.inbox.server import FakeInbox, running
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY = "order-301204417"
NO_ANSWERS: list[dict[str, Any]] = [
    {"head_reply": (503, {})},
    {"head_reply": (504, {})},
    {"head_reply": (429, {})},
    {"break_question": True},
]


@pytest.fixture
def server() -> Iterator[FakeInbox]:
    with running() as inbox:
        yield inbox


@pytest.fixture
def stage(server: FakeInbox) -> Iterator[Stage]:
    """A shop with an order to book, whose inbox is the server's."""
    with requests.Session() as session:
        session.trust_env = False

        def open_over_https(shop: Shop) -> Inbox:
            return open_inbox(
                server.url, look_into(shop.licence) or "", session=session, timeout=60
            )

        stage = Stage()
        stage.connector = replace(stage.connector, open_inbox=open_over_https)
        stage.receive(order())
        yield stage


def export(stage: Stage) -> Run:
    return export_shop(stage.connector, Job(shop_id=SHOP_ID, run=f"run-{stage.now}"))


def only_file(stage: Stage) -> FileEntry:
    [file] = stage.connector.files.list_since(SHOP_ID, stage.now.date())
    return file


def place_unanswered(stage: Stage, server: FakeInbox, no_answer: dict[str, Any]) -> Run:
    """The file is stored, and the question after it gets no answer."""
    for name, value in no_answer.items():
        setattr(server, name, value)
    run = export(stage)
    server.head_reply, server.break_question = None, False
    file = only_file(stage)
    assert (file.state, file.acknowledged_at) == (FileState.UNKNOWN, stage.now)
    assert file.history[-1].cause is Contradiction.NOT_SHOWN
    assert stage.entry(KEY).state is EntryState.CLAIMED
    return run


@pytest.mark.parametrize("no_answer", NO_ANSWERS, ids=repr)
def test_it_is_found_the_same_night(
    stage: Stage, server: FakeInbox, no_answer: dict[str, Any]
) -> None:
    run = place_unanswered(stage, server, no_answer)
    assert run.stopped_by is ReleaseCause.INBOX_UNKNOWN
    assert [shop_id for shop_id, _ in stage.queue.sent] == [SHOP_ID], "a message goes on with it"
    proven_at = stage.now + stage.connector.settings.proof_delay
    assert run.resume_at == proven_at
    stage.now = proven_at
    export(stage)
    assert only_file(stage).state is FileState.PLACED
    assert stage.entry(KEY).state is EntryState.PLACED
    assert server.methods().count("PUT") == len(server.files) == 1


@pytest.mark.parametrize("no_answer", NO_ANSWERS, ids=repr)
def test_it_is_not_sent_again_where_it_is_not_there_then(
    stage: Stage, server: FakeInbox, no_answer: dict[str, Any]
) -> None:
    """The inbox said that it had it, and may have handed it on."""
    place_unanswered(stage, server, no_answer)
    server.files.clear()
    for _ in range(2):
        stage.now += stage.connector.settings.proof_delay
        run = export(stage)
        assert [file.state for file in run.files] == [FileState.UNKNOWN], "an alarm each time"
    assert only_file(stage).state is FileState.UNKNOWN
    assert stage.entry(KEY).state is EntryState.CLAIMED
    assert server.methods().count("PUT") == 1
    assert server.files == {}
