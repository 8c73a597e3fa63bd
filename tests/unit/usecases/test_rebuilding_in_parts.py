"""A file is made once more when the shop answers, in parts when it is large, and costs little."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ledger import FileState
from chalicelib.errors import (
    InboxRefused,
    RequestError,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    UnknownFile,
)
from chalicelib.usecases.operating.reading_again import KEPT_FREE, READING_TIME
from chalicelib.usecases.operating.rebuilding import rebuild_file
from chalicelib.usecases.operating.rebuilt_files import (
    FileCause,
    Likeness,
    NotNow,
    Obstacle,
    Part,
    Rebuilt,
)
from tests.unit.usecases.files_once_more import (
    differing,
    last_file,
    rebuild,
    sell_several,
    set_policy,
)
from tests.unit.usecases.stage import PROFILE, SHOP_ID, Stage


def test_where_the_allowance_does_not_reach_it_says_when_it_will() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.calls.clear()
    stage.api.remaining = KEPT_FREE + 3
    stage.api.renewed_at = stage.now + timedelta(minutes=4, seconds=30)
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.readable, result.documents) == (Obstacle.ALLOWANCE, 3, 5)
    assert result.until == stage.now + timedelta(minutes=5)
    assert result.parts == 1
    assert stage.api.calls["order"] == 0


def test_a_file_that_no_allowance_reaches_for_is_offered_in_parts() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.remaining, stage.api.renewed_at = KEPT_FREE + 3, None
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.until, result.parts) == (None, 2)


def test_a_refusal_on_the_way_says_when_to_come_back() -> None:
    stage = Stage()
    sell_several(stage)
    until = stage.now + timedelta(minutes=2)
    stage.api.fail(ShopRateLimited("enough", until=until, status=429), "order", after=2)
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.readable, result.until) == (Obstacle.ALLOWANCE, 2, until)


def test_no_more_is_read_than_an_answer_has_time_for() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.calls.clear()

    def take_time(_: object) -> None:
        stage.now += READING_TIME / 2

    stage.api.before_call = take_time
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.readable, result.parts) == (Obstacle.TIME, 2, 2)
    assert stage.api.calls["order"] == 2


def test_a_shop_that_does_not_answer_is_said() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.fail(ShopUnavailable("no answer", status=502), "order")
    result = rebuild(stage)
    assert isinstance(result, NotNow)
    assert (result.obstacle, result.parts) == (Obstacle.SHOP, 1)


def test_a_refused_token_is_the_whole_shops_affair() -> None:
    stage = Stage()
    sell_several(stage)
    stage.api.fail(ShopUnauthorised("no", status=401))
    with pytest.raises(ShopUnauthorised):
        rebuild(stage)


# ---- in parts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [2, 3, 5])
def test_the_parts_of_a_file_have_all_its_orders_once(of: int) -> None:
    stage = Stage()
    sold = sell_several(stage)
    found = []
    for number in range(1, of + 1):
        result = rebuild(stage, part=Part(number, of))
        assert isinstance(result, Rebuilt)
        assert result.likeness is Likeness.PART
        assert result.name == f"deel-{number}-van-{of}-{last_file(stage).name}"
        found += [one.number for one in sold if one.number.encode() in result.content]
    assert sorted(found) == [one.number for one in sold]


def test_a_part_that_differs_is_not_given_unasked() -> None:
    stage = Stage()
    sold = sell_several(stage)
    stage.api.put(replace(sold[0], firstname="Sanne Maria"))
    assert [one.number for one in differing(stage, part=Part(1, 2)).changed] == ["ORD1000"]
    assert isinstance(rebuild(stage, part=Part(2, 2)), Rebuilt)
    result = rebuild(stage, part=Part(1, 2), as_now=True)
    assert isinstance(result, Rebuilt)
    assert result.name.startswith("nieuw-20260316-0215-deel-1-van-2-axml-")


def test_a_part_under_other_settings_is_not_given_unasked() -> None:
    stage = Stage()
    sell_several(stage)
    set_policy(stage, payments={"ideal": PROFILE.payments[0].code})
    assert differing(stage, part=Part(1, 2)).cause is FileCause.SETTINGS


@pytest.mark.parametrize("part", [Part(3, 2), Part(0, 2), Part(1, 6), Part(1, 26)])
def test_there_are_no_other_parts(part: Part) -> None:
    stage = Stage()
    sell_several(stage)
    with pytest.raises(RequestError):
        rebuild(stage, part=part)


# ---- which files, and at which cost -----------------------------------------------------------


def test_a_file_that_did_not_arrive_is_not_made_once_more() -> None:
    stage = Stage()
    stage.inbox.fail(InboxRefused("no"))
    sell_several(stage)
    assert last_file(stage).state is FileState.VOID
    with pytest.raises(RequestError):
        rebuild(stage)
    with pytest.raises(UnknownFile):
        rebuild_file(stage.workspace(), "axml-orders-20260101-184520-001.xml")


def test_it_takes_one_call_an_order_and_writes_nothing() -> None:
    stage = Stage()
    sold = sell_several(stage)
    before = copy.deepcopy((stage.entries.items, last_file(stage), stage.shops.records))
    sent = list(stage.queue.sent)
    stage.api.calls.clear()
    stage.api.put(replace(sold[1], firstname="Sanne Maria"))
    for as_now in (False, True):
        rebuild(stage, as_now=as_now)
    assert dict(stage.api.calls) == {"order": 10}
    assert (stage.entries.items, last_file(stage), stage.shops.records) == before
    assert stage.queue.sent == sent


def test_the_hash_is_what_proves_a_file() -> None:
    stage = Stage()
    sell_several(stage, 1)
    file = last_file(stage)
    other = hashlib.sha256(b"another").hexdigest()
    stage.connector.files.items[SHOP_ID][file.name] = replace(file, sha256=other)  # type: ignore[attr-defined]
    assert differing(stage).cause is FileCause.UNKNOWN
