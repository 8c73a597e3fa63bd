"""Whatever is sent to a page, to the webhook or to an operator's function: never an error of ours,
and nothing large is stored.

Hypothesis prints the input, and the seed to play it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import bootstrap
from chalicelib.adapters.dynamodb.policies import to_document
from chalicelib.adapters.dynamodb.record_forms import write_record
from chalicelib.domain import bounds
from chalicelib.domain.seats import SeatRight
from chalicelib.entries import export_messages, nightly
from chalicelib.errors import ConnectorError, RequestError, Unforeseen
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.fleet import shops
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.web.http.client_routes import CLIENT, EVERY_HANDLER
from chalicelib.web.http.http_messages import Request, read_cookies
from chalicelib.web.http.routes import HANDLERS
from chalicelib.web.http.webhook_delivery import answer_delivery
from chalicelib.web.pages.dispatch import answer_request
from chalicelib.web.pages.settings_form import ARTICLE_LISTS, PAYMENT
from tests.edge.web.stored_orders import wait
from tests.fakes.fixed_secrets import APP_SECRET
from tests.fakes.office import Office
from tests.fakes.web import OURS, SHOP_ID, Browser, World

LARGEST_ITEM = 64 * 1024
NASTY = (
    *("", "\x00", "\r\nX: y", "\x1b[31m", "\u202e", "\ufeff", "\ud800", "é" * 700, "a" * 1_100),
    *("a" * 100_000, "💥" * 600, "../../etc/passwd", "%2e%2e%2f", "184520#waiting", "-1"),
    *("9" * 40, str(2**63), "0", "1e999999", "NaN", "²", "٣", "2026-13-45", "0001-01-01"),
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=80), st.characters(categories=["Cs"]))
BYTES = st.one_of(st.binary(max_size=60), TEXTS.map(lambda text: text.encode(errors="replace")))
FIELDS = (
    *("action", "reason", "article", "document", "from", "hold", "detail", "choice", "shown"),
    *("licence", "default_payment", "accepted_currencies", "rate_country:0", "rate_percent:0"),
    *("rate_class:0", "rate_country:x", f"{PAYMENT}ideal", f"{PAYMENT}zz", "kor", "kor_since"),
    *("version", "confirm", "change"),
    *("administration", "seen", "sure", "journal", "debtor_kind", "payment_condition"),
    *("code:domestic:NL:0.21", "account:high", "exception:0", "articles:0"),
    *("small_business_scheme", "oss_since", "oss_until", "kor_until", "source", *ARTICLE_LISTS),
)
CHOSEN = (
    "retry",
    "again",
    "accept",
    "correct",
    "outside_vat",
    "by_hand",
    "resolved",
    "IDEAL",
    "yes",
)

few = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
many = settings(few, max_examples=1_500)


def stored_sizes(world: World) -> Iterator[tuple[str, int]]:
    """Each item's name, and its bytes as they are stored, near enough."""
    kinds: list[Mapping[str, object]] = [*world.entries.items.values(), *world.files.items.values()]
    for documents in kinds:
        for key, document in documents.items():
            yield key, len(repr(document).encode())
    for shop in world.shops.records.values():
        texts = (shop.title, shop.currency, shop.country, shop.domain, shop.language)
        yield "shop", len(to_document(shop.policy)) + sum(len(text.encode()) for text in texts)
    for kept in world.shops.kept.values():
        for name, record in kept.items():
            yield name, len(json.dumps(write_record(record), default=str))
    for events in world.shops.audits.values():
        yield "audit", max(len(repr(event).encode()) for event in events)


def check_line(text: str) -> None:
    """Nothing that is answered or logged as it is begins a line of its own."""
    assert text.isprintable(), text


def check_stored(world: World) -> None:
    for name, size in stored_sizes(world):
        assert size < LARGEST_ITEM, f"{name} has {size} bytes"


class Gate:
    """A shop that is signed in, to which anything may be sent; by its bookkeeper in that browser
    too.
    """

    def __init__(self) -> None:
        self.world = World()
        self.browser = Browser(self.world)
        self.browser.install()
        wait(self.world, "ORD00412")
        self.world.asperion.connect(self.world.shops, is_on=False)
        office = Office(self.world)
        office.take_seat(SHOP_ID, *SeatRight)
        self.browser.cookies |= office.browser.cookies

    def send(self, method: str, route: str, **parts: Any) -> None:
        cookies = {**self.browser.cookies, **parts.pop("cookies", {})}
        request = Request(method=method, route=route, cookies=cookies, **parts)
        answer = answer_request(self.world.connector, request)
        assert answer.status < 500, answer
        for value in answer.headers.values():
            lines = [value] if isinstance(value, str) else value
            assert all(line.isprintable() for line in lines)
        check_stored(self.world)


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


def requests() -> st.SearchStrategy[Callable[[Gate], None]]:
    """A request to any route, with anything in its path, query, headers, cookies and form."""
    parts = st.one_of(
        BYTES.map(quote_from_bytes), TEXTS, st.sampled_from(["ORD00412", "2026-11-23"])
    )
    values = st.one_of(TEXTS, st.sampled_from(CHOSEN))
    form = st.dictionaries(st.one_of(st.sampled_from(FIELDS), TEXTS), values, max_size=6)

    def make(
        key: tuple[str, str],
        part: str,
        client: str,
        query: dict[str, str],
        headers: dict[str, str],
        cookies: dict[str, str],
        fields: dict[str, str],
        raw: bytes | None,
    ) -> Callable[[Gate], None]:
        method, route = key
        names = [piece[1:-1] for piece in route.split("/") if piece.startswith("{")]
        body = urlencode(fields, errors="replace").encode() if raw is None else raw

        def send(gate: Gate) -> None:
            gate.send(
                method,
                route,
                params={name: client if name == CLIENT else part for name in names},
                query=query,
                headers={**OURS, **headers},
                cookies=read_cookies("; ".join(f"{name}={each}" for name, each in cookies.items())),
                body=body if method == "POST" else b"",
            )

        return send

    known = st.sampled_from(["order", "language", "form", "shop_id", "signature", "timestamp"])
    named = st.sampled_from(["accept-language", "origin", "sec-fetch-site", "x-signature", "host"])
    cookies = st.sampled_from(["merchant", "bookkeeper", "notice", "other", "\ud800"])
    routes = [*EVERY_HANDLER, *(("HEAD", path) for _, path in EVERY_HANDLER)]
    return st.builds(
        make,
        st.sampled_from(routes),
        parts,
        st.one_of(st.just(str(SHOP_ID)), parts),
        st.dictionaries(st.one_of(known, TEXTS), TEXTS, max_size=3),
        st.dictionaries(named, TEXTS, max_size=2),
        st.dictionaries(cookies, TEXTS, max_size=2),
        form,
        st.one_of(st.none(), BYTES),
    )


@few
@given(request=requests())
def test_no_request_makes_an_error_of_ours(gate: Gate, request: Callable[[Gate], None]) -> None:
    request(gate)


@pytest.mark.slow
@many
@given(request=requests())
def test_nor_do_many(gate: Gate, request: Callable[[Gate], None]) -> None:
    request(gate)


@pytest.mark.parametrize("key", HANDLERS)
@pytest.mark.parametrize("part", ["a" * 1_100, "%00", "%0d%0aX", "é" * 300, "%F0%9F%92%A5" * 300])
def test_a_path_that_no_page_has_is_not_found(gate: Gate, key: tuple[str, str], part: str) -> None:
    method, route = key
    names = [piece[1:-1] for piece in route.split("/") if piece.startswith("{")]
    if not names:
        return
    request = Request(
        method=method,
        route=route,
        params=dict.fromkeys(names, part),
        cookies=gate.browser.cookies,
        headers=OURS,
    )
    assert answer_request(gate.world.connector, request).status == 404


BIG_FORMS = {
    "articles of all lists": {
        name: "\n".join(f"{n:04}{'💥' * 100}" for n in range(499)) for name in ARTICLE_LISTS
    },
    "payment methods": {f"{PAYMENT}{n}{'é' * 100}": "IDEAL" for n in range(1_000)},
    "payment methods left alone": {f"{PAYMENT}{n}{'é' * 100}": "" for n in range(1_000)},
    "one long payment method": {f"{PAYMENT}{'a' * 300_000}": "IDEAL"},
    "rates": {
        name: value
        for n in range(650)
        for name, value in (
            (f"rate_country:{n}", "DE"),
            (f"rate_percent:{n}", f"{n / 100:.2f}"),
            (f"rate_class:{n}", "high"),
        )
    },
    "a long rate": {"rate_country:0": "DE", "rate_percent:0": "0e99999", "rate_class:0": "none"},
    "currencies": {"accepted_currencies": "EUR " * 90_000 + "AAA"},
    "a reason": {"action": "again", "reason": "x" * 300_000},
    "a licence code": {"licence": "x" * 300_000},
}


@pytest.mark.parametrize("name", BIG_FORMS)
@pytest.mark.parametrize("route", ["/settings", "/orders/{number}"])
def test_no_form_swells_what_is_kept(gate: Gate, name: str, route: str) -> None:
    body = urlencode(BIG_FORMS[name]).encode()[:999_000]
    gate.send("POST", route, params={"number": "ORD00412"}, headers=OURS, body=body)


def test_choices_that_fit_one_by_one_do_not_add_up_to_more_than_is_kept() -> None:
    gate = Gate()
    for n in range(0, 300, 15):
        fields = {f"{PAYMENT}method{n + place}": "IDEAL" for place in range(15)}
        body = urlencode(fields).encode()
        gate.send("POST", "/settings", headers=OURS, body=body)
    policy = gate.world.shop.policy
    assert len(policy.payments) + len(policy.seen_payments) <= bounds.MOST_PAYMENTS
    bounds.check_policy(policy)


JSON = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
        st.sampled_from([2**63, 10**40, -1, 0, SHOP_ID, "ORD00412", "2026-01-01", "9999-12-31"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@few
@given(id_=JSON, number=JSON, created=JSON, topic=TEXTS, shop_id=TEXTS, is_raw=st.booleans())
def test_no_delivery_makes_an_error_of_ours(
    gate: Gate, id_: Any, number: Any, created: Any, topic: str, shop_id: str, *, is_raw: bool
) -> None:
    document = {"order": {"id": id_, "number": number, "createdAt": created}}
    body = str(document).encode(errors="replace") if is_raw else json.dumps(document).encode()
    signature = hashlib.md5(body + APP_SECRET.encode()).hexdigest()
    for params in (
        {"shop_id": str(SHOP_ID), "topic": "orders-paid"},
        {"shop_id": shop_id, "topic": topic},
    ):
        delivery = Request(
            method="POST",
            route="/webhooks/{shop_id}/{topic}",
            params=params,
            headers={"x-signature": signature},
            body=body,
        )
        answer = answer_delivery(delivery, parts=gate.world.connector)
        assert answer.status < 500, answer
        assert answer.body.isprintable()
    check_stored(gate.world)


KEYS = st.sampled_from(
    [
        *("shop_id", "orders", "since", "dry_run", "reason", "file", "settle", "action", "from"),
        *("to", "except"),
    ]
)


@few
@given(event=JSON | st.dictionaries(KEYS | TEXTS, JSON, max_size=4), has_shop=st.booleans())
def test_no_operators_input_makes_an_error_of_ours(
    gate: Gate, event: Any, *, has_shop: bool
) -> None:
    if has_shop and isinstance(event, dict):
        event = {**event, "shop_id": SHOP_ID}
    connector = gate.world.connector
    let_refuse(lambda: rerun(connector, event, run="rerun/1"))
    let_refuse(lambda: backfill(connector, event))
    let_refuse(lambda: shops(connector, event))
    check_stored(gate.world)


def let_refuse(call: Callable[[], object]) -> None:
    """A call that may be refused, in one line, and may not fail otherwise."""
    try:
        call()
    except Unforeseen:
        raise
    except ConnectorError as error:
        check_line(str(error))


@few
@given(event=JSON | st.dictionaries(TEXTS, JSON, max_size=3), bodies=st.lists(TEXTS, max_size=2))
def test_nor_does_what_schedule_and_queue_are_sent_by_hand(
    gate: Gate, event: Any, bodies: list[str]
) -> None:
    records = [{"messageId": "1", "body": body} for body in bodies]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "open_connector", lambda: gate.world.connector)
        let_refuse(lambda: nightly.daily_export(event))
        let_refuse(lambda: export_messages.export_shop(event, SimpleNamespace()))
        let_refuse(lambda: export_messages.export_shop({"Records": records}, SimpleNamespace()))


@pytest.mark.parametrize("record", [1, {}, {"messageId": 1, "body": ""}, {"messageId": "1"}])
def test_what_is_no_message_of_the_queue_is_refused(record: object) -> None:
    with pytest.raises(RequestError, match="takes messages of the export queue"):
        export_messages.export_shop({"Records": [record]}, SimpleNamespace())


def test_dates_are_of_our_time() -> None:
    gate = Gate()
    for first, last in (("0001-01-01", "0001-01-02"), ("2026-01-01", "9999-12-31")):
        with pytest.raises(RequestError, match="of our time"):
            backfill(gate.world.connector, {"shop_id": SHOP_ID, "from": first, "to": last})
