"""The installation's last pages: from when orders come along, how many that are, and that it is
done.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta

from chalicelib.domain.days import local_day
from chalicelib.errors import ConnectorError, QueueError, RequestError, ShopError
from chalicelib.schedule import next_export
from chalicelib.usecases.intake.migrating import (
    RangeCount,
    ask_migration,
    count_orders,
    find_migration,
    start_migration,
)
from chalicelib.usecases.shop.installation_steps import (
    find_start_asked_for,
    forget_start,
    keep_start,
    read_progress,
)
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.install_steps import Step, go_to, render_step
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts import install_texts as texts

TODAY, SINCE = "today", "since"
COUNT_TIME = timedelta(seconds=15)
"""How long a page may count: it is to answer within the 29 seconds of API Gateway."""


def render_start(
    call: Call,
    problems: Mapping[str, str] | None = None,
    posted: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    banner: str = "",
) -> Response:
    """The page that asks from when orders come along."""
    since = read_progress(call.workspace).since
    kept = {"start": SINCE if since else TODAY, "since": since.isoformat() if since else ""}
    return render_step(
        call,
        Step.START,
        problems=problems,
        status=status,
        values={**kept, **(posted or {})},
        today=local_day(call.connector.clock()),
        banner=banner,
    )


def save_start(call: Call, form: Form) -> Response | None:
    """Keep from when orders come along. None when the app is to be installed now; with a day what
    comes along is counted first.
    """
    since, problems = _read_start(call, form)
    if problems:
        return render_start(call, problems, form.fields)
    keep_start(call.workspace, since)
    return None if since is None else go_to(call, Step.COUNT)


def _read_start(call: Call, form: Form) -> tuple[date | None, Mapping[str, str]]:
    chosen, typed = form.get("start"), form.get("since")
    if chosen == TODAY:
        kept = read_progress(call.workspace).since
        is_new = typed and read_day(typed) != kept
        return None, {"since": texts.TWO_STARTS} if is_new else {}
    if chosen != SINCE:
        return None, {"start": texts.NO_START}
    day = read_day(typed)
    if day is None:
        return None, {"since": texts.NO_DAY}
    if day > local_day(call.connector.clock()):
        return None, {"since": texts.FUTURE_DAY}
    return day, {}


def render_count(call: Call, *, status: int = 200, banner: str = "") -> Response:
    """The page that says what comes along from the day that was chosen, and asks for the button."""
    since = read_progress(call.workspace).since
    if since is None:
        return go_to(call, Step.START)
    counted, unable = _count(call, since)
    return render_step(
        call,
        Step.COUNT,
        status=status,
        since=since,
        counted=counted,
        unable=unable,
        banner=banner,
    )


def _count(call: Call, since: date) -> tuple[RangeCount | None, str]:
    """What comes along, or why it cannot be said."""
    now = call.connector.clock()
    try:
        asked = ask_migration(call.workspace, since, local_day(now))
        return count_orders(call.workspace, asked, until=now + COUNT_TIME), ""
    except ShopError as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("orders cannot be counted", extra=extra)
        return None, texts.NOT_COUNTED
    except RequestError:
        return None, texts.NOT_COUNTABLE


def take_along(call: Call) -> None:
    """Let the orders from the chosen day on go along, once the shop is installed. What keeps them
    from it is said on the last page; nothing is lost by asking again.
    """
    since = find_start_asked_for(call.workspace)
    if since is None:
        return
    try:
        asked = ask_migration(call.workspace, since, local_day(call.connector.clock()))
        start_migration(call.workspace, asked)
    except QueueError:
        call.log.warning("older orders go along tonight", extra={"shop_id": call.shop.shop_id})
    except ConnectorError as error:
        extra = {"shop_id": call.shop.shop_id, "error": type(error).__name__}
        call.log.warning("older orders do not go along yet", extra=extra)
        return
    forget_start(call.workspace)


def render_done(call: Call) -> Response:
    """The last page: what happens tonight, and where to find it in Asperion."""
    return render_step(
        call,
        Step.DONE,
        taken_since=_find_day_taken_from(call),
        left_since=find_start_asked_for(call.workspace),
        next_run=next_export(call.connector.clock()),
        offers_api=call.connector.front_door is not None,
    )


def _find_day_taken_from(call: Call) -> date | None:
    """The first day of the orders that go along since this installation."""
    with suppress(RequestError):
        migration = find_migration(call.workspace)
        if migration.started_at and migration.started_at >= call.shop.installed_at:
            return local_day(migration.first)
    return None
