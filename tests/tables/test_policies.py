"""A policy, written down and read back, is the same policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb.policies import from_document, to_document
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import LEFT_TO_ASPERION, Policy, VatClass

RATES = st.dictionaries(
    st.tuples(st.sampled_from(["DE", "FR"]), st.decimals("0", "1", places=3)),
    st.sampled_from(VatClass),
)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is UnionType:
        return st.one_of([_values(option) for option in get_args(hint)])
    if get_origin(hint) is Mapping or getattr(get_origin(hint), "__name__", "") == "Mapping":
        key, value = get_args(hint)
        return RATES if get_origin(key) is tuple else st.dictionaries(_values(key), _values(value))
    return st.from_type(hint)


EVERY_CHOICE = {name: _values(hint) for name, hint in get_type_hints(Policy).items()}


@given(policy=st.builds(Policy, **EVERY_CHOICE))
def test_every_choice_survives(policy: Policy) -> None:
    assert from_document(to_document(policy)) == policy


def test_every_choice_is_drawn() -> None:
    assert set(EVERY_CHOICE) == {f.name for f in fields(Policy)}


def test_the_same_policy_gives_the_same_text() -> None:
    first = Policy(payments={"a": "1", "b": "2"}, gift_card_articles=frozenset("xyz"))
    second = Policy(payments={"b": "2", "a": "1"}, gift_card_articles=frozenset("zyx"))
    assert to_document(first) == to_document(second)


def test_a_rate_stays_exact() -> None:
    policy = Policy(foreign_rates={("FR", Decimal("0.055")): VatClass.LOW})
    assert list(from_document(to_document(policy)).foreign_rates) == [("FR", Decimal("0.055"))]


def test_a_later_choice_is_written_only_once_it_is_made() -> None:
    listed = Policy(outside_vat_articles=frozenset({"KRAT"}))
    assert "outside_vat_articles" not in to_document(Policy())
    assert '"outside_vat_articles":["KRAT"]' in to_document(listed)


def test_a_choice_that_an_old_document_does_not_know_has_its_default() -> None:
    assert from_document("{}") == Policy()


def test_a_scheme_of_an_old_document_counts_since_always() -> None:
    policy = from_document('{"one_stop_shop":true,"small_business_scheme":true}')
    assert policy.has_one_stop_shop_on(date.min)
    assert policy.is_small_business_on(date.min)


def test_a_choice_that_is_no_longer_known_is_left_out() -> None:
    document = {**json.loads(to_document(Policy(on_account=True))), "abolished": 1}
    assert from_document(json.dumps(document)) == Policy(on_account=True)


def test_a_choice_without_a_stored_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no stored form"):
        to_document(Policy(payments=object()))  # type: ignore[arg-type]


def test_a_default_that_was_stored_is_what_it_was() -> None:
    stored = from_document('{"default_payment":"","payments":{"ideal":"IDEAL"}}')

    assert stored.default_payment == LEFT_TO_ASPERION
    assert not is_new(stored, "klarna")
