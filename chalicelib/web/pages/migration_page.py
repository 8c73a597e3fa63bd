"""The migration of older orders: choose, count, start, see how far it is, stop, go on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.migrations import MigrationState
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import ShopState
from chalicelib.errors import (
    MigrationUnderWay,
    NothingExported,
    OnlyOrders,
    RequestError,
    ShopError,
    ShopRateLimited,
)
from chalicelib.usecases.intake.migrating import (
    RangeCount,
    ask_migration,
    count_orders,
    resume_migration,
    start_migration,
    stop_migration,
)
from chalicelib.usecases.operating.migration_progress import (
    MigrationProgress,
    read_migration_progress,
)
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.migration_form import (
    EXCEPT,
    FIRST,
    LAST,
    MigrationAnswers,
    list_periods,
    read_answers,
)
from chalicelib.web.texts import migration_texts as texts

COUNT_TIME = timedelta(seconds=18)
"""How long a page may count: it is to answer within the 29 seconds of API Gateway."""

MOST_NAMED = 50
"""How many numbers that match no order are named on the page."""

MOST_EXPECTED = 10**7


class Action(StrEnum):
    """What a button of the page asks for."""

    COUNT = "count"
    CHANGE = "change"
    START = "start"
    STOP = "stop"
    RESUME = "resume"


def render_migration(call: Call) -> Response:
    """``GET /migration``: how far the last one is, and the form for another; ``?first=…&last=…``
    fills in a period.
    """
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    asked = {name: call.request.query.get(name, "") for name in (FIRST, LAST)}
    return _render(call, values=asked)


def change_migration(call: Call) -> Response:
    """``POST /migration``: what the field ``action`` names. Raises `RequestError` for another one,
    and for what no longer fits.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    try:
        action = Action(form.get("action"))
    except ValueError:
        raise RequestError("The form asks for nothing that can be done here.") from None
    try:
        return _act(call, form, action)
    except MigrationUnderWay:
        return _render(call, form.fields, banner=texts.UNDER_WAY, status=409)
    except NothingExported:
        return _render(call, form.fields, banner=texts.NOT_NOW, status=409)
    except OnlyOrders:
        return _render(call, status=409)


def _act(call: Call, form: Form, action: Action) -> Response:
    if action is Action.STOP:
        stop_migration(call.workspace)
    elif action is Action.RESUME:
        resume_migration(call.workspace)
    elif action is Action.CHANGE:
        return _render(call, form.fields)
    else:
        answers = read_answers(
            form,
            today=local_day(call.connector.clock()),
            pattern=call.shop.policy.description_pattern,
        )
        if answers.period is None or answers.problems:
            # Browsers do not send a file again: its numbers stand in the other field.
            typed = {EXCEPT: "\n".join(sorted(answers.excepted))} if answers.table else {}
            return _render(call, {**form.fields, **typed}, answers.problems)
        if action is Action.COUNT:
            return _count(call, form, answers, *answers.period)
        _start(call, form, answers, *answers.period)
    return redirect(call.build_url("migration"))


def _start(call: Call, form: Form, answers: MigrationAnswers, first: date, last: date) -> None:
    asked = ask_migration(call.workspace, first, last, answers.excepted)
    start_migration(call.workspace, replace(asked, expected=_read_expected(form)))


def _read_expected(form: Form) -> int | None:
    """How many orders the count before found; None when it found no end."""
    with suppress(ValueError):
        expected = int(form.get("expected"))
        return expected if 0 < expected <= MOST_EXPECTED else None
    return None


def _count(call: Call, form: Form, answers: MigrationAnswers, first: date, last: date) -> Response:
    """The page that says what would come along, with the button that starts it."""
    if not call.shop.state.exports:
        raise NothingExported("The shop does not export at the moment.")
    asked = ask_migration(call.workspace, first, last, answers.excepted)
    try:
        until = call.connector.clock() + COUNT_TIME
        counted = count_orders(call.workspace, asked, until=until)
    except ShopError as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("orders cannot be counted", extra=extra)
        is_rationed = isinstance(error, ShopRateLimited)
        banner = texts.SHOP_RATIONED if is_rationed else texts.SHOP_SILENT
        return _render(call, form.fields, banner=banner, status=find_error_text(error).status)
    return call.render(
        "migration_count.html",
        counted=counted,
        first=first,
        last=last,
        excepted=sorted(answers.excepted),
        table=answers.table,
        unmatched=counted.unmatched[:MOST_NAMED],
        unnamed=max(len(counted.unmatched) - MOST_NAMED, 0),
        left_out=_list_left_out(counted),
        seen_day=None if counted.seen_until is None else local_day(counted.seen_until),
    )


def _list_left_out(counted: RangeCount) -> list[tuple[str, int]]:
    """Why orders do not come along, and how many for that cause, the most first."""
    causes: Mapping[DropCause, int] = counted.not_due
    ordered = sorted(causes.items(), key=lambda each: -each[1])
    return [(texts.NOT_DUE[cause], count) for cause, count in ordered]


def _render(
    call: Call,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    *,
    banner: str = "",
    status: int = 200,
) -> Response:
    """The page, with what was posted and the problems in it, if any."""
    today, shop = local_day(call.connector.clock()), call.shop
    progress = read_migration_progress(call.workspace)
    return call.render_with_notice(
        "migration.html",
        status=400 if problems else status,
        problems=problems or {},
        names={name: call.templates.say(title) for name, title in texts.FIELDS.items()},
        values={FIRST: "", LAST: "", EXCEPT: "", **(values or {})},
        banner=banner,
        periods=list_periods(today, local_day(shop.installed_at)),
        today=today,
        only_invoices=shop.policy.source is Source.INVOICES,
        keeps_totals=shop.policy.keep_totals,
        progress=progress,
        **_describe(progress),
    )


def _describe(progress: MigrationProgress | None) -> dict[str, Any]:
    """What the page shows of a migration beside its figures."""
    if progress is None:
        return {"migration": None, "is_running": False}
    migration = progress.migration
    return {
        "migration": migration,
        "first_day": local_day(migration.first),
        "last_day": migration.last_day,
        "seen_day": None if migration.seen_until is None else local_day(migration.seen_until),
        "is_running": migration.state is MigrationState.RUNNING,
        "is_stopped": migration.state is MigrationState.STOPPED,
        "is_done": migration.state is MigrationState.DONE,
    }
