"""The export queue from end to end: what is sent at night, and what becomes of each message."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap, entry, metrics
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.domain.days import local_day
from chalicelib.domain.distance_sales import DistanceFigure
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import (
    InboxBusy,
    InboxError,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
    LedgerThrottled,
    MailError,
    RequestError,
    SealBroken,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
    Unforeseen,
    VaultError,
    VaultUnavailable,
)
from chalicelib.ports import Mail
from chalicelib.usecases.connector import Connector, Post, SenderParts
from chalicelib.web.texts.mail_texts import MailWriter
from tests.fakes import documents_of_shop
from tests.fakes.aws import aws_in_memory
from tests.fakes.log_capture import captured_logs
from tests.fakes.post import MemoryMailer
from tests.unit.usecases.stage import SHOP_ID, Stage
from tools.catalogues import LOCALE

CONTENT = "s.devries@example.nl"  # what an error's own message may quote
OTHER_SHOP = SHOP_ID + 1


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    stage.shops.add(replace(stage.connector.find_shop(SHOP_ID), shop_id=OTHER_SHOP))
    use(stage.connector, monkeypatch)
    return stage


def use(connector: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    senders = SenderParts(shops=connector.shops, queue=connector.queue)
    monkeypatch.setattr(bootstrap, "open_connector", lambda: connector)
    monkeypatch.setattr(bootstrap, "open_senders", lambda: senders)


@pytest.fixture(autouse=True)
def said() -> Iterator[io.StringIO]:
    """All that is logged, formatted as on Lambda."""
    with captured_logs() as written:
        yield written


def message(body: object, number: int = 1) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"messageId": f"m{number}", "receiptHandle": "r", "body": text}


def deliver(*bodies: object) -> list[str]:
    """Hand messages to the function; those that it gives back."""
    records = [message(body, number) for number, body in enumerate(bodies)]
    answer = entry.export_shop({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def watched(shop_id: int = SHOP_ID) -> dict[str, object]:
    return {"shop_id": shop_id, "run": "night", "task": "watch"}


def figures(printed: str) -> dict[str, int]:
    """The metrics that were printed for CloudWatch."""
    found: dict[str, int] = {}
    for line in printed.splitlines():
        printed_line = json.loads(line)
        for metric in printed_line["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            found[metric["Name"]] = int(printed_line[metric["Name"]][0])
    return found


def test_the_watch_sends_every_shop_a_message_that_has_it_watched_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with aws_in_memory():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="exports")["QueueUrl"]
        use(replace(stage.connector, queue=SqsExportQueue(lambda: sqs, url)), monkeypatch)

        assert entry.watch({"id": "night"}) == {"shops": 2}
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]

    bodies = [each["Body"] for each in found]
    assert [json.loads(body) for body in bodies] == [watched(), watched(OTHER_SHOP)]
    assert deliver(*bodies) == []
    assert [each.topic for each in stage.api.subscriptions] == ["orders/paid"] * 2
    assert stage.inbox.files == {}


def test_the_daily_export_sends_what_it_always_sent(stage: Stage) -> None:
    assert entry.daily_export({"id": "night"}) == {"shops": 2}
    assert stage.queue.sent == [(SHOP_ID, 0), (OTHER_SHOP, 0)]
    assert stage.queue.watches == []


@pytest.mark.parametrize("event", [{}, None, {"id": "night"}], ids=repr)
def test_an_operator_starts_the_night_for_all_shops_by_hand(stage: Stage, event: Any) -> None:
    assert entry.daily_export(event) == {"shops": 2}
    assert entry.watch(event) == {"shops": 2}
    assert stage.queue.sent == [(SHOP_ID, 0), (OTHER_SHOP, 0)]
    assert stage.queue.watches == [SHOP_ID, OTHER_SHOP]


@pytest.mark.parametrize("event", [{"shop_id": SHOP_ID}, {"Records": []}, [1], "text", 7], ids=repr)
@pytest.mark.parametrize("function", [entry.daily_export, entry.watch])
def test_what_is_meant_for_one_shop_does_not_start_the_night_of_all(
    stage: Stage, function: Any, event: Any
) -> None:
    with pytest.raises(RequestError, match=r"all shops and takes \{\}.*rerun"):
        function(event)
    assert stage.queue.messages == []


@pytest.mark.parametrize("event", [{}, None, {"shop_id": SHOP_ID}, []], ids=repr)
def test_what_only_the_queue_starts_says_what_does_it_by_hand(event: Any) -> None:
    with pytest.raises(RequestError, match=r"rerun.*daily_export"):
        entry.export_shop(event, None)


@pytest.mark.parametrize(
    ("function", "wanted"), [(entry.rerun, "shop_id|JSON"), (entry.backfill, "shop_id|JSON")]
)
@pytest.mark.parametrize("event", [{}, None], ids=repr)
def test_a_repair_without_a_shop_says_what_it_wants(
    stage: Stage, function: Any, wanted: str, event: Any
) -> None:
    with pytest.raises(RequestError, match=wanted):
        function(event, None)


@pytest.mark.parametrize("event", [{}, None], ids=repr)
def test_shops_lists_all_of_them(stage: Stage, event: Any) -> None:
    assert len(entry.shops(event, None)["shops"]) == 2


@pytest.mark.parametrize("name", ["daily_export", "watch"])
@pytest.mark.parametrize("event", [{}, None, {"id": "1", "version": "0"}], ids=repr)
def test_chalice_lets_a_night_be_started_by_hand(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, event: Any
) -> None:
    import app

    assert getattr(app, name)(event, None) == {"shops": 2}


def test_one_shops_unforeseen_error_comes_back_alone_and_is_logged_without_its_words(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    said: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def open_shop(shop: Shop) -> Any:
        if shop.shop_id == OTHER_SHOP:
            raise ValueError(f"not a phone number: {CONTENT}")
        return stage.api

    use(replace(stage.connector, open_shop=open_shop), monkeypatch)
    stage.receive(documents_of_shop.order(id=1001, number="ORD1"))

    back = deliver(watched(OTHER_SHOP), watched(), {"shop_id": OTHER_SHOP}, {"shop_id": SHOP_ID})

    assert back == ["m0", "m2"]
    assert len(stage.api.subscriptions) == 1
    assert len(stage.inbox.files) == 1
    logged = said.getvalue()
    assert CONTENT not in logged
    assert "ValueError" in logged
    assert f"{__file__}:" in logged, "nobody could find the place"
    assert str(OTHER_SHOP) in logged
    counted = figures(capsys.readouterr().out)
    assert counted["WatchesFailed"] == counted["ExportsFailed"] == counted["ShopsWatched"] == 1


POISON = {
    "not JSON": "not JSON",
    "[]": "JSON object",
    '"text"': "JSON object",
    "{}": "shop_id",
    '{"shop": 1}': "shop_id",
    '{"shop_id": true}': "shop_id",
    '{"shop_id": "184520"}': "shop_id",
    '{"shop_id": -1}': "shop_id",
    '{"shop_id": 184520, "run": 3}': "run",
    '{"shop_id": 184520, "task": "wach"}': "none of export, watch, retry, wish",
    '{"shop_id": 184520, "task": ["watch"]}': "none of export, watch, retry, wish",
    '{"shop_id": 184520, "task": null}': "none of export, watch, retry, wish",
    '{"shop_id": "s.devries@example.nl"}': "shop_id",
}


@pytest.mark.parametrize(("body", "why"), POISON.items())
def test_poison_is_refused_in_words_and_comes_back_until_it_is_a_dead_letter(
    stage: Stage,
    said: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    body: str,
    why: str,
) -> None:
    assert deliver(body) == ["m0"]

    (line,) = [json.loads(line) for line in said.getvalue().splitlines()]
    assert why in line["message"]
    assert (line["error"], line["message_id"]) == ("RequestError", "m0")
    assert CONTENT not in said.getvalue()
    assert figures(capsys.readouterr().out) == {"ExportsFailed": 1}
    assert stage.api.subscriptions == []


def test_a_shop_that_does_not_answer_its_watch_is_tried_again(
    stage: Stage, said: io.StringIO
) -> None:
    stage.api.fail(ShopUnavailable("SEOshop did not answer GET webhooks.json in time."), "webhooks")

    assert deliver(watched()) == ["m0"]
    assert "did not answer" in said.getvalue()


def test_a_refused_token_disconnects_the_shop_and_needs_no_second_try(
    stage: Stage, said: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.have_others()
    stage.api.fail(ShopUnauthorised("SEOshop refuses the shop's token.", status=401))

    assert deliver(watched()) == []
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.DISCONNECTED
    assert '"trouble":"shop_unauthorised"' in said.getvalue()
    assert figures(capsys.readouterr().out)["ShopsUnauthorised"] == 1


@pytest.mark.parametrize("task", ["watch", "export"])
def test_a_message_of_a_shop_that_has_left_is_done_with(stage: Stage, task: str) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))

    assert deliver({"shop_id": SHOP_ID, "task": task}, {"shop_id": 5, "task": task}) == []
    assert not stage.api.calls
    assert stage.api.subscriptions == []


def test_what_a_watch_finds_is_logged_and_counted(
    stage: Stage, said: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(watched())
    first, counted = said.getvalue(), figures(capsys.readouterr().out)
    deliver(watched())

    assert "shop needs a look" in first
    assert "orders/paid" in first
    assert counted == {
        "ShopsWatched": 1,
        "SubscriptionsMended": 1,
        "SealsRenewed": 0,
        "SealsBroken": 0,
        "ShopsQuiet": 0,
        "ContactsNotTold": 0,
        "ShopsUnauthorised": 0,
        "ShopsUnproven": 0,
        "AppRefused": 0,
    }
    assert "shop needs a look" not in said.getvalue().removeprefix(first)
    assert figures(capsys.readouterr().out)["SubscriptionsMended"] == 0


@pytest.mark.parametrize("function", [entry.rerun, entry.backfill, entry.shops])
def test_lambda_is_given_no_errors_words_but_ours(
    function: Any,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    said: io.StringIO,
) -> None:
    def get(shop_id: int) -> Shop:
        raise ValueError(CONTENT)

    monkeypatch.setattr(stage.shops, "get", get)

    with pytest.raises(Unforeseen, match="ValueError") as caught:
        function({"shop_id": SHOP_ID}, SimpleNamespace(aws_request_id="1"))

    assert CONTENT not in str(caught.value)
    assert CONTENT not in said.getvalue()
    assert f"{__file__}:" in said.getvalue()


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
    answer = entry.export_shop({"Records": [record]}, None)
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


class TestTheMailOfTheMorning:
    """It goes with the watch, and neither spoils the other."""

    @pytest.fixture
    def mailer(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> MemoryMailer:
        """An order waits on the merchant, and mail is sent."""
        mailer = MemoryMailer()
        word = MailWriter(public_url="https://koppeling.example", support="", locale=LOCALE).word
        stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=word))
        use(stage.connector, monkeypatch)
        stage.receive(documents_of_shop.order(id=1001, number="ORD1001", email=""))
        deliver({"shop_id": SHOP_ID})
        return mailer

    def test_it_is_sent_once_however_often_the_message_comes(
        self, stage: Stage, mailer: MemoryMailer, said: io.StringIO
    ) -> None:
        assert deliver(watched(), watched(), watched()) == []
        assert len(mailer.sent) == 1
        assert '"outcome":"sent"' in said.getvalue()
        assert stage.api.contact not in said.getvalue()

    def test_it_is_sent_although_the_watch_fails(self, stage: Stage, mailer: MemoryMailer) -> None:
        stage.api.fail(ShopUnavailable("no"), "webhooks")
        assert deliver(watched()) == ["m0"]
        assert len(mailer.sent) == 1

    @pytest.mark.parametrize("error", [MailError("refused: Throttled"), ValueError(CONTENT)])
    def test_a_mail_that_fails_brings_no_message_back(
        self,
        mailer: MemoryMailer,
        monkeypatch: pytest.MonkeyPatch,
        said: io.StringIO,
        error: Exception,
    ) -> None:
        def send(address: str, mail: Mail) -> None:
            raise error

        monkeypatch.setattr(mailer, "send", send)
        assert deliver(watched()) == []
        assert "no morning mail" in said.getvalue()
        assert CONTENT not in said.getvalue()


class TestTheThresholdForSalesAbroad:
    """It is added up anew with the watch, and neither spoils the other."""

    def kept(self, stage: Stage) -> DistanceFigure | None:
        return stage.shops.load(SHOP_ID, DistanceFigure)

    def test_it_is_added_up_with_the_watch(self, stage: Stage) -> None:
        assert deliver(watched()) == []
        found = self.kept(stage)
        assert found is not None
        assert found.year == local_day(stage.now).year

    def test_it_is_added_up_although_the_watch_fails(self, stage: Stage) -> None:
        stage.api.fail(ShopUnavailable("no"), "webhooks")
        assert deliver(watched()) == ["m0"]
        assert self.kept(stage) is not None

    @pytest.mark.parametrize("error", [LedgerThrottled("no"), ValueError(CONTENT)])
    def test_what_goes_wrong_is_logged_and_brings_no_message_back(
        self,
        stage: Stage,
        monkeypatch: pytest.MonkeyPatch,
        said: io.StringIO,
        error: Exception,
    ) -> None:
        def get_returns(shop_id: int, names: object) -> None:
            raise error

        monkeypatch.setattr(stage.connector.files, "get_returns", get_returns)
        assert deliver(watched()) == []
        assert self.kept(stage) is None
        assert "no distance sales" in said.getvalue()
        assert CONTENT not in said.getvalue()
