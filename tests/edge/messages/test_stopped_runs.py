"""A run that could not export says what stopped it, and when it is tried again."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import metrics
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.shops import TroubleCause
from chalicelib.entries import export_messages
from chalicelib.errors import (
    InboxBusy,
    InboxError,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
    LedgerThrottled,
    SealBroken,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
    VaultError,
    VaultUnavailable,
)
from tests.edge.messages.delivered_messages import deliver, figures, message
from tests.fakes import documents_of_shop
from tests.unit.usecases.stage import SHOP_ID, Stage


def test_every_trouble_has_a_figure_that_alarms() -> None:
    assert set(metrics.TROUBLES) == set(TroubleCause)
    assert len(set(metrics.TROUBLES.values())) == len(TroubleCause)
    assert set(metrics.TROUBLES.values()) <= metrics.ALARMING


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ShopUnavailable("502"), TroubleCause.SHOP_UNAVAILABLE),
        (ShopForbidden("403", status=403), TroubleCause.SHOP_FORBIDDEN),
        (ShopUnauthorised("401", status=401), TroubleCause.SHOP_UNAUTHORISED),
        (ShopLanguageUnknown("404", status=404), TroubleCause.LANGUAGE),
        (ShopRefused("400", status=400), TroubleCause.SHOP_REFUSED),
        (InboxNotSent("no route"), TroubleCause.INBOX_UNAVAILABLE),
        (InboxBusy("429"), TroubleCause.INBOX_UNAVAILABLE),
        (InboxRefused("403"), TroubleCause.INBOX_REFUSED),
        (InboxUnknown("reset"), TroubleCause.INBOX_UNKNOWN),
        (VaultUnavailable("throttled"), TroubleCause.VAULT_UNAVAILABLE),
        (SealBroken("copied"), TroubleCause.SEAL_BROKEN),
        (None, TroubleCause.LICENCE),
    ],
    ids=repr,
)
def test_a_run_that_could_not_export_says_what_stopped_it(
    stage: Stage,
    said: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    error: Exception | None,
    cause: TroubleCause,
) -> None:
    stage.have_others()
    stage.receive(documents_of_shop.order(id=1001, number="ORD1"))
    if isinstance(error, InboxError):
        stage.inbox.fail(error)
    elif isinstance(error, VaultError):
        stage.vault.trouble = error
    elif error is not None:
        stage.api.fail(error, "orders_updated_since", "profile")
    else:
        stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))

    assert deliver({"shop_id": SHOP_ID}) == []

    line = json.loads(said.getvalue().splitlines()[-1])
    assert line["level"] in ("WARNING", "ERROR")
    assert (line["trouble"], line["shop_id"]) == (cause.value, SHOP_ID)
    assert "shop exported" not in said.getvalue()
    counted = figures(capsys.readouterr().out)
    alarming = {name for name, value in counted.items() if value and name in metrics.ALARMING}
    assert alarming == {metrics.TROUBLES[cause]}


def test_a_run_that_goes_on_later_is_not_called_done(stage: Stage, said: io.StringIO) -> None:
    stage.receive(documents_of_shop.order(id=1001, number="ORD1"))
    until = stage.now + timedelta(hours=2)
    stage.api.fail(ShopRateLimited("429", until=until), "order")
    deliver({"shop_id": SHOP_ID})
    line = json.loads(said.getvalue().splitlines()[-1])
    assert (line["level"], line["stopped_by"]) == ("WARNING", "budget")
    assert line["goes_on_at"] == until.isoformat()


def test_a_message_is_kept_while_its_run_works(stage: Stage) -> None:
    deliver({"shop_id": SHOP_ID})
    assert [receipt for receipt, _ in stage.queue.kept] == ["r"]


@pytest.mark.parametrize(("received", "minutes"), [(1, 15), (2, 45), (3, 120), (4, 120)])
def test_a_message_that_failed_comes_back_after_fifteen_minutes_an_hour_and_three(
    stage: Stage, received: int, minutes: int
) -> None:
    stage.api.fail(LedgerThrottled("busy"), "orders_updated_since")
    attributes = {"ApproximateReceiveCount": str(received)}
    record = {**message({"shop_id": SHOP_ID}), "attributes": attributes}
    answer = export_messages.export_shop({"Records": [record]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert stage.queue.kept[-1] == ("r", minutes * 60)


def test_one_that_cannot_be_read_comes_back_when_the_queue_says(stage: Stage) -> None:
    assert deliver("not JSON") == ["m0"]
    assert stage.queue.kept == []


def test_an_inbox_that_says_no_is_counted_and_a_file_made_anew_is_not(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.inbox.fail(InboxRefused("403"), times=1)
    stage.receive(documents_of_shop.order(id=1001, number="ORD1"))
    deliver({"shop_id": SHOP_ID})
    assert figures(capsys.readouterr().out)["FilesRefused"] == 1

    file = stage.connector.files.create(
        SHOP_ID, local_day(stage.now), at=stage.now, by=Actor.EXPORT
    )
    assert stage.workspace().record("order-1001", OrderStep.CLAIM, by=Actor.EXPORT, file=file.name)
    stage.now += timedelta(hours=1)
    deliver({"shop_id": SHOP_ID})
    assert figures(capsys.readouterr().out)["FilesRefused"] == 0
    assert len(stage.inbox.files) == 1
