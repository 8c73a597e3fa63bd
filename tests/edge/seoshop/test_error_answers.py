"""Whatever SEOshop answers, to whichever call: of its text nothing is in an error or in a log.

The calls are those of `ShopCall`, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import inspect
import io
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters.seoshop.calls import ShopCall, name_call
from chalicelib.errors import ShopError
from chalicelib.ports import ShopApi
from tests.edge.seoshop.planted_answers import (
    HEADERS,
    LINKED,
    SINCE,
    STATUSES,
    WAYS,
    WORD,
    answering_badly,
    bodies,
    each_value,
    fits,
)
from tests.fakes.log_capture import captured_logs
from tests.unit.adapters.seoshop.support import Answer, Desk

pytestmark = pytest.mark.slow

MAKES_NO_CALL = {"limit_time", "read_many", "remaining_calls", "skipped_rows", "when_allowed"}
AS_ANOTHER = {
    "find_order": ShopCall.LIST_ORDERS,
    "latest_orders": ShopCall.LIST_ORDERS,
    "find_invoice": ShopCall.LIST_INVOICES,
    "latest_invoices": ShopCall.LIST_INVOICES,
    "orders_created_between": ShopCall.LIST_ORDERS,
    "details_updated_since": ShopCall.LIST_ORDERS,
    "contact_address": ShopCall.READ_PROFILE,
    "vat_number": ShopCall.READ_PROFILE,
}


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """All that is logged, by every logger, as Lambda would get it."""
    with captured_logs() as written:
        yield written


def everything_of(error: BaseException | None) -> Iterator[str]:
    """All that an error shows, and those before it."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args))
        yield "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__


def check(error: ShopError) -> None:
    for text in everything_of(error):
        assert "zzyzx" not in text.lower(), text
    assert str(error).isprintable()


@pytest.mark.parametrize("call", ShopCall)
@pytest.mark.parametrize("status", STATUSES)
def test_no_answer_is_quoted(call: ShopCall, status: int, said: io.StringIO) -> None:
    for body in bodies(WAYS[call].good):
        desk = Desk(answering_badly(call, Answer(body, status, HEADERS)))
        try:
            WAYS[call].make(desk.api)
        except ShopError as error:
            check(error)
            logging.getLogger("chalicelib.test").exception("an error that is logged as it is")
        assert any(fits(call, made) for made in desk.shop.calls), "the call was not made"
    assert "zzyzx" not in said.getvalue().lower()


@pytest.mark.parametrize("call", ShopCall)
def test_no_single_value_of_an_answer_is_quoted(call: ShopCall, said: io.StringIO) -> None:
    for body in each_value(WAYS[call].good):
        desk = Desk(answering_badly(call, Answer(body)))
        try:
            WAYS[call].make(desk.api)
        except ShopError as error:
            check(error)
    assert "zzyzx" not in said.getvalue().lower()


@pytest.mark.parametrize(("method", "call"), AS_ANOTHER.items())
def test_nor_is_one_to_a_method_that_makes_another_ones_call(
    method: str, call: ShopCall, said: io.StringIO
) -> None:
    arguments = {
        "find_order": ("ORD1",),
        "find_invoice": ("INV1",),
        "latest_orders": (50,),
        "latest_invoices": (50,),
        "orders_created_between": (SINCE, SINCE),
        "details_updated_since": (SINCE,),
    }
    for body in (*bodies(WAYS[call].good), *each_value(WAYS[call].good)):
        desk = Desk(answering_badly(call, Answer(body, 200, HEADERS)))
        try:
            getattr(desk.api, method)(*arguments.get(method, ()))
        except ShopError as error:
            check(error)
    assert "zzyzx" not in said.getvalue().lower()


def test_every_method_that_calls_seoshop_is_among_them() -> None:
    methods = {name for name, _ in inspect.getmembers(ShopApi, inspect.isfunction)}
    wanted = {name for name in methods if not name.startswith("_")} - MAKES_NO_CALL
    recorder = Recorder()
    for way in WAYS.values():
        way.make(recorder)  # type: ignore[arg-type]  # it only notes what it is asked for
    assert recorder.asked | AS_ANOTHER.keys() == wanted
    assert WAYS.keys() == set(ShopCall)


class Recorder:
    """Notes the names of the methods that it is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return lambda *_: None


@pytest.mark.parametrize("call", [one for one in ShopCall if one is not ShopCall.FOLLOW_LINK])
def test_a_call_is_named_by_its_path_and_no_more(call: ShopCall) -> None:
    method, path = call.value.replace("{id}", "301204417").split(" ")
    assert name_call(method, path) == f"{method} {path}"
    for other in (f"{path}/zzyzx", f"zzyzx/{path}", path.replace(".json", ".zzyzx"), f"{path}\n"):
        assert name_call(method, other) == "GET of a link"


def test_a_typed_number_and_a_link_are_not_in_the_error() -> None:
    typed = WORD
    for make, call in (
        (lambda api: api.find_order(typed), ShopCall.LIST_ORDERS),
        (WAYS[ShopCall.FOLLOW_LINK].make, ShopCall.FOLLOW_LINK),
    ):
        desk = Desk(answering_badly(call, Answer(b"", 403)))
        with pytest.raises(ShopError) as refused:
            make(desk.api)
        check(refused.value)
    assert any(LINKED in made.path for made in desk.shop.calls)
