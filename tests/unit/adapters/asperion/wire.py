"""Asperion without a network: answers from a function, a clock and a sleep that are fakes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from chalicelib.adapters.asperion import AsperionIdentity, AsperionRest
from chalicelib.asperion_guesses import AsperionGuesses
from chalicelib.domain.concepts import Concept, ConceptLine
from chalicelib.domain.invoices import Debtor, DebtorAddress

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
ADMINISTRATION = 4101
Json = dict[str, Any]

DEBTOR = Debtor(
    external_id=7,
    email="s.devries@example.nl",
    name="Sanne de Vries",
    firstname="Sanne",
    middlename="de",
    lastname="Vries",
    company="",
    phone="0612345678",
    vat_number="",
    coc_number="",
    addresses=(
        DebtorAddress(
            role="invoice",
            street="Dorpsstraat",
            number="1",
            suffix="a",
            postal_code="6711 AB",
            city="Ede",
            country="NL",
        ),
    ),
)
CONCEPT = Concept(
    day=DAY,
    description="Webwinkel ORD1001",
    journal_id="VWW",
    payment_condition_id=2,
    debtor=DEBTOR,
    debtor_kind="WEB",
    lines=(
        ConceptLine(
            description="Mok",
            amount=Decimal("100.10"),
            vat_amount=Decimal("21.02"),
            vat_code="1",
            ledger_account_id=8000,
        ),
        ConceptLine(
            description="Boek",
            amount=Decimal(20),
            vat_amount=Decimal("1.80"),
            vat_code="2",
            ledger_account_id=8010,
        ),
    ),
)


def shown_debtor(**changed: Any) -> Json:
    """A debtor as Asperion shows it."""
    known = {"id": 31, "customerNumber": "1000031", "emailAddress": DEBTOR.email, "blocked": False}
    return {**known, **changed}


def shown_invoice(**changed: Any) -> Json:
    """The concept as Asperion shows it; amounts as a JSON writer of the other side has them."""
    lines = [
        {"id": 1, "amount": 100.1, "vatAmount": 21.02, "vatCode": "1", "ledgerAccountId": 8000},
        {"id": 2, "amount": 20, "vatAmount": 1.8, "vatCode": "2", "ledgerAccountId": 8010},
    ]
    known = {
        "id": 501,
        "date": "2026-11-20T00:00:00",
        "debtorCustomerNumber": "1000031",
        "description": "Webwinkel ORD1001",
        "invoiceNumber": None,
        "journalId": "VWW",
        "amountExclVat": 120.1,
        "vatAmount": 22.82,
        "amountInclVat": 142.92,
        "status": 1,
        "lines": {"_data": lines, "_meta": {"totalCount": 2}},
    }
    return {**known, **changed}


def listed(*rows: Any, total: int | None = None, next_page: str | None = None, **meta: Any) -> Json:
    """A page of a list."""
    count = len(rows) if total is None else total
    said = {"totalCount": count, "pageCount": 1, "nextPage": next_page, **meta}
    return {"_data": list(rows), "_meta": said}


class Call:
    """One request as Asperion would see it."""

    def __init__(self, request: requests.PreparedRequest, body: bytes) -> None:
        parts = urlsplit(request.url or "")
        self.method = request.method
        self.url = request.url or ""
        self.path = parts.path
        self.query = dict(parse_qsl(parts.query))
        self.headers = request.headers
        self.body = body

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/v1/')}"


class Answer:
    """What Asperion answers: bytes, or anything that becomes JSON; or an error, once something was
    sent or before.
    """

    def __init__(
        self,
        body: Any = b"",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        fails: Exception | None = None,
        is_sent: bool = True,
    ) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.headers = headers or {}
        self.fails = fails
        self.is_sent = is_sent


class Wire:
    """How requests are sent (`call_time.SendAlone`): each is remembered and answered."""

    def __init__(self, answer: Callable[[Call], Answer]) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self.times: list[float] = []

    @contextmanager
    def __call__(
        self,
        session: requests.Session,
        request: requests.Request,
        *,
        timeout: float | tuple[float, float],
        call_time: float,
    ) -> Iterator[requests.Response]:
        self.times.append(call_time)
        prepared = request.prepare()
        body = prepared.body
        call = Call(prepared, body.getvalue() if isinstance(body, io.BytesIO) else _to_bytes(body))
        self.calls.append(call)
        answer = self.answer(call)
        if answer.is_sent and isinstance(body, io.BytesIO):
            body.read()
        if answer.fails is not None:
            raise answer.fails
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response.raw = io.BytesIO(answer.body)
        yield response

    @property
    def said(self) -> list[str]:
        """Method and path of every call made."""
        return [str(call) for call in self.calls]


def _to_bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Tokens:
    """`ports.AccessTokens`: a token that can be renewed, and errors instead."""

    def __init__(self) -> None:
        self.token = "access-1"
        self.renewed: list[str] = []
        self.fails: Exception | None = None

    def get(self) -> str:
        if self.fails is not None:
            raise self.fails
        return self.token

    def renew(self, refused: str) -> str:
        self.renewed.append(refused)
        if self.fails is not None:
            raise self.fails
        self.token = f"access-{len(self.renewed) + 1}"
        return self.token


class Desk:
    """A client, the Asperion behind it and its time, for one test."""

    def __init__(self, answer: Callable[[Call], Answer], **given: Any) -> None:
        self.wire, self.time, self.tokens = Wire(answer), Time(), Tokens()
        guesses = given.pop("guesses", AsperionGuesses())
        self.api = AsperionRest(
            session=requests.Session(),
            base_url="https://api.asperion.example",
            tokens=self.tokens,
            administration_id=given.pop("administration_id", ADMINISTRATION),
            guesses=guesses,
            pace=given.pop("pace", 4),
            clock=self.time,
            sleep=self.time.sleep,
            send=self.wire,
            **given,
        )


def open_identity(wire: Wire, *secrets: str, **given: Any) -> AsperionIdentity:
    """An identity server's client on a wire."""
    return AsperionIdentity(
        session=requests.Session(),
        base_url="https://identity.asperion.example/",
        client_id="connector",
        secrets=lambda: secrets or ("secret-1",),
        send=wire,
        **given,
    )


def answering(*answers: Any) -> Callable[[Call], Answer]:
    """Answers one after the other; the last one for ever."""
    queue = [each if isinstance(each, Answer) else Answer(each) for each in answers]

    def answer(_: Call) -> Answer:
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return answer


def by_call(**answers: Any) -> Callable[[Call], Answer]:
    """Answers by the method and the resource (``get_debtors``); 404 in JSON for all else."""

    def answer(call: Call) -> Answer:
        resource = call.path.removeprefix("/v1/").partition("/")[0]
        found = answers.get(f"{(call.method or '').lower()}_{resource}", Answer({}, 404))
        return found if isinstance(found, Answer) else Answer(found)

    return answer
