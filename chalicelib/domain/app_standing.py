"""How SEOshop answers the app's own key and secret, and the shops that can be asked about it.

A refused token may be the shop's own fault, or that of the app's pair, with which every call is
made. Another shop's token tells the two apart. The shops that are asked, the witnesses, are a
sample of those that SEOshop answered lately. Chance draws it, by a hash of their numbers, so that
the shops of one owner are in it as they are in the whole: that he removes them all at once refuses
no app.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from chalicelib.lazy_dataclass import dataclass

MOST_WITNESSES = 16
FRESH = timedelta(hours=12)
"""A witness that answered so lately need not be noted again."""

STALE = timedelta(days=7)
"""One that has not answered for so long, nor was refused, makes room for another."""

STAYS_REFUSED = timedelta(minutes=5)
"""For so long a witness's refusal counts without asking again, and so long after a try of a pair
that is refused comes the next. Too long only delays: no shop is ever disconnected by it."""

SPACING = timedelta(seconds=3)
"""Between two questions to one witness: a third of the calls it has in five minutes, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A shop that can be asked. SEOshop answered its calls at `answered_at`, or refused its token
    at `refused_at`; for another shop's sake it was asked last at `asked_at`.
    """

    answered_at: datetime | None = None
    refused_at: datetime | None = None
    asked_at: datetime | None = None

    def is_known_refused(self, now: datetime) -> bool:
        """Whether it was refused just now, so that it need not be asked again."""
        return self.refused_at is not None and now - self.refused_at < STAYS_REFUSED

    def may_be_asked(self, now: datetime) -> bool:
        """Whether its allowance can spare a call."""
        return self.asked_at is None or now - self.asked_at >= SPACING

    def last_answer(self) -> datetime | None:
        """When SEOshop last answered for it, either way."""
        recent = [at for at in (self.answered_at, self.refused_at) if at is not None]
        return max(recent, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStanding:
    """What is known of the app's pair: since when SEOshop refuses it (None: it does not), when that
    was last tried again, and when the last call began that proved it good. `witnesses` are shops by
    their numbers.
    """

    NAME: ClassVar[str] = "app"

    refused_since: datetime | None = None
    tried_at: datetime | None = None
    accepted_at: datetime | None = None
    witnesses: Mapping[int, Witness] = field(default_factory=dict)

    def is_to_be_tried(self, now: datetime) -> bool:
        """Whether a pair that is refused is to be tried again."""
        return self.tried_at is None or now - self.tried_at >= STAYS_REFUSED


def note_answer(standing: AppStanding, shop_id: int, *, at: datetime) -> AppStanding:
    """SEOshop answered a shop's calls: it can be asked from now on, if it is drawn."""
    known = standing.witnesses.get(shop_id, Witness())
    return _with_witness(standing, shop_id, replace(known, answered_at=at, refused_at=None), at)


def note_question(standing: AppStanding, shop_id: int, *, at: datetime) -> AppStanding:
    """A witness is asked."""
    known = standing.witnesses.get(shop_id, Witness())
    return _with_witness(standing, shop_id, replace(known, asked_at=at), at)


def note_refusal(standing: AppStanding, shop_id: int, *, at: datetime) -> AppStanding:
    """SEOshop refused a shop's token: who is refused with it may be so because of the app."""
    known = standing.witnesses.get(shop_id, Witness())
    return _with_witness(standing, shop_id, replace(known, refused_at=at), at)


def note_acceptance(standing: AppStanding, shop_id: int, *, at: datetime) -> AppStanding:
    """A call for this shop, which began at `at`, proved the app's pair good: who was refused before
    that may have been so because of the app, and is asked again.
    """
    asked_anew = {
        each: replace(one, refused_at=None) if one.refused_at and one.refused_at <= at else one
        for each, one in standing.witnesses.items()
    }
    answered = note_answer(replace(standing, witnesses=asked_anew), shop_id, at=at)
    return replace(answered, accepted_at=at, refused_since=None, tried_at=None)


def note_app_refused(standing: AppStanding, *, at: datetime) -> AppStanding:
    """SEOshop refuses the app's pair, for the first time or still."""
    return replace(standing, refused_since=standing.refused_since or at, tried_at=at)


def drop_witness(standing: AppStanding, shop_id: int) -> AppStanding:
    """A shop that has left can tell nothing any more."""
    others = {each: one for each, one in standing.witnesses.items() if each != shop_id}
    return replace(standing, witnesses=others)


def is_sampled(standing: AppStanding, shop_id: int, *, now: datetime) -> bool:
    """Whether noting an answer of this shop would change the sample."""
    known = standing.witnesses.get(shop_id)
    if known is not None and known.answered_at is not None and known.refused_at is None:
        return now - known.answered_at >= FRESH
    return shop_id in note_answer(standing, shop_id, at=now).witnesses


def order_witnesses(standing: AppStanding, *, besides: int) -> list[int]:
    """All witnesses but one shop, which asks: in an order of its own, so that many who ask at once
    ask different ones.
    """
    others = (each for each in standing.witnesses if each != besides)
    return sorted(others, key=lambda each: _draw(f"{besides}/{each}"))


def _with_witness(
    standing: AppStanding, shop_id: int, witness: Witness, now: datetime
) -> AppStanding:
    recent = {
        each: one
        for each, one in standing.witnesses.items()
        if (last := one.last_answer()) is not None and now - last < STALE
    }
    drawn = sorted({**recent, shop_id: witness}, key=lambda each: _draw(str(each)))
    return replace(
        standing,
        witnesses={each: {**recent, shop_id: witness}[each] for each in drawn[:MOST_WITNESSES]},
    )


def _draw(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
