"""What becomes of each message of the export queue."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.shops import Shop, ShopState
from chalicelib.entries import operator_backfill, operator_rerun, operator_shops
from chalicelib.errors import ShopUnauthorised, ShopUnavailable, Unforeseen
from tests.edge.messages.delivered_messages import (
    CONTENT,
    OTHER_SHOP,
    deliver,
    figures,
    use,
    watched,
)
from tests.fakes import documents_of_shop
from tests.unit.usecases.stage import SHOP_ID, Stage


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


@pytest.mark.parametrize(
    "function", [operator_rerun.rerun, operator_backfill.backfill, operator_shops.shops]
)
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
