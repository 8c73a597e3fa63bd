"""The style sheet is whole: a brace that is missing swallows every rule behind it."""

from __future__ import annotations

import re

from chalicelib.web.pages.page_templates import STYLE

CSS = re.sub(r"/\*.*?\*/", "", STYLE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_every_brace_that_is_opened_is_closed_where_it_should_be() -> None:
    depth = 0
    for line in CSS.splitlines():
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 2, line
    assert depth == 0


def test_no_page_is_styled_for_paper_alone() -> None:
    """The rules for print are the last but for those of single pages, and end where they end."""
    (printed,) = re.findall(r"@media print \{(.*?)\n\}", CSS, flags=re.DOTALL)

    assert ".chart" not in printed
    assert ".sheet" in printed
