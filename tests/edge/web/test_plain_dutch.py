"""The Dutch of the pages and of the manual is that of a shopkeeper, not of a programmer."""

from __future__ import annotations

import re

import pytest

from tests.edge.web.test_catalogues import catalogue, texts
from tools.build import ROOT

WORDS_OF_OURS = re.compile(
    r"\b(runs?|inbox(en)?|klassen?|vingerafdruk(ken)?|hash(es)?|payload|default)\b", re.IGNORECASE
)
"""What we call things among ourselves."""

PERSONS = re.compile(r"\b(zij|haar)\b", re.IGNORECASE)
"""An order, a file and the connector are no women."""

ALMOST = re.compile(r"\balles is in\b", re.IGNORECASE)

MANUAL = (ROOT / "docs" / "merchant.md").read_text(encoding="utf-8")
SAID = [translated for message in catalogue("nl") if message.id for _, translated in texts(message)]


@pytest.mark.parametrize("forbidden", [WORDS_OF_OURS, PERSONS, ALMOST])
def test_no_text_speaks_our_language(forbidden: re.Pattern[str]) -> None:
    assert [text for text in SAID if forbidden.search(text)] == []


@pytest.mark.parametrize("forbidden", [WORDS_OF_OURS, PERSONS, ALMOST])
def test_no_line_of_the_manual_does(forbidden: re.Pattern[str]) -> None:
    assert [line for line in MANUAL.splitlines() if forbidden.search(line)] == []
