"""Whatever Asperion answers, to whichever call: of its text nothing is in an error or in a log.

The calls are those of the ports `AsperionApi` and `Identity`, so that none can be forgotten.
"""

from __future__ import annotations

import inspect
import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from chalicelib.asperion_guesses import AsperionGuesses, Deletion
from chalicelib.errors import AsperionError
from chalicelib.ports import AsperionApi, Identity
from tests.edge.seoshop.planted_answers import HEADERS, STATUSES, WORD, bodies, each_value
from tests.fakes.log_capture import captured_logs
from tests.unit.adapters.asperion.wire import (
    CONCEPT,
    DAY,
    DEBTOR,
    Answer,
    Call,
    Desk,
    Wire,
    listed,
    open_identity,
    shown_debtor,
    shown_invoice,
)

pytestmark = pytest.mark.slow

DELETES = AsperionGuesses(deletion=Deletion.WITH_LINES)
CODE = {"id": "1", "description": "hoog", "percentage": 21, "salesCode": True, "countryCode": "NL"}
GRANT = {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "refresh_token": "r"}


class Way(NamedTuple):
    """How a call is made, its method and resource, and what its answer should be."""

    make: Callable[[Any], object]
    call: str
    good: Any


WAYS: Mapping[str, Way] = {
    "list_administrations": Way(
        lambda api: api.list_administrations(),
        "GET administrations",
        listed({"id": 1, "name": "x"}),
    ),
    "list_vat_codes": Way(lambda api: api.list_vat_codes(), "GET vatcodes", listed(CODE)),
    "list_daybooks": Way(
        lambda api: api.list_daybooks(),
        "GET journals",
        listed({"id": "VRK", "description": "x", "type": "Sales"}),
    ),
    "list_ledger_accounts": Way(
        lambda api: api.list_ledger_accounts(),
        "GET ledgeraccounts",
        listed({"id": 8000, "type": 1, "description": "x", "vatCode": "1", "rcsfi": "W"}),
    ),
    "list_payment_conditions": Way(
        lambda api: api.list_payment_conditions(),
        "GET paymentconditions",
        listed({"id": 2, "description": "x"}),
    ),
    "list_debtors": Way(
        lambda api: api.list_debtors(limit=9), "GET debtors", listed(shown_debtor())
    ),
    "find_debtors": Way(
        lambda api: api.find_debtors(DEBTOR.email), "GET debtors", listed(shown_debtor())
    ),
    "add_debtor": Way(lambda api: api.add_debtor(DEBTOR, "WEB"), "POST debtors", shown_debtor()),
    "add_invoice": Way(
        lambda api: api.add_invoice(CONCEPT, 31), "POST salesinvoiceswithlines", shown_invoice()
    ),
    "list_invoices": Way(
        lambda api: list(api.list_invoices(day=DAY)),
        "GET salesinvoiceswithlines",
        listed(shown_invoice()),
    ),
    "find_invoice": Way(
        lambda api: api.find_invoice(501), "GET salesinvoiceswithlines", listed(shown_invoice())
    ),
    "delete_invoice": Way(
        lambda api: api.delete_invoice(501), "DELETE salesinvoiceswithlines/501", {}
    ),
    "exchange_code": Way(
        lambda identity: identity.exchange_code("c", verifier="v", redirect_uri="https://x.nl"),
        "POST /connect/token",
        GRANT,
    ),
    "refresh": Way(lambda identity: identity.refresh("r"), "POST /connect/token", GRANT),
}
MAKES_NO_CALL = {"limit_time", "write_authorize_url"}
CHECKS: Mapping[str, Callable[[Any], object]] = {
    "add_debtor": lambda api: api.add_debtor(DEBTOR, "WEB", validate_only=True),
    "add_invoice": lambda api: api.add_invoice(CONCEPT, None, validate_only=True),
}


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """All that is logged, by every logger, as Lambda would get it."""
    with captured_logs() as written:
        yield written


def ask(name: str, bad: Answer, make: Callable[[Any], object] | None = None) -> None:
    """Make a call that is answered so; its error may say nothing of the answer."""
    way = WAYS[name]

    def answer(call: Call) -> Answer:
        return bad if str(call) == way.call else Answer(listed(shown_debtor()))

    wire = Wire(answer)
    if hasattr(Identity, name):
        opened: Any = open_identity(wire, "first", "second")
    else:
        desk = Desk(answer, guesses=DELETES)
        wire, opened = desk.wire, desk.api
    try:
        (make or way.make)(opened)
    except AsperionError as error:
        check(error)
        logging.getLogger("chalicelib.test").exception("an error that is logged as it is")
    assert way.call in wire.said, "the call was not made"


def check(error: BaseException) -> None:
    assert str(error).isprintable()
    seen: BaseException | None = error
    while seen is not None:
        shown = (str(seen), repr(seen), repr(seen.args), *traceback.format_exception(seen))
        assert "zzyzx" not in "".join(shown).lower()
        seen = seen.__cause__ or seen.__context__


def problems() -> Iterator[bytes]:
    """Error answers in Asperion's own envelope, full of the word."""
    for errors in ({WORD: [WORD]}, {"date": [WORD], WORD: WORD}, [WORD], WORD, {"lines[0]": None}):
        problem = {"title": WORD, "detail": WORD, "traceId": WORD, "errors": errors}
        yield json.dumps(problem).encode()
    yield json.dumps({"error": WORD, "error_description": WORD}).encode()
    yield json.dumps({"error": "invalid_client", "error_description": WORD}).encode()


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("status", STATUSES)
def test_no_answer_is_quoted(name: str, status: int, said: io.StringIO) -> None:
    for body in (*bodies(WAYS[name].good), *problems()):
        ask(name, Answer(body, status, HEADERS))
        if name in CHECKS:
            ask(name, Answer(body, status, HEADERS), CHECKS[name])
    assert "zzyzx" not in said.getvalue().lower()


@pytest.mark.parametrize("name", WAYS)
def test_no_single_value_of_an_answer_is_quoted(name: str, said: io.StringIO) -> None:
    for body in each_value(WAYS[name].good):
        ask(name, Answer(body))
    assert "zzyzx" not in said.getvalue().lower()


def test_every_call_is_among_them() -> None:
    wanted = {
        name
        for port in (AsperionApi, Identity)
        for name, _ in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_")
    }
    assert WAYS.keys() == wanted - MAKES_NO_CALL
