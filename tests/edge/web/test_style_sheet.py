"""The style sheet is whole: a brace that is missing swallows every rule behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.web.pages.page_templates import STYLE

CSS = re.sub(r"/\*.*?\*/", "", STYLE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_every_brace_that_is_opened_is_closed_where_it_should_be() -> None:
    depth = 0
    for line in CSS.splitlines():
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 2, line
    assert depth == 0


def list_printed() -> Iterator[str]:
    """What stands between the braces of each group of rules for print."""
    for begin in re.finditer(r"@media print \{", CSS):
        depth = 1
        for place in range(begin.end(), len(CSS)):
            depth += {"{": 1, "}": -1}.get(CSS[place], 0)
            if not depth:
                yield CSS[begin.end() : place]
                break


def test_the_rules_for_print_end_where_they_should() -> None:
    """None reaches into the rules of other pages, which would then be for paper alone."""
    general, of_days, of_bookkeeping = list_printed()

    assert ".skip" in general
    assert ".only-print" in of_days
    assert ".evidence" in of_bookkeeping
    for printed in (general, of_days, of_bookkeeping):
        assert "@media" not in printed
        assert not any(name in printed for name in (".chart", ".meter", ".client", ".seal"))
