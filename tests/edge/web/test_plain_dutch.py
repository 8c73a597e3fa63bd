"""The Dutch of the pages and of the manual is that of a shopkeeper, not of a programmer."""

from __future__ import annotations

import re

import pytest

from tests.edge.web.test_catalogues import PLACES, catalogue, texts
from tools.build import ROOT

WORDS_OF_OURS = re.compile(
    r"\b(runs?|inbox(en)?|klassen?|vingerafdruk(ken)?|hash(es)?|payload|default)\b", re.IGNORECASE
)
"""What we call things among ourselves."""

PERSONS = re.compile(
    r"\b(zij|haar)\b|\b(omdat|nadat|zodra|als) ze\b.*\b(is|staat|ging)\b", re.IGNORECASE
)
"""An order, a file and the connector are no women."""

OTHER_WORDS = re.compile(
    r"\b(migraties?|betaalwijzen?|ondertussen|uw winkel|uw boeken|creditnota|importeer|order)\b"
    r"|\bhelpdesk\b(?! van Asperion)",
    re.IGNORECASE,
)
"""Second words for what has one: oudere bestellingen, betaalmethode, intussen, webwinkel,
boekhouding, creditfactuur, inlezen, bestelling, supportdesk.
"""

ALMOST = re.compile(r"\balles is in\b|“", re.IGNORECASE)

LOOSE_SIGN = re.compile(r"€ ")
"""A sign that may be left at the end of a line, without its amount."""

FORBIDDEN = [WORDS_OF_OURS, PERSONS, OTHER_WORDS, ALMOST, LOOSE_SIGN]

MANUAL = (ROOT / "docs" / "merchant.md").read_text(encoding="utf-8")
SAID = [translated for message in catalogue("nl") if message.id for _, translated in texts(message)]


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_no_text_speaks_our_language(forbidden: re.Pattern[str]) -> None:
    assert [text for text in SAID if forbidden.search(PLACES.sub("", text))] == []


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_no_line_of_the_manual_does(forbidden: re.Pattern[str]) -> None:
    assert [line for line in MANUAL.splitlines() if forbidden.search(line)] == []


def test_a_count_of_one_is_not_one_of_the_last_ones() -> None:
    ones = [texts(message)[0] for message in catalogue("nl") if not isinstance(message.id, str)]
    assert len(ones) > 50
    odd = re.compile(r"\b(last|first|laatste|eerste) (%\(num\)s|1) ")
    assert [text for one in ones for text in one if odd.search(text)] == []
