"""While the app has two pairs, calls find by themselves which of them SEOshop takes."""

from __future__ import annotations

import base64

import pytest

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.many_reads import AT_ONCE
from chalicelib.domain.signatures import api_password
from chalicelib.errors import (
    SettingsError,
    ShopError,
    ShopForbidden,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.ports import AppPair
from tests.unit.adapters.seoshop.support import KEY, SECRET, TOKEN, Answer, Call, Desk, payload

NEW = AppPair("a1b2c3d4" * 4, "0f1e2d3c4b5a6978" * 2)
OLD = AppPair(KEY, SECRET)


def basic(pair: AppPair) -> str:
    text = f"{pair.key}:{api_password(TOKEN, pair.secret)}"
    return f"Basic {base64.b64encode(text.encode()).decode()}"


class Seoshop:
    """Takes the pair that is current, and answers 401 to any other."""

    def __init__(self, current: AppPair | None) -> None:
        self.current = current
        self.pairs: tuple[AppPair, ...] = (NEW, OLD)
        self.given: list[str] = []
        self.status = 200

    def __call__(self, call: Call) -> Answer:
        name = {basic(NEW): "new", basic(OLD): "old"}[call.headers["Authorization"]]
        self.given.append(name)
        if self.current is None or call.headers["Authorization"] != basic(self.current):
            return Answer({"error": {"code": 401, "message": "Access denied."}}, 401)
        if self.status != 200:
            return Answer({"error": {"code": self.status, "message": "No."}}, self.status)
        return Answer(payload("shop.json") if call.method == "GET" else {"webhook": WEBHOOK}, 200)

    def pairs_in_turn(self) -> PairsInTurn:
        return PairsInTurn(lambda: self.pairs)


WEBHOOK = {
    "id": 1,
    "isActive": True,
    "itemGroup": "orders",
    "itemAction": "paid",
    "language": "nl",
    "format": "json",
    "address": "https://x.example/",
}


@pytest.mark.parametrize(("current", "first"), [(NEW, ["new"]), (OLD, ["new", "old"])])
def test_calls_go_on_whichever_side_turned_first(current: AppPair, first: list[str]) -> None:
    seoshop = Seoshop(current)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    desk.api.profile()
    assert seoshop.given == first
    desk.api.profile()
    assert seoshop.given == [*first, first[-1]], "the pair that was taken is tried first"


def test_the_pair_that_was_taken_is_known_to_all_calls_of_the_process() -> None:
    seoshop = Seoshop(OLD)
    pairs = seoshop.pairs_in_turn()
    Desk(seoshop, pairs=pairs).api.profile()
    Desk(seoshop, pairs=pairs).api.profile()
    assert seoshop.given == ["new", "old", "old"]


def test_a_run_goes_on_when_seoshop_turns_in_the_middle_of_it() -> None:
    seoshop = Seoshop(OLD)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    desk.api.profile()
    seoshop.current = NEW
    desk.api.profile()
    assert seoshop.given == ["new", "old", "old", "new"]


def test_a_run_goes_by_a_secret_that_is_turned_in_the_middle_of_it() -> None:
    seoshop = Seoshop(OLD)
    seoshop.pairs = (OLD,)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    desk.api.profile()
    seoshop.pairs, seoshop.current = (NEW, OLD), NEW
    desk.api.profile()
    assert seoshop.given == ["old", "old", "new"]


def test_what_changes_something_is_made_once_by_the_pair_that_is_taken() -> None:
    seoshop = Seoshop(OLD)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    desk.api.create_webhook("orders/paid", "https://x.example/")
    assert [call.method for call in desk.shop.calls] == ["POST", "POST"]
    assert seoshop.given == ["new", "old"]


def test_a_shop_is_unauthorised_only_when_both_pairs_are_refused() -> None:
    seoshop = Seoshop(None)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    with pytest.raises(ShopUnauthorised):
        desk.api.profile()
    assert seoshop.given == ["new", "old"]


@pytest.mark.parametrize(("status", "error"), [(403, ShopForbidden), (503, ShopUnavailable)])
def test_any_other_refusal_is_not_asked_about_with_the_other_pair(
    status: int, error: type[Exception]
) -> None:
    seoshop = Seoshop(NEW)
    seoshop.status = status
    with pytest.raises(error):
        Desk(seoshop, pairs=seoshop.pairs_in_turn()).api.profile()
    assert set(seoshop.given) == {"new"}


def test_a_second_try_is_counted_against_the_allowance() -> None:
    seoshop = Seoshop(OLD)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    desk.api.profile()
    assert len(desk.time.slept) == 1, "two calls, spaced"


def test_without_a_usable_pair_nothing_is_called() -> None:
    def unusable() -> tuple[AppPair, ...]:
        raise SettingsError("SEOSHOP_APP_SECRET is empty.")

    seoshop = Seoshop(NEW)
    with pytest.raises(SettingsError):
        Desk(seoshop, pairs=PairsInTurn(unusable)).api.profile()
    assert seoshop.given == []


def test_calls_at_once_find_the_pair_each_for_itself_at_most_once() -> None:
    seoshop = Seoshop(OLD)
    desk = Desk(seoshop, pairs=seoshop.pairs_in_turn())
    found = list(desk.api.read_many([desk.api.profile] * 30))
    assert len(found) == seoshop.given.count("old") == 30
    assert not any(isinstance(one, ShopError) for one in found)
    assert seoshop.given.count("new") <= AT_ONCE
