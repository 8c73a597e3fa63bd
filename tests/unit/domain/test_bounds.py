"""The bounds on what is kept."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb.policies import to_document
from chalicelib.domain import bounds
from chalicelib.domain.biography import choose_kept
from chalicelib.domain.events import OrderStep
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.errors import LONGEST_MESSAGE, RequestError

INVISIBLE = ("\x00", "\n", "\r", "\x1b", "\x7f", "\u200b", "\u202e", "\ufeff", "\ud800", "\u2028")


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_nobody_sees_is_in_no_number_and_no_key(sign: str) -> None:
    assert not bounds.is_number(f"ORD{sign}00412")
    assert not bounds.is_key(f"ideal{sign}")
    assert not bounds.is_line(sign, 10)
    assert sign not in bounds.cut(f"Kaas{sign}wijn", 20)


@pytest.mark.parametrize("number", ["ORD00412", "2026-0042", "Bestelling nº 7/é", "1" * 50])
def test_a_number_of_a_shop_is_one(number: str) -> None:
    assert bounds.is_number(number)


@pytest.mark.parametrize("number", ["", " ", " ORD1", "ORD1 ", "1" * 51])
def test_what_cannot_be_kept_is_no_number(number: str) -> None:
    assert not bounds.is_number(number)


@given(text=st.text(), longest=st.integers(min_value=1, max_value=200))
def test_a_text_that_is_cut_is_one_short_line(text: str, longest: int) -> None:
    short = bounds.cut(text, longest)
    assert len(short) <= longest
    assert short.isprintable()
    assert bounds.cut(short, longest) == short


@given(detail=st.text(max_size=400))
def test_a_hold_keeps_a_short_detail(detail: str) -> None:
    kept = Hold(HoldReason.PAYMENT_METHOD_NEW, detail).detail
    assert len(kept) <= bounds.LONGEST_DETAIL
    assert kept.isprintable()


@given(message=st.text())
def test_an_error_is_one_line(message: str) -> None:
    said = str(RequestError(message))
    assert said.isprintable()
    assert len(said) <= LONGEST_MESSAGE


@given(steps=st.lists(st.sampled_from(OrderStep), max_size=900))
def test_a_biography_keeps_its_ends_and_the_first_and_last_of_every_step(
    steps: list[OrderStep],
) -> None:
    kept = choose_kept(steps)
    assert kept == sorted(set(kept))
    assert len(kept) <= bounds.MOST_EVENTS
    assert set(range(min(len(steps), 20))) <= set(kept)
    assert set(range(max(len(steps) - 100, 0), len(steps))) <= set(kept)
    for step in set(steps):
        assert steps.index(step) in kept
        assert len(steps) - 1 - steps[::-1].index(step) in kept


SIGNS = ("a", "é", "💥", '"', "\\")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("length", [1, 20, 115])
def test_choices_that_are_allowed_are_small_as_they_are_stored(sign: str, length: int) -> None:
    def fill(most: int) -> frozenset[str]:
        codes: set[str] = set()
        for number in range(most):
            more = codes | {f"{number}{sign * length}"}
            if bounds.weigh(more) > bounds.LARGEST_LIST - 2:
                break
            codes = more
        return frozenset(codes)

    articles, seen = fill(bounds.MOST_ARTICLES), fill(bounds.MOST_PAYMENTS)
    rates = {("DE", Decimal(n) / 100): VatClass.HIGH for n in range(bounds.MOST_RATES)}
    policy = Policy(
        seen_payments=seen,
        service_articles=articles,
        gift_card_articles=articles,
        outside_vat_articles=articles,
        foreign_rates=rates,
    )
    bounds.check_policy(policy)
    assert len(to_document(policy)) < 60 * 1024
    assert bounds.weigh(seen) == len(json.dumps(sorted(seen)))


@pytest.mark.parametrize(
    "policy",
    [
        Policy(payments={f"method{n}": "IDEAL" for n in range(201)}),
        Policy(payments={"a" * 121: "IDEAL"}),
        Policy(payments={"a\n": "IDEAL"}),
        Policy(seen_payments=frozenset(f"{n}{'é' * 100}" for n in range(150))),
        Policy(service_articles=frozenset(f"{n}" for n in range(501))),
        Policy(outside_vat_articles=frozenset(f"{n}{'💥' * 100}" for n in range(30))),
        Policy(foreign_rates={("DE", Decimal(n) / 1000): VatClass.HIGH for n in range(101)}),
        Policy(accepted_currencies=frozenset(f"A{chr(65 + n)}A" for n in range(21))),
    ],
)
def test_choices_beyond_the_bounds_are_refused(policy: Policy) -> None:
    with pytest.raises(RequestError, match="can be kept"):
        bounds.check_policy(policy)
