"""The operator sees, and erases, all that is kept about a shop or an order."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamodb.schema import ATTRIBUTES, SHOPS
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shop_records import RefundProgress
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError, UnknownOrder, UnknownShop
from chalicelib.usecases.intake.hints import record_delivery
from chalicelib.usecases.operating import erase, extract
from chalicelib.usecases.operating.fleet import shops
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into
from tests.unit.usecases.stage import SHOP_ID, Stage
from tests.unit.usecases.test_coming_and_going import OTHER_TOKEN, arrive

OTHER_SHOP = 7


@pytest.fixture
def stage() -> Stage:
    """Two orders in one file, one held, and a night's statement."""
    made = Stage()
    made.receive(order())
    made.receive(order(id=2, number="ORD00002"))
    made.receive(order(id=3, number="ORD00003", email=""))
    made.night()
    made.workspace().append_audit(ShopStep.PAUSE, Actor.OPERATOR)
    return made


def ask(stage: Stage, **wish: object) -> dict[str, Any]:
    answer = shops(stage.connector, {"shop_id": SHOP_ID, **wish})
    json.dumps(answer)  # as Lambda gives it back
    return answer


def kept(stage: Stage) -> int:
    tables = (stage.entries, stage.connector.files, stage.shops)
    return sum(len(table.extract(SHOP_ID, limit=999)) for table in tables)


# ---- Extract -----------------------------------------------------------------------------------


def test_an_extract_holds_everything_and_no_secret(stage: Stage) -> None:
    answer = ask(stage, action="extract")

    assert answer["next"] is None
    assert sum(len(answer[name]) for name in ("shop", "orders", "files")) == kept(stage)
    (record,) = [item for item in answer["shop"] if item["part"] == "shop"]
    assert (record["token"], record["licence"]) == ("kept, sealed", "kept, sealed")
    assert (record["state"], record["shop_id"]) == ("active", SHOP_ID)
    assert {item["number"] for item in answer["orders"]} == {"ORD00412", "ORD00002", "ORD00003"}
    text = json.dumps(answer)
    assert "t" * 32 not in text
    assert "ASP-1" not in text


def test_an_attribute_that_nobody_listed_is_not_shown() -> None:
    """A new one of a shop's record is secret until somebody lists it."""
    of_others = {"at", "what", "by", "detail", "owner", "until", "wish", "values", "holder"}
    of_others |= {"ranked", "rank"}  # health
    assert ATTRIBUTES[SHOPS] - extract.SHOWN - of_others <= extract.SECRETS


def test_a_large_shop_comes_in_pages_that_leave_nothing_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ask(stage, action="extract")
    monkeypatch.setattr(extract, "LARGEST", 900)
    monkeypatch.setattr(extract, "PART", 2)
    pages = [ask(stage, action="extract")]
    while pages[-1]["next"] is not None:
        pages.append(ask(stage, action="extract", after=pages[-1]["next"]))
        assert len(pages) < 99

    assert len(pages) > 3
    for name in ("shop", "orders", "files"):
        assert [item for page in pages for item in page[name]] == whole[name]


@pytest.mark.parametrize("after", ["nonsense", "orders", "orders/", "queue/x"])
def test_a_place_of_no_page_is_refused(stage: Stage, after: str) -> None:
    with pytest.raises(RequestError, match="next"):
        ask(stage, action="extract", after=after)


def test_one_order_is_shown_with_its_file_and_without_the_others(stage: Stage) -> None:
    stage.shops.save(SHOP_ID, RefundProgress(until=stage.now, left={"order-301204417": stage.now}))
    answer = ask(stage, action="extract", order="ORD00412")

    (entry,) = answer["orders"]
    assert (entry["number"], entry["state"]) == ("ORD00412", "placed")
    assert [event["step"] for event in entry["history"]] == ["hint", "claim", "place"]
    (file,) = answer["files"]
    assert (set(file["keys"]), file["documents"]) == ({"order-301204417"}, 2)
    assert answer["named_in"] == ["refunds"]
    assert "ORD00002" not in json.dumps(answer)
    assert "order-2" not in json.dumps(answer)


def test_an_order_that_nobody_knows_is_said_to_be_unknown(stage: Stage) -> None:
    with pytest.raises(UnknownOrder, match="ORD9"):
        ask(stage, action="extract", order="ORD9")
    with pytest.raises(UnknownShop, match="7"):
        shops(stage.connector, {"shop_id": OTHER_SHOP, "action": "extract"})


@pytest.mark.parametrize(
    "wish",
    [
        {"action": "pause", "order": "ORD00412"},
        {"action": "pause", "confirm": SHOP_ID},
        {"action": "extract", "confirm": SHOP_ID},
        {"action": "erase", "order": "ORD00412"},
        {"action": "extract", "order": "ORD00412", "after": "orders/x"},
        {"order": "ORD00412"},
    ],
    ids=str,
)
def test_a_key_of_another_action_is_refused_with_nothing_done(
    stage: Stage, wish: dict[str, object]
) -> None:
    before = kept(stage)
    with pytest.raises(RequestError):
        ask(stage, **wish)
    assert kept(stage) == before
    assert stage.shops.records[SHOP_ID].state is ShopState.ACTIVE


# ---- Erase -------------------------------------------------------------------------------------


@pytest.mark.parametrize("confirm", [None, OTHER_SHOP, str(SHOP_ID), True])
def test_an_installed_shop_is_not_erased_by_accident(stage: Stage, confirm: object) -> None:
    before = kept(stage)
    with pytest.raises(RequestError):
        ask(stage, action="erase", **({} if confirm is None else {"confirm": confirm}))
    assert kept(stage) == before
    assert look_into(stage.shops.records[SHOP_ID].licence) == "ASP-1"


def erase_now(stage: Stage) -> dict[str, Any]:
    return ask(stage, action="erase", confirm=SHOP_ID)


def assert_erased(stage: Stage) -> None:
    assert stage.entries.extract(SHOP_ID) == stage.connector.files.extract(SHOP_ID) == []
    (line,) = stage.shops.extract(SHOP_ID)
    (event,) = stage.shops.audit(SHOP_ID)
    assert (event.step, event.by, event.note) == (ShopStep.ERASE, Actor.OPERATOR, "")
    assert line.values["expires"] == int((event.at + timedelta(days=2557)).timestamp())


@pytest.mark.parametrize("is_gone", [True, False])
def test_one_line_stays_that_says_it_was_erased(stage: Stage, *, is_gone: bool) -> None:
    if is_gone:
        stage.uninstall()
    answer = ask(stage, action="erase") if is_gone else erase_now(stage)

    assert answer["is_all"]
    assert answer["erased"]["orders"] == 3
    assert answer["erased"]["files"] == 1
    assert_erased(stage)
    with pytest.raises(UnknownShop):
        record_delivery(stage.connector, SHOP_ID, "orders-paid", b'{"order": {"id": 1}}')
    with pytest.raises(UnknownShop, match="Nothing is kept"):
        ask(stage, action="erase")


def test_what_is_left_of_a_shop_whose_record_has_ended_is_erased_too(stage: Stage) -> None:
    stage.uninstall()
    del stage.shops.records[SHOP_ID]

    assert ask(stage, action="erase")["is_all"]

    assert_erased(stage)


def test_a_run_at_work_is_not_disturbed(stage: Stage) -> None:
    until = stage.now + timedelta(minutes=5)
    assert stage.shops.lease(SHOP_ID, "run", now=stage.now, until=until)
    before = kept(stage)

    with pytest.raises(RequestError, match="A run is at work"):
        erase_now(stage)

    assert kept(stage) == before
    assert look_into(stage.shops.records[SHOP_ID].licence) == "ASP-1"
    stage.now += timedelta(minutes=6)
    assert erase_now(stage)["is_all"]


def test_a_large_shop_goes_on_when_it_is_asked_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erase, "PART", 1)
    monkeypatch.setattr(erase, "TIME", timedelta(0))

    first = erase_now(stage)

    assert (first["is_all"], first["erased"]["orders"]) == (False, 1)
    assert stage.shops.records[SHOP_ID].state is ShopState.UNINSTALLED  # and nobody writes any more
    requests = 0
    while not ask(stage, action="erase")["is_all"]:
        requests += 1
        assert requests < 99
    assert_erased(stage)


def test_a_merchant_who_comes_back_meanwhile_keeps_his_shop(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.uninstall()
    stage.now += timedelta(minutes=1)
    erase_beside = stage.shops.erase

    def come_back(shop_id: int, *, limit: int) -> int:
        if stage.shops.records[SHOP_ID].state is ShopState.UNINSTALLED:
            arrive(stage, OTHER_TOKEN)
        return erase_beside(shop_id, limit=limit)

    monkeypatch.setattr(stage.shops, "erase", come_back)

    assert not ask(stage, action="erase")["is_all"]

    assert look_into(stage.shops.records[SHOP_ID].token) == OTHER_TOKEN
    assert stage.shops.lease(SHOP_ID, "run", now=stage.now, until=stage.now)


def test_another_shop_is_left_alone(stage: Stage) -> None:
    file = stage.connector.files.create(OTHER_SHOP, date(2026, 3, 1), at=stage.now, by=Actor.EXPORT)
    erase_now(stage)
    assert stage.connector.files.get(OTHER_SHOP, file.name) == file
