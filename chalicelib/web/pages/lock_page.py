"""The page on which a period is closed, in two steps, and opened again by whoever closed it.

The first step asks for the last day, the second shows what is still open of the period and asks
for a confirmation; it is about that very day, and about the files that it names.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.period_locks import (
    LockHolder,
    LockRefused,
    is_same_seat,
    mark_seat,
    suggest_days,
)
from chalicelib.domain.periods import PeriodKind, find_period
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError, ShopBusy
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.closing_periods import (
    NoReason,
    Unconfirmed,
    check_closing,
    close_period,
    find_new_days,
    list_unsure_files,
    open_period,
    read_closed_periods,
)
from chalicelib.usecases.operating.open_in_period import read_open
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.open_view import show_open
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts.lock_texts import (
    BUSY,
    NO_DAY,
    NO_REASON,
    OBSTACLES,
    SEEN_TOO_LONG_AGO,
    UNSURE,
)

_PURPOSE = "lock"
_SEEN_FOR = 15 * 60  # seconds


class Author(StrEnum):
    """Who set a lock or took it back, as who looks at the page calls him."""

    YOU = "you"
    MERCHANT = "merchant"
    BOOKKEEPER = "bookkeeper"  # to another bookkeeper, a colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the page shows besides how the books are closed."""

    status: int = 200
    typed: str = ""
    reason: str = ""
    banner: str = ""
    problems: dict[str, str] = field(default_factory=dict)


def render_lock(call: Call) -> Response:
    """``GET /lock``: how the books are closed, the form that closes more, and the one that opens
    again what who looks closed last. With ``?until=…`` that day is filled in.
    """
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    day = read_day(call.request.query.get("until", ""))
    return _render(call, _Shown(typed="" if day is None else day.isoformat()))


def save_lock(call: Call) -> Response:
    """``POST /lock``: with ``action`` ``open`` a lock is taken back, for the reason in the form;
    else the day in ``until`` is closed once it is confirmed, and until then what is open of the
    period is shown.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    if form.get("action") == "open":
        return _open_again(call, form)
    day = read_day(form.get("until"))
    if day is None:
        return _refuse(call, form, "until", NO_DAY)
    try:
        return _close_until(call, form, day)
    except LockRefused as refused:
        return _refuse(call, form, "until", OBSTACLES[refused.obstacle])


def _find_holder(call: Call) -> LockHolder:
    return LockHolder(call.actor, "" if call.client is None else mark_seat(call.client.seat))


def _open_again(call: Call, form: Form) -> Response:
    name, reason = form.get("lock"), form.get("reason")
    if not name:
        raise RequestError("The form does not say which period is meant.")
    try:
        is_opened = open_period(call.workspace, name, _find_holder(call), reason=reason)
    except NoReason:
        return _refuse(call, form, "reason", NO_REASON)
    except LockRefused as refused:
        return _render(call, _Shown(status=409, banner=OBSTACLES[refused.obstacle]))
    url = call.build_url("lock")
    return call.redirect_with_notice(url, "period_opened", int(is_opened))


def _close_until(call: Call, form: Form, day: date) -> Response:
    """The answer to a day that is to be closed. Raises `LockRefused`."""
    holder = _find_holder(call)
    if not check_closing(call.workspace, day, holder):
        return call.redirect_with_notice(call.build_url("lock"), "period_closed", 0)
    files = _read_confirmed(call, form, day, holder)
    if files is None:
        return _ask(call, day, banner=SEEN_TOO_LONG_AGO if form.get("confirm") else "")
    if files and form.get("unsure") != "yes":
        return _ask(call, day, problems={"unsure": UNSURE})
    try:
        is_closed = close_period(call.workspace, day, holder, confirmed=files)
    except (ShopBusy, Unconfirmed) as error:
        is_busy = isinstance(error, ShopBusy)
        return _ask(call, day, banner=BUSY if is_busy else SEEN_TOO_LONG_AGO, status=409)
    return call.redirect_with_notice(call.build_url("lock"), "period_closed", int(is_closed))


def _find_author(seat: str, holder: LockHolder) -> Author:
    if is_same_seat(seat, holder.seat):
        return Author.YOU
    return Author.BOOKKEEPER if seat else Author.MERCHANT


def _make_claim(call: Call, day: date, holder: LockHolder, files: list[str]) -> list[object]:
    return [call.shop.shop_id, holder.seat, day.isoformat(), files]


def _read_confirmed(call: Call, form: Form, day: date, holder: LockHolder) -> list[str] | None:
    """The files that the confirmation names; None when it is too old, or not of this very day by
    this very person.
    """
    said: Any = call.sessions.check(_PURPOSE, form.get("confirm"), _SEEN_FOR)
    if said is None:
        return None
    files: list[str] = said[-1]
    return files if said == _make_claim(call, day, holder, files) else None


def _ask(
    call: Call,
    day: date,
    *,
    status: int = 200,
    banner: str = "",
    problems: dict[str, str] | None = None,
) -> Response:
    """The second step: what is open of the period, and whether to close it all the same."""
    workspace = call.workspace
    unsure = list_unsure_files(workspace, day)
    claim = _make_claim(call, day, _find_holder(call), [file.name for file in unsure])
    open_money = read_open(workspace, find_new_days(call.shop, day))
    return call.render(
        "lock_confirm.html",
        status=400 if problems else status,
        day=day,
        former=call.shop.locked_until,
        ends_month=day == find_period(PeriodKind.MONTH, day).last,
        unsure=unsure,
        banner=banner,
        problems=problems or {},
        confirm=call.sessions.sign(_PURPOSE, claim),
        **show_open(call, open_money, call.shop.currency),
    )


def _refuse(call: Call, form: Form, name: str, problem: str) -> Response:
    shown = _Shown(
        status=400,
        typed=form.get("until"),
        reason=form.get("reason"),
        problems={name: problem},
    )
    return _render(call, shown)


def _render(call: Call, shown: _Shown) -> Response:
    holder = _find_holder(call)
    closed = read_closed_periods(call.workspace, holder)
    today = local_day(call.connector.clock())
    return call.render_with_notice(
        "lock.html",
        status=shown.status,
        closed=closed,
        authors={lock.name: _find_author(lock.seat, holder) for lock in call.shop.locks},
        openers={
            lock.name: _find_author(lock.lifted.seat, holder)
            for lock in closed.lifted
            if lock.lifted is not None
        },
        suggested=suggest_days(today, closed.until),
        typed=shown.typed,
        reason=shown.reason,
        banner=shown.banner,
        problems=shown.problems,
        today=today,
    )
