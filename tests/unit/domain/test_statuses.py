"""Statuses that SEOshop may add to, whenever it likes."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable

import pytest

from chalicelib.domain.orders import InvoiceStatus, OrderStatus, PaymentStatus

KINDS = (OrderStatus, PaymentStatus, InvoiceStatus)
Kind = type[OrderStatus] | type[PaymentStatus] | type[InvoiceStatus]


@pytest.mark.parametrize("kind", KINDS)
def test_a_known_text_is_its_member(kind: Kind) -> None:
    for member in kind:
        assert kind(member.value) is member


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["a_status_of_next_year", "unknown", "UNKNOWN", "PAID", "", "é"])
def test_an_unknown_text_is_no_member_and_survives_whole(kind: Kind, text: str) -> None:
    status = kind(text)
    assert isinstance(status, kind)
    assert status not in list(kind)
    assert (status.name, status.value, str(status)) == ("UNKNOWN", text, text)
    assert json.dumps(status) == json.dumps(text)
    for again in (kind(status), copy.deepcopy(status), pickle.loads(pickle.dumps(status))):
        assert (type(again), again) == (kind, status)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_text_is_no_status(kind: Callable[[object], object]) -> None:
    with pytest.raises(ValueError, match="None is not a valid"):
        kind(None)
