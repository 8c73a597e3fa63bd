"""The page of a day: its statement, and the documents behind every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.listed_money import ListedMoney
from chalicelib.domain.statement import DayAccount, DayStatement, Document, Figure, statement_name
from chalicelib.usecases.filing.day import account_of_day
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

MOST_SHOWN = 250
"""How many documents are listed under a figure."""

MOST_FILES = 30
"""Of how many files the page says hash and totals."""


def render_day(call: Call) -> Response:
    """``GET /days/{day}``: the statement of a day. Raises `NoSuchPage` for one without."""
    workspace = call.workspace
    day = parse_day(call.params["day"])
    statement = call.connector.shops.load(workspace.shop_id, DayStatement, statement_name(day))
    if statement is None:
        raise NoSuchPage
    account = account_of_day(workspace, day)
    files = _read_files(call, account)
    return call.render(
        "day.html",
        statement=statement,
        sides=[[(figure, _stated(statement, figure)) for figure in side] for side in (CAME, WENT)],
        lists=[_list_figure(account, figure) for figure in Figure if account.count(figure)],
        covers=_list_covers(call, files),
        files=files,
        moved_on=_has_moved_on(statement, account),
        figures=FIGURES,
        verdict=VERDICTS[statement.verdict],
        verdict_text=VERDICT_TEXTS[statement.verdict],
        cover=statement.cover if call.shop.policy.keep_totals else None,
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


def _read_files(call: Call, account: DayAccount) -> list[FileEntry]:
    """The first of the files in which the day's orders were delivered."""
    names = sorted(account.placed_by_file)[:MOST_FILES]
    files = (call.connector.files.get(call.shop.shop_id, name) for name in names)
    return [file for file in files if file is not None]


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


def _has_moved_on(statement: DayStatement, account: DayAccount) -> bool:
    """Whether more happened in the day than a statement says that was drawn up before its end."""
    is_final = local_day(statement.at) > statement.day
    return not is_final and any(
        account.count(figure) != _stated(statement, figure) for figure in Figure
    )


def _stated(statement: DayStatement, figure: Figure) -> int:
    count: int = getattr(statement, figure.value)
    return count


def _list_figure(account: DayAccount, figure: Figure) -> dict[str, Any]:
    """The documents behind a figure, by file what was delivered, and how many are not listed."""
    found = sorted(account.figures[figure], key=_number_order)
    if figure is Figure.PLACED:
        parts = list(_list_files(account, found))
    else:
        parts = [{"documents": found[:MOST_SHOWN], "file": ""}]
    more = max(len(found) - MOST_SHOWN, 0)
    return {"figure": figure, "parts": parts, "count": len(found), "more": more}


def _number_order(document: Document) -> tuple[int, str]:
    return len(document.number), document.number


def _list_files(account: DayAccount, placed: Sequence[Document]) -> Iterator[dict[str, Any]]:
    """What was delivered, by file: the names of all files, the first documents over all of them."""
    by_key = {document.key: document for document in placed}
    left = MOST_SHOWN
    for file, keys in sorted(account.placed_by_file.items()):
        inside = sorted((by_key[key] for key in keys), key=_number_order)[:left]
        left -= len(inside)
        yield {"documents": inside, "count": len(keys), "file": file}
