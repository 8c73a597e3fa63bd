"""Any JSON in any field either becomes a typed object or is `ShopUnavailable`; nothing else."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.domain.orders import Order
from chalicelib.errors import ShopUnavailable
from tests.chance import share
from tests.unit.adapters.seoshop.support import Answer, Desk, Json, answering, payload

NASTY: st.SearchStrategy[object] = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-0.0",
        "1e5",
        "1e400",
        "NaN",
        "\ud800",
        "\x00",
        "nl",
        "NL",
        "é",
        "٣",
        "2026-03-14T10:22:04+01:00",
        "9999-12-31T23:59:59-23:59",
        "2026-W01",
        0,
        -1,
        10**25,
        1e308,
        1e-300,
        -0.0,
        True,
        False,
        None,
        [],
        {},
        [[]],
        [None],
        {"resource": None},
        {"resource": {}},
        {"resource": {"embedded": 5}},
        {"resource": {"id": "x"}},
        {"resource": {"url": "//evil.example"}},
        {"resource": {"embedded": [{"id": None}]}},
    ]
)
JSON = NASTY | st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "code", "resource", "embedded", "url", "x"]), inner
        )
    ),
    max_leaves=6,
)
ORDER = payload("order.json")
Path = tuple[int | str, ...]


def paths(document: Json | list[Any], prefix: Path = ()) -> Iterator[Path]:
    """Every place in a document, lists by index."""
    if prefix:
        yield prefix
    entries: Iterable[tuple[int | str, Any]] = (
        document.items() if isinstance(document, dict) else enumerate(document)
    )
    for key, value in entries:
        if isinstance(value, dict | list):
            yield from paths(value, (*prefix, key))
        else:
            yield (*prefix, key)


def with_value(document: Json, path: Path, value: object) -> Json:
    changed = copy.deepcopy(document)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def answered(document: Json) -> SeoshopApi:
    # A second call, for what is no longer embedded, finds nothing.
    empty = Answer({"orderProducts": []})
    return Desk(answering(Answer(document), empty)).api


@settings(max_examples=share(500))
@given(st.sampled_from(sorted(paths(ORDER), key=str)), JSON)
def test_an_order_with_anything_anywhere_is_read_or_unavailable(path: Path, value: object) -> None:
    with contextlib.suppress(ShopUnavailable):
        order = answered(with_value(ORDER, path, value)).order(301204417)
        assert isinstance(order, Order)
        assert isinstance(order.price_incl, Decimal)
        assert order.price_incl.is_finite()
        assert order.created_at.utcoffset() is not None
        repr(order).encode()  # storable text: no half surrogates


@given(st.sampled_from(["invoice.json", "credit-note.json"]), st.data())
def test_an_invoice_likewise(name: str, data: st.DataObject) -> None:
    document = payload(name)
    path = data.draw(st.sampled_from(sorted(paths(document), key=str)))
    with contextlib.suppress(ShopUnavailable):
        answered(with_value(document, path, data.draw(JSON))).invoice(document["invoice"]["id"])


@given(st.data())
def test_a_shop_and_its_subscriptions_likewise(data: st.DataObject) -> None:
    for name, method in (("shop.json", "profile"), ("webhooks.json", "webhooks")):
        document = payload(name)
        path = data.draw(st.sampled_from(sorted(paths(document), key=str)))
        with contextlib.suppress(ShopUnavailable):
            getattr(answered(with_value(document, path, data.draw(JSON))), method)()


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_bytes_come_there_is_no_other_error(body: bytes) -> None:
    with contextlib.suppress(ShopUnavailable):
        Desk(answering(Answer(body))).api.order(301204417)
