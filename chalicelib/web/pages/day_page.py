"""The page of a day: its statement, and the documents behind every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.drawing_up import MOST_LISTED
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.listed_money import ListedMoney
from chalicelib.domain.statement import DayStatement, Document, Figure, statement_name
from chalicelib.usecases.operating.day_documents import DayDocuments, read_day
from chalicelib.usecases.operating.landed_money import read_landed
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.discrepancy_texts import NAMES_FILES, TEXTS
from chalicelib.web.texts.statement_texts import (
    CAME,
    FIGURES,
    LISTED,
    VERDICT_TEXTS,
    VERDICTS,
    WENT,
)

MOST_FILES = 30
"""Of how many files the page says hash and totals."""


def render_day(call: Call) -> Response:
    """``GET /days/{day}``: the statement of a day. Raises `NoSuchPage` for one without."""
    workspace = call.workspace
    day = parse_day(call.params["day"])
    statement = call.connector.shops.load(workspace.shop_id, DayStatement, statement_name(day))
    if statement is None:
        raise NoSuchPage
    documents = read_day(workspace, statement)
    files = _list_files(documents)
    return call.render(
        "day.html",
        statement=statement,
        sides=[[(figure, statement.count(figure)) for figure in side] for side in (CAME, WENT)],
        lists=[_list_figure(documents, each) for each in Figure if documents.count(each)],
        covers=_list_covers(call, files),
        files=files,
        moved_on=documents.has_moved_on,
        is_behind=documents.is_behind,
        figures=FIGURES,
        verdict=VERDICTS[statement.verdict],
        verdict_text=VERDICT_TEXTS[statement.verdict],
        cover=statement.cover if call.shop.policy.keep_totals else None,
        landed=read_landed(workspace, list(documents.files.values())),
        listed=_list_money(call, statement),
        listed_texts=LISTED,
        discrepancy_texts=TEXTS,
        names_files=NAMES_FILES,
    )


def _list_money(call: Call, statement: DayStatement) -> ListedMoney | None:
    """What the shop's list added up to, when it was compared whole and totals are kept."""
    check = statement.check
    if check is None or not check.is_whole or not call.shop.policy.keep_totals:
        return None
    return check.money


def _list_files(documents: DayDocuments) -> list[FileEntry]:
    """The first of the files in which the day's orders were delivered."""
    names = sorted(documents.count_placed())[:MOST_FILES]
    return [documents.files[name] for name in names if name in documents.files]


def _list_covers(call: Call, files: Sequence[FileEntry]) -> dict[str, CoverSheet]:
    """What these files add up to, by name, while totals are kept."""
    if not call.shop.policy.keep_totals:
        return {}
    return {file.name: file.cover for file in files if file.cover is not None}


def parse_day(text: str) -> date:
    """A day as the pages link to it: ``2026-11-23``. Raises `NoSuchPage` for any other way of
    writing it.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoSuchPage from None
    if day.isoformat() != text:
        raise NoSuchPage
    return day


def _list_figure(documents: DayDocuments, figure: Figure) -> dict[str, Any]:
    """The documents behind a figure, by file what was delivered, and how many are not listed."""
    found = sorted(documents.account.figures[figure], key=lambda document: document.place)
    shown = found[:MOST_LISTED]
    if figure is Figure.PLACED:
        parts = list(_list_placed(documents, found))
    else:
        parts = [{"documents": shown, "file": ""}]
    count = documents.count(figure)
    return {
        "figure": figure,
        "parts": parts,
        "count": count,
        "more": max(count - len(shown), 0),
        "is_unnamed": not shown,
    }


def _list_placed(documents: DayDocuments, placed: Sequence[Document]) -> Iterator[dict[str, Any]]:
    """What was delivered, by file: the names of all files, the first documents over all of them."""
    by_key = {document.key: document for document in placed}
    left = MOST_LISTED
    for file, count in sorted(documents.count_placed().items()):
        keys = documents.account.placed_by_file.get(file, ())
        inside = sorted((by_key[key] for key in keys), key=lambda each: each.place)[:left]
        left -= len(inside)
        yield {"documents": inside, "count": count, "file": file}
