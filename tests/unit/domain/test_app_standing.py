"""The witnesses of the app's pair: a fair sample of the shops that SEOshop answered lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.app_standing import (
    FRESH,
    MOST_WITNESSES,
    SPACING,
    STALE,
    STAYS_REFUSED,
    AppStanding,
    Witness,
    drop_witness,
    is_sampled,
    note_acceptance,
    note_answer,
    note_app_refused,
    note_refusal,
    order_witnesses,
)

NOW = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
FLEET = range(100_000, 101_000)


def answered(*shops: int, at: datetime = NOW) -> AppStanding:
    standing = AppStanding()
    for shop_id in shops:
        standing = note_answer(standing, shop_id, at=at)
    return standing


def test_of_a_large_fleet_a_few_are_kept_whatever_the_order_in_which_they_answered() -> None:
    standing = answered(*FLEET)
    assert len(standing.witnesses) == MOST_WITNESSES
    assert set(standing.witnesses) == set(answered(*reversed(FLEET)).witnesses)


def test_the_last_to_answer_do_not_fill_the_sample() -> None:
    """The shops of one owner, one after the other at the end of the night."""
    owned = range(200_000, 200_100)
    standing = answered(*FLEET, *owned)
    assert len(set(standing.witnesses) & set(owned)) < MOST_WITNESSES // 2


def test_a_night_of_answers_hardly_writes() -> None:
    standing = answered(*FLEET)
    later = NOW + FRESH / 2
    assert not any(is_sampled(standing, each, now=later) for each in FLEET)
    due = [each for each in FLEET if is_sampled(standing, each, now=NOW + FRESH)]
    assert set(due) == set(standing.witnesses)


def test_who_has_not_answered_for_long_makes_room() -> None:
    standing = answered(*FLEET)
    renewed = note_answer(standing, 1, at=NOW + STALE)
    assert set(renewed.witnesses) == {1}


def test_many_who_ask_at_once_ask_different_ones_first() -> None:
    standing = answered(*FLEET)
    first = {order_witnesses(standing, besides=each)[0] for each in range(500)}
    assert first == set(standing.witnesses)
    (some, *_) = standing.witnesses
    assert some not in order_witnesses(standing, besides=some)


def test_a_witness_that_left_is_asked_no_more() -> None:
    assert set(drop_witness(answered(1, 2), 1).witnesses) == {2}


@pytest.mark.parametrize(
    ("since", "is_known"), [(timedelta(0), True), (STAYS_REFUSED, False)], ids=["now", "later"]
)
def test_a_refusal_counts_for_a_while(since: timedelta, is_known: bool) -> None:
    refused = note_refusal(answered(1), 1, at=NOW).witnesses[1]
    assert refused.is_known_refused(NOW + since) is is_known


def test_a_witness_is_not_asked_twice_within_seconds() -> None:
    asked = Witness(answered_at=NOW, asked_at=NOW)
    assert not asked.may_be_asked(NOW + SPACING / 2)
    assert asked.may_be_asked(NOW + SPACING)
    assert Witness(answered_at=NOW).may_be_asked(NOW)


def test_an_acceptance_ends_the_refusal_of_the_app_and_of_the_witnesses_before_it() -> None:
    standing = note_refusal(answered(1, 2), 2, at=NOW)
    standing = note_app_refused(standing, at=NOW)
    later = note_app_refused(standing, at=NOW + timedelta(hours=1))
    assert (later.refused_since, later.tried_at) == (NOW, NOW + timedelta(hours=1))
    mended = note_acceptance(later, 1, at=NOW + timedelta(hours=2))
    assert mended.refused_since is None
    assert not mended.witnesses[2].is_known_refused(NOW)


def test_a_pair_that_is_refused_is_tried_again_after_a_while() -> None:
    standing = note_app_refused(AppStanding(), at=NOW)
    assert not standing.is_to_be_tried(NOW + STAYS_REFUSED / 2)
    assert standing.is_to_be_tried(NOW + STAYS_REFUSED)
