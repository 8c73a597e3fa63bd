"""The English of the pages and of the manual is that of a shopkeeper, not of a programmer."""

from __future__ import annotations

import re

import pytest

from tests.edge.web.test_catalogues import PLACES, catalogue, texts
from tools.build import ROOT

WORDS_OF_OURS = re.compile(
    r"\b((the|next|first|this|every|each|another) runs?|inbox(es)?|class(es)?|fingerprints?"
    r"|hash(es)?|payload|migrations?|backfill|documents?)\b",
    re.IGNORECASE,
)
"""What we call things among ourselves."""

OTHER_WORDS = re.compile(
    r"\b(your shop|concept invoices?|check sums?|help ?desk(?! of Asperion)|an offer)\b",
    re.IGNORECASE,
)
"""Second words for what has one: webshop, draft invoice, checksum, support desk, quote."""

STILTED = re.compile(r"\b(anew|meanwhile|booked otherwise|one a line)\b", re.IGNORECASE)

LOOSE_SIGN = re.compile(r"€ ")
"""A sign that may be left at the end of a line, without its amount."""

FORBIDDEN = [WORDS_OF_OURS, OTHER_WORDS, STILTED, LOOSE_SIGN]

MANUAL = (ROOT / "docs" / "merchant.en.md").read_text(encoding="utf-8")
SAID = [source for message in catalogue("nl") if message.id for source, _ in texts(message)]


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_no_text_speaks_our_language(forbidden: re.Pattern[str]) -> None:
    assert [text for text in SAID if forbidden.search(PLACES.sub("", text))] == []


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_no_line_of_the_manual_does(forbidden: re.Pattern[str]) -> None:
    assert [line for line in MANUAL.splitlines() if forbidden.search(line)] == []
