from __future__ import annotations

import json

import pytest

from tests.sandbox.seoshop.conftest import SHOP, Bench


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
def test_a_status_fault_hits_so_many_calls_and_then_stops(bench: Bench, status: int) -> None:
    bench.control("faults", status=status, count=2)
    answers = [bench.call("shop.json") for _ in range(3)]
    assert [each.status_code for each in answers] == [status, status, 200]
    assert answers[0].json
    assert answers[0].json["error"]["code"] == status


def test_a_fault_can_be_for_one_shop_one_path_and_one_method(bench: Bench) -> None:
    bench.control("faults", status=500, shop=SHOP, path="orders/", method="get")
    assert bench.call("shop.json").status_code == 200
    assert bench.call("orders.json").status_code == 200
    assert bench.call("orders/count.json").status_code == 500
    bench.control("faults", clear=True, status=500, shop=7)
    assert bench.call("orders/count.json").status_code == 200


def test_html_comes_instead_of_json(bench: Bench) -> None:
    bench.control("faults", kind="html", count=1)
    answer = bench.call("orders.json")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert answer.data.startswith(b"<!DOCTYPE html>")


def test_truncated_json_does_not_parse(bench: Bench) -> None:
    bench.control("faults", kind="truncated", count=1)
    with pytest.raises(json.JSONDecodeError):
        json.loads(bench.call("shop.json").data)
    bench.get("shop.json")


def test_a_hanging_call_is_answered_after_a_while(bench: Bench) -> None:
    bench.control("faults", kind="hang", seconds=0.01, count=1)
    assert bench.call("shop.json").status_code == 200


def test_an_answer_that_trickles_is_whole_in_the_end(bench: Bench) -> None:
    whole = bench.call("shop.json").data
    bench.control("faults", kind="trickle", seconds=0, count=1)
    answer = bench.call("shop.json")
    assert answer.data == whole


def test_lists_can_be_capped_below_what_is_asked_for(bench: Bench) -> None:
    for _ in range(4):
        bench.order()
    bench.control("faults", switches={"most_listed": 3})
    assert len(bench.get("orders.json?limit=250")["orders"]) == 3
    assert len(bench.get("orders.json?limit=250&page=2")["orders"]) == 1


def test_clearing_ends_all_trouble(bench: Bench) -> None:
    bench.control("faults", status=500)
    bench.control("faults", webhooks={"lose": True})
    left = bench.control("faults", clear=True)
    assert left["api"] == []
    assert left["webhooks"]["lose"] == 0
    assert bench.call("shop.json").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "explode"},
        {"status": "500"},
        {"stauts": 500},
        {"webhooks": {"eat": 1}},
        {"switches": {"sort": 1}},
        {"switches": {"retry_after": "soon"}},
    ],
)
def test_a_fault_that_does_not_exist_is_refused(bench: Bench, form: dict[str, object]) -> None:
    answer = bench.client.post("/_control/faults", data=json.dumps(form))
    assert answer.status_code == 400
    assert answer.json
    assert answer.json["error"]


def test_the_switch_renames_the_events(bench: Bench) -> None:
    bench.order()
    bench.control("faults", switches={"events_key": "orderEvents"})
    assert list(bench.get("orders/events.json")) == ["orderEvents"]


def test_a_forced_refusal_equals_an_empty_allowance(bench: Bench) -> None:
    bench.control("faults", status=429, count=1, switches={"retry_after": "seconds"})
    refused = bench.call("shop.json")
    assert refused.headers["X-RateLimit-Remaining"] == "0/2999/11999"
    assert refused.headers["Retry-After"] == "300"
