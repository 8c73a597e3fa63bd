"""Every cause that a biography may hold has a text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.domain.ledger import Actor, Event, ReleaseCause
from chalicelib.web.texts.biography_texts import RELEASE_CAUSES, describe_history

AT = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("cause", ReleaseCause)
def test_every_cause_of_giving_an_order_back_has_a_text(cause: ReleaseCause) -> None:
    claimed = Event(at=AT, what="claimed", by=Actor.EXPORT, detail="axml-orders.xml")
    back = Event(at=AT, what="waiting", by=Actor.EXPORT, detail=cause.value)
    (_, text), _ = describe_history([claimed, back])
    assert text.texts["cause"] == RELEASE_CAUSES[cause]


def test_causes_keep_the_words_that_older_records_hold() -> None:
    assert {cause.value for cause in ReleaseCause} >= {
        "budget", "time", "unavailable", "shop unavailable", "not found", "held up", "run failed",
        "inbox refused", "inbox unknown", "file not sent", "file given up", "not in its file",
    }  # fmt: skip
