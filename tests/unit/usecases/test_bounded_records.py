"""What is kept beside a shop stays small, however long the shop lives."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb.record_forms import write_record
from chalicelib.domain import bounds
from chalicelib.domain.drawing_up import MOST_LEFT_NAMED
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.open_records import RecentDrops
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.repeated_requests import Request, Requests
from chalicelib.domain.sealed import Sealed
from chalicelib.domain.shop_records import (
    RefundProgress,
    RereadProgress,
    SharedAddresses,
    ShopRecord,
    WatchFindings,
)
from chalicelib.domain.statement import DayStatement
from chalicelib.domain.vat_answers import VatAnswer, VatVerdict
from chalicelib.domain.vat_numbers import (
    MOST_MONTHS,
    MOST_UNPROVEN,
    SuppliedMonth,
    VatNumber,
    VatStanding,
)
from chalicelib.errors import RequestError
from chalicelib.usecases.afterwards import corrections, rereading
from chalicelib.usecases.filing import shared_addresses
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.repair import send_order_again
from chalicelib.usecases.operating.repeats import note_requests
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

LARGEST = 256 * 1024
"""Bytes; a record of DynamoDB may have 400 KB."""


def size_of(record: ShopRecord) -> int:
    return len(json.dumps(write_record(record), default=str))


NIGHTS = st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=12)


@pytest.mark.slow
@settings(deadline=None)
@given(nights=NIGHTS, away=st.lists(st.booleans(), min_size=12, max_size=12))
def test_shared_addresses_are_reported_while_there_is_room(
    nights: list[int], away: list[bool]
) -> None:
    stage, found = Stage(), 0
    for many, puts_away in zip(nights, away, strict=False):
        keys = tuple(f"order-{10**14 + k}" for k in range(shared_addresses.MOST_NAMED))
        new = {f"{found + n:032x}": keys for n in range(many)}
        found += many
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shared_addresses, "_find_shared_addresses", lambda _, new=new: new)
            patch.setattr(shared_addresses, "email_print", lambda email, _: email)
            run: Any = SimpleNamespace(
                companies={}, prints_keys=[b""], connector=stage.connector, shop_id=SHOP_ID
            )
            shared_addresses.tell_shared_addresses(run, {})
        kept = stage.shops.load(SHOP_ID, SharedAddresses) or SharedAddresses()
        assert size_of(kept) < 64 * 1024
        assert len(kept.shown) <= bounds.MOST_ADDRESSES_SHOWN
        assert set(kept.shown) <= set(kept.reported), "what is shown is not told of twice"
        if puts_away:
            shared_addresses.put_away_addresses(stage.workspace(), list(kept.shown))


def test_what_had_no_room_is_reported_once_there_is_some() -> None:
    stage = Stage()
    run: Any = SimpleNamespace(
        companies={}, prints_keys=[b""], connector=stage.connector, shop_id=SHOP_ID
    )
    new = {f"{n:032x}": ("order-1", "order-2") for n in range(bounds.MOST_ADDRESSES_SHOWN + 5)}
    reported: set[str] = set()
    for _ in range(2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shared_addresses, "_find_shared_addresses", lambda _: new)
            patch.setattr(shared_addresses, "email_print", lambda email, _: email)
            shared_addresses.tell_shared_addresses(run, {})
        kept = stage.shops.load(SHOP_ID, SharedAddresses)
        assert kept is not None
        reported |= set(kept.shown)
        shared_addresses.put_away_addresses(stage.workspace(), list(kept.shown))
    assert reported == new.keys()


def test_more_requests_than_there_is_room_for_are_refused_and_later_taken() -> None:
    stage = Stage()
    workspace = stage.workspace()
    documents = [
        (replace(stage_hint(stage), document_id=number), None)
        for number in range(1, bounds.MOST_ASKED + 2)
    ]
    note_requests(workspace, documents[:-1], "a reason", call="a")
    kept = stage.shops.load(SHOP_ID, Requests)
    assert kept is not None
    assert size_of(kept) < LARGEST
    with pytest.raises(RequestError, match="ask again later"):
        note_requests(workspace, documents[-1:], "a reason", call="b")
    assert stage.shops.load(SHOP_ID, Requests) == kept
    stage.now += timedelta(hours=6)
    note_requests(workspace, documents[-1:], "a reason", call="b")


def stage_hint(stage: Stage) -> Any:
    stage.receive(order())
    [entry] = stage.entries.list_waiting(SHOP_ID)
    return entry.hint


def test_a_thousand_new_payment_methods_are_found_and_the_first_are_shown() -> None:
    stage = Stage(payments={"ideal": "IDEAL"})
    stage.api.methods = [
        PaymentMethod(key=f"{n:04}{'x' * 110}", title="💥" * bounds.LONGEST_TITLE)
        for n in range(1_000)
    ]
    watched = stage.watch()
    findings = stage.shops.load(SHOP_ID, WatchFindings)
    assert len(watched.new_methods) == 1_000
    assert findings is not None
    assert len(findings.new_methods) == bounds.MOST_NEW_METHODS
    assert size_of(findings) < 64 * 1024


@pytest.mark.parametrize("number", ["OLD💥" * 10, "X" * 200])
def test_exceptions_that_are_too_long_together_are_refused(number: str) -> None:
    stage = Stage()
    numbers = [f"{n}{number}"[:200] for n in range(9_000)]
    wish = {"shop_id": SHOP_ID, "from": "2026-01-01", "to": "2026-01-31", "action": "start"}
    with pytest.raises(RequestError, match="migrate in parts"):
        backfill(stage.connector, {**wish, "except": numbers})


LONGEST_NUMBERS = frozenset(f"{n:05}{'x' * 10}" for n in range(bounds.MOST_EXCEPTED))


@pytest.mark.parametrize(
    "record",
    [
        RefundProgress(
            until=FIRST_NIGHT,
            left={f"reversal-{10**14 + n}": FIRST_NIGHT for n in range(corrections.MOST_LEFT)},
        ),
        RereadProgress(
            until=FIRST_NIGHT, left={10**14 + n: FIRST_NIGHT for n in range(rereading.MOST_LEFT)}
        ),
        Migration(
            state=MigrationState.RUNNING,
            first=FIRST_NIGHT,
            last=FIRST_NIGHT,
            at=FIRST_NIGHT,
            excepted=LONGEST_NUMBERS,
        ),
        Requests(
            by_reason={
                f"{n:032x}": Request(at=FIRST_NIGHT, file="x" * 50)
                for n in range(bounds.MOST_ASKED)
            },
            by_call={
                f"{n:032x}": Request(at=FIRST_NIGHT, file="x" * 50)
                for n in range(bounds.MOST_ASKED)
            },
        ),
        VatNumber(
            mark="k" * 41,
            country="BE",
            sealed_number=Sealed(mark="k" * 41, content="x" * 400, key="a" * 120),
            kept_until=FIRST_NIGHT.date(),
            months=tuple(
                SuppliedMonth(
                    month=FIRST_NIGHT.date(),
                    answer=VatAnswer(
                        verdict=VatVerdict.VALID, at=FIRST_NIGHT, consultation="W" * 40
                    ),
                )
                for _ in range(MOST_MONTHS)
            ),
            unproven=tuple(f"reversal-{10**14 + n}" for n in range(MOST_UNPROVEN)),
        ),
        VatStanding(
            waiting=tuple(f"invoice-{10**14 + n}" for n in range(bounds.MOST_NUMBERS_NOTED)),
        ),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_record_that_is_full_is_far_from_what_dynamodb_takes(record: ShopRecord) -> None:
    assert size_of(record) < LARGEST


@pytest.mark.slow
def test_an_order_that_is_asked_for_for_years_keeps_a_short_biography() -> None:
    stage = Stage()
    stage.receive(order())
    reason = "💥" * bounds.LONGEST_REASON
    for _ in range(150):
        stage.night()
        stage.now += timedelta(hours=2)
        assert send_order_again(stage.workspace(), "ORD00412", reason=reason, by=Actor.MERCHANT)
    entry = stage.entry("order-301204417")
    assert entry.state is EntryState.WAITING
    assert len(entry.history) <= bounds.MOST_EVENTS
    assert len(repr(entry).encode()) < LARGEST
    assert entry.revision == 150


@pytest.mark.parametrize("reason", ["x" * 201, "a\x00b", "\u202e", " ", "\ud800"])
def test_a_reason_that_cannot_be_kept_is_refused(reason: str) -> None:
    stage = Stage()
    stage.receive(order())
    stage.night()
    with pytest.raises(RequestError, match="needs a reason"):
        send_order_again(stage.workspace(), "ORD00412", reason=reason, by=Actor.MERCHANT)


def test_a_statement_and_the_noted_drops_stay_small_at_their_largest() -> None:
    keys = tuple(f"reversal-{10**14 + n}" for n in range(bounds.MOST_UNFILED))
    day = FIRST_NIGHT.date()
    names = [f"axml-orders-20260316-{SHOP_ID}-{n:03}.xml" for n in range(300)]
    statement = DayStatement(
        day=day,
        at=FIRST_NIGHT,
        unfiled=keys,
        more_unfiled=10**6,
        files=dict.fromkeys(names, 250),
        left_numbers=tuple("9" * bounds.LONGEST_NUMBER for _ in range(MOST_LEFT_NAMED)),
    )
    drops = RecentDrops(days=dict.fromkeys(keys[: bounds.MOST_DROPS], day), incomplete_on=day)
    for record in (statement, drops):
        assert len(json.dumps(write_record(record), default=str)) < 64 * 1024
