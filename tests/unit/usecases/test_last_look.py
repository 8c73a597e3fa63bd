"""The merchant leaves, pauses or changes something while the run reads his orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.domain.policy import DateBasis, Source
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.placing import BEGINS_WITHIN
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.usecases.shop.leaving import pause_shop
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into, seal_licence, seal_token
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY = "order-301204417"
Deed = Callable[[Stage], object]


def meanwhile(stage: Stage, deed: Deed) -> None:
    """While the run reads its order, somebody does something."""

    def interrupt(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            deed(stage)

    stage.api.before_call = interrupt


def changing(**fields: Any) -> Deed:
    return lambda stage: stage.shops.update(SHOP_ID, lambda shop: replace(shop, **fields))


def with_policy(**choices: Any) -> Deed:
    return lambda stage: stage.choose(**choices)


def pauses(stage: Stage) -> None:
    pause_shop(stage.workspace(), by=Actor.MERCHANT)


def uninstalls(stage: Stage) -> None:
    stage.uninstall()


STAYS = [
    changing(licence=seal_licence("ASP-2")),
    changing(token=seal_token("n" * 32)),
    changing(language="de"),
    changing(currency="GBP"),
    with_policy(date_basis=DateBasis.PAYMENT),
    with_policy(small_business_scheme=True),
    with_policy(source=Source.INVOICES),
]
LEAVES = [pauses, uninstalls, changing(state=ShopState.DISCONNECTED)]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order())
    return stage


def export(stage: Stage) -> Run:
    return export_shop(stage.connector, Job(shop_id=SHOP_ID, run=f"run-{stage.now}"))


def gave_back(stage: Stage) -> None:
    """Nothing was sent; the document waits, and its biography says why."""
    assert stage.inbox.files == {}
    entry = stage.entry(KEY)
    assert (entry.state, entry.file) == (EntryState.WAITING, None)
    last = entry.history[-1]
    assert (last.step, last.cause) == (OrderStep.RELEASE, ReleaseCause.SHOP_CHANGED)


@pytest.mark.parametrize("deed", STAYS)
def test_what_the_file_was_made_by_changed_so_it_is_made_anew_the_same_night(
    stage: Stage, deed: Deed
) -> None:
    meanwhile(stage, deed)
    run = export(stage)
    gave_back(stage)
    assert [file.state for file in run.files] == [FileState.VOID]
    assert run.trouble is None
    [message] = stage.queue.messages
    assert message.delay <= 5


def test_the_run_that_goes_on_sends_to_the_new_licence_code(stage: Stage) -> None:
    sent: list[tuple[str, bytes]] = []

    def open_inbox(shop: Shop) -> Any:
        inbox = stage.inbox
        sent.append((look_into(shop.licence) or "", b""))
        return inbox

    stage.connector = replace(stage.connector, open_inbox=open_inbox)
    meanwhile(stage, changing(licence=seal_licence("ASP-2")))
    export(stage)
    gave_back(stage)
    export(stage)
    assert sent[-1][0] == "ASP-2"
    assert stage.entry(KEY).state is EntryState.PLACED
    assert len(stage.booked()) == 1


@pytest.mark.parametrize("deed", LEAVES)
def test_a_shop_that_exports_no_more_gets_nothing_sent(stage: Stage, deed: Deed) -> None:
    meanwhile(stage, deed)
    run = export(stage)
    gave_back(stage)
    assert run.resume_at is None
    assert stage.queue.messages == []
    assert run.trouble is None


@pytest.mark.parametrize(
    "deed",
    [
        changing(title="Another name"),
        changing(domain="another"),
        changing(state=ShopState.CANCELLED),  # works on until it is uninstalled
        lambda stage: stage.shops.update(SHOP_ID, lambda s: replace(s, swept_until=stage.now)),
        lambda stage: stage.shops.update(SHOP_ID, lambda s: replace(s, changed_at=stage.now)),
    ],
)
def test_what_no_file_depends_on_gives_nothing_back(stage: Stage, deed: Deed) -> None:
    meanwhile(stage, deed)
    run = export(stage)
    assert [file.state for file in run.files] == [FileState.PLACED]
    assert stage.entry(KEY).state is EntryState.PLACED


@pytest.mark.parametrize("deed", [*STAYS[:2], *LEAVES])
def test_the_same_bytes_are_not_sent_once_more_either(stage: Stage, deed: Deed) -> None:
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.night()
    meanwhile(stage, deed)
    stage.now += stage.connector.settings.proof_delay
    export(stage)
    gave_back(stage)


def test_a_rerun_of_chosen_orders_gives_back_and_goes_on_later(stage: Stage) -> None:
    meanwhile(stage, changing(licence=seal_licence("ASP-2")))
    wish = {"shop_id": SHOP_ID, "orders": ["ORD00412"]}
    answer = rerun(stage.connector, wish, run="rerun/1")
    gave_back(stage)
    assert [file["state"] for file in answer["files"]] == ["void"]
    assert answer["waiting"] == 1
    assert len(stage.queue.messages) == 1


def delay_last_look(stage: Stage, monkeypatch: pytest.MonkeyPatch, lasts: timedelta) -> None:
    """Once a file is fixed, the next look at the shop takes this long."""
    files: Any = stage.connector.files
    record, get = files.record, stage.shops.get

    def read_slowly(shop_id: int) -> Shop | None:
        monkeypatch.setattr(stage.shops, "get", get)
        stage.now += lasts
        return get(shop_id)

    def fix(file: FileEntry, event: Event, content: FileContent | None = None) -> Any:
        recorded = record(file, event, content)
        if event.step in (FileStep.FIX, FileStep.RESEND):
            monkeypatch.setattr(stage.shops, "get", read_slowly)
        return recorded

    monkeypatch.setattr(files, "record", fix)


@pytest.mark.parametrize("is_sent_again", [False, True], ids=["first", "again"])
def test_a_look_that_takes_minutes_sends_nothing_and_leaves_the_file_to_a_later_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, is_sent_again: bool
) -> None:
    """Another run may have learned meanwhile that the file is not there."""
    if is_sent_again:
        stage.inbox.fail(InboxUnknown("no answer"), times=1)
        export(stage)
        stage.now += stage.connector.settings.proof_delay
    with monkeypatch.context() as slow:
        delay_last_look(stage, slow, BEGINS_WITHIN + timedelta(seconds=1))
        run = export(stage)
    assert stage.inbox.files == {}
    assert stage.entry(KEY).state is EntryState.CLAIMED
    assert run.stopped_by is ReleaseCause.HELD_UP
    assert run.resume_at == stage.now + stage.connector.settings.proof_delay
    stage.now = run.resume_at + BEGINS_WITHIN
    assert [file.state for file in export(stage).files] == [FileState.PLACED]
    assert stage.entry(KEY).state is EntryState.PLACED
    assert len(stage.booked()) == 1


def test_a_look_that_takes_a_while_is_in_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    delay_last_look(stage, monkeypatch, BEGINS_WITHIN)
    assert [file.state for file in export(stage).files] == [FileState.PLACED]
