"""The same contract for every ledger: in memory, on moto, and on any endpoint.

`TABLES_ENDPOINT=http://127.0.0.1:8000` adds a DynamoDB endpoint, such as AWS's DynamoDB Local; the
tests create tables of their own under a random prefix there, and delete them afterwards.
"""

from __future__ import annotations

import itertools
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from botocore.handlers import BUILTIN_HANDLERS
from moto import mock_aws
from moto.core.models import botocore_stubber

from chalicelib.adapters.dynamodb import Tables, open_tables
from chalicelib.domain.events import Actor, Cause, Event, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.ports import Entries, Files, Shops, StepTaken
from tests.fakes.batches_on_moto import mend_batches
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.fakes.open_vault import seal, seal_licence, seal_token
from tools.own_tables import create_tables, delete_tables

REGION = "eu-central-1"
NOW = datetime(2026, 1, 23, 22, 15, tzinfo=UTC)
DAY = date(2026, 1, 23)
FILE = "axml-orders-20260123-184520-001.xml"

_one_at_a_time = threading.Lock()
_to_lose: set[str] = set()
_lost: list[str] = []


def _as_one_server(event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
    """moto checks a condition and writes without a lock; DynamoDB does both at once."""
    with _one_at_a_time:
        answer = botocore_stubber(event_name, request)
    operation = event_name.rpartition(".")[2]
    if operation in _to_lose:
        _to_lose.clear()
        _lost.append(operation)
        raise ReadTimeoutError(endpoint_url=request.url)
    return answer


# In its place, not beside it: botocore calls every handler, and each would carry the call out.
BUILTIN_HANDLERS[BUILTIN_HANDLERS.index(("before-send", botocore_stubber))] = (
    "before-send",
    _as_one_server,
)


mend_batches()


@contextmanager
def losing_an_answer(*operations: str) -> Iterator[list[str]]:
    """moto carries out the next of these operations, and its answer is lost on the way back. Gives
    the operations whose answer was lost.
    """
    _lost.clear()
    _to_lose.update(operations)
    try:
        yield _lost
    finally:
        _to_lose.clear()


@dataclass(frozen=True)
class Ledger:
    """The three ports."""

    shops: Shops
    entries: Entries
    files: Files


def _endpoints() -> list[str]:
    return ["moto", *(["endpoint"] if os.environ.get("TABLES_ENDPOINT") else [])]


def _credentials(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    patch.setenv("AWS_DEFAULT_REGION", REGION)
    patch.delenv("AWS_ENDPOINT_URL", raising=False)
    patch.delenv("AWS_PROFILE", raising=False)


@contextmanager
def tables_at(endpoint: str) -> Iterator[Tables]:
    """Fresh tables, gone afterwards."""
    host = os.environ["TABLES_ENDPOINT"] if endpoint == "endpoint" else None
    prefix = f"test-{uuid.uuid4().hex[:8]}-"
    with pytest.MonkeyPatch.context() as patch, mock_aws() if host is None else nullcontext():
        _credentials(patch)
        create_tables(prefix, host=host)
        try:
            yield open_tables(prefix, host=host)
        finally:
            delete_tables(prefix, host=host)


@pytest.fixture(scope="module", params=_endpoints())
def tables(request: pytest.FixtureRequest) -> Iterator[Tables]:
    """DynamoDB tables, empty at the start of the module."""
    with tables_at(request.param) as opened:
        yield opened


@pytest.fixture(scope="module", params=["memory", *_endpoints()])
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A ledger of every kind in turn."""
    if request.param == "memory":
        yield Ledger(MemoryShops(), MemoryEntries(), MemoryFiles())
        return
    with tables_at(request.param) as opened:
        yield Ledger(opened.shops, opened.entries, opened.files)


_numbers = itertools.count(184520)


@pytest.fixture
def shop_id() -> int:
    """A shop nobody else has used."""
    return next(_numbers)


def new_shop_id() -> int:
    """Another one."""
    return next(_numbers)


def after(minutes: float) -> datetime:
    """So many minutes after `NOW`."""
    return NOW + timedelta(minutes=minutes)


def hint(document_id: int = 301, number: str = "ORD00412", day: date = DAY) -> Hint:
    """A hint of an order."""
    return Hint(kind=DocumentKind.ORDER, document_id=document_id, number=number, day=day)


def waiting(ledger: Ledger, shop_id: int, document_id: int = 301, *, day: date = DAY) -> Entry:
    """An order that is waiting."""
    hinted = hint(document_id, f"ORD{document_id:05d}", day)
    assert ledger.entries.record_hint(shop_id, hinted, at=NOW, by=Actor.WEBHOOK)
    return stored(ledger, shop_id, hinted.key)


def taken(
    key: str,
    step: OrderStep,
    minutes: float,
    *,
    by: Actor = Actor.EXPORT,
    cause: Cause | None = None,
    file: str | None = FILE,
    note: str = "",
    detail: str = "",
    fingerprint: str | None = None,
    read_fingerprint: str | None = None,
    booked_on: date | None = None,
    asperion_id: int | None = None,
    delivered_print: str | None = None,
    shown_print: str | None = None,
    former_file: str | None = None,
) -> StepTaken:
    """A step of a document, so many minutes after `NOW`."""
    event = Event(at=after(minutes), step=step, by=by, cause=cause, file=file, note=note)
    return StepTaken(
        key=key,
        event=event,
        detail=detail,
        fingerprint=fingerprint,
        read_fingerprint=read_fingerprint,
        booked_on=booked_on,
        asperion_id=asperion_id,
        delivered_print=delivered_print,
        shown_print=shown_print,
        former_file=former_file,
    )


def stored(ledger: Ledger, shop_id: int, key: str) -> Entry:
    """The entry as it is now."""
    entry = ledger.entries.get(shop_id, key)
    assert entry is not None
    return entry


def shop(shop_id: int, state: ShopState = ShopState.ACTIVE) -> Shop:
    """An installed shop."""
    return Shop(
        shop_id=shop_id,
        state=state,
        cluster="eu1",
        language="nl",
        token=seal_token("token-of-the-shop", shop_id),
        licence=seal_licence("licence-of-the-shop", shop_id),
        mail_address=seal("boekhouder@example.nl", SecretKind.MAIL_ADDRESS, shop_id),
        title="Bloemen & Zo",
        installed_at=NOW,
        changed_at=NOW,
    )
