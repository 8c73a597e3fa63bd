"""The morning's report as a page of text, for a mail, and as the function answers it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.neglect import find_shops_mender
from chalicelib.domain.night_progress import NightProgress
from chalicelib.domain.shop_health import FoundCause, ShopHealth
from chalicelib.domain.slots import EVERY_SLOT
from chalicelib.ports import LONGEST_SUBJECT
from chalicelib.usecases.operating.health_report import HealthReport

_COLUMNS = ("shop", "how bad", "since", "way", "who", "what")
_LONG = timedelta(days=2)


def write_subject(report: HealthReport) -> str:
    """One line that says how it is."""
    said = "all is well" if report.is_well else "; ".join(_list_headlines(report))
    line = f"Shops to Asperion, {report.at:%d %b}: {said}"
    if len(line) > LONGEST_SUBJECT:
        line = f"{line[: LONGEST_SUBJECT - 4].rsplit(' ', 1)[0]} ..."
    return line


def write_page(report: HealthReport) -> str:
    """The page: ASCII, and no line longer than a mail carries."""
    sections = (
        _write_head(report),
        _write_night(report),
        _write_halts(report),
        _write_alarms(report),
        _write_shops(report),
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines) + "\n"


def _list_headlines(report: HealthReport) -> Iterator[str]:
    if report.app_refused_since:
        yield "SEOshop refuses the app"
    if report.ringing:
        yield _count(len(report.ringing), "alarm rings", "alarms ring")
    if report.halted:
        yield f"halted: {', '.join(sorted(report.halted))}"
    if not all(night.is_whole for night in report.nights):
        yield "the night is not whole"
    if report.backlog.dead:
        yield _count(report.backlog.dead, "dead letter", "dead letters")
    if report.count_ill:
        yield _count(report.count_ill, "shop needs somebody", "shops need somebody")
    if not report.listeners.confirmed:
        yield "nobody gets the alarms"


def _write_head(report: HealthReport) -> Iterator[str]:
    yield f"The fleet on {report.at:%A %d %B %Y, %H:%M} UTC"
    yield ""
    if report.is_well:
        yield "All is well: every shop was sent out, no shop needs anybody, no alarm rings."
    for each in _list_headlines(report):
        yield f"* {each}"
    if report.neglected:
        neglected = _count(report.neglected, "shop has", "shops have")
        yield f"* {neglected} waited for you for more than three days"


def _write_night(report: HealthReport) -> Iterator[str]:
    yield "The night"
    for night in report.nights:
        yield f"  {night.task:<8}{_describe_night(night)}"
    backlog = report.backlog
    yield (
        f"  queue   {backlog.waiting} wait, {backlog.in_hand} in hand or on their way back, "
        f"{backlog.later} come later; {backlog.dead} dead letters"
    )
    if report.app_refused_since:
        since = _say(report.app_refused_since)
        yield f"  SEOshop refuses the app's own key and secret since {since}"
    if report.alarm_shops * 4 < report.fitting_alarm_shops:
        yield (
            f"  ALARM_SHOPS is {report.alarm_shops}: for so many shops "
            f"{report.fitting_alarm_shops} would fit (docs/runbook.md)"
        )


def _describe_night(night: NightProgress) -> str:
    if night.started_at is None:
        return "DID NOT START within 26 hours: docs/runbook.md#nightmissedalarm"
    said = f"{night.done} of {len(EVERY_SLOT)} slots done, {night.shops} shops sent out"
    if night.done_at is None:
        return f"{said}; NOT WHOLE, began {night.started_at:%H:%M}"
    return f"{said}, {night.started_at:%H:%M} to {night.done_at:%H:%M}"


def _write_halts(report: HealthReport) -> Iterator[str]:
    if report.halted:
        yield "Halted: no files go out"
    for part, halt in sorted(report.halted.items()):
        yield f"  {part} since {_say(halt.since)}: {halt.reason}".rstrip(": ")


def _write_alarms(report: HealthReport) -> Iterator[str]:
    if report.ringing:
        yield "Alarms that ring"
    for alarm in report.ringing:
        yield f"  {alarm.name} since {_say(alarm.since)}: docs/runbook.md#{alarm.name.lower()}"
    if not report.listeners.confirmed:
        yield "NOBODY GETS THE ALARMS"
        if report.listeners.pending:
            yield "  Who was asked has not confirmed it: open the mail from AWS, follow its link"
        else:
            yield "  Deploy with ALARM_EMAIL=you@example.nl, and confirm the mail that AWS sends"


def _write_shops(report: HealthReport) -> Iterator[str]:
    if not report.worst:
        return
    counts = [f"{n} {severity.word}" for severity, n in sorted(report.ill.items(), reverse=True)]
    yield f"Shops that need somebody: {', '.join(counts)}"
    rows = [_COLUMNS, *(_list_cells(each, report.at) for each in report.worst)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_COLUMNS) - 1)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join(cells)}  {row[-1]}"
    if report.more:
        yield f"  and {report.more} more: bin/fleet worst"


def _list_cells(health: ShopHealth, now: datetime) -> tuple[str, ...]:
    what = ", ".join(_describe_cause(found) for found in health.causes)
    since = _say_long(now - health.since)
    mender = find_shops_mender(health)
    return (str(health.shop_id), health.severity.word, since, health.way.value, mender.value, what)


def _describe_cause(found: FoundCause) -> str:
    return found.code if found.count == 1 else f"{found.code} ({found.count})"


def _say(moment: datetime) -> str:
    return f"{moment:%d %b %H:%M}"


def _say_long(age: timedelta) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{age.days} days" if age >= _LONG else _count(hours, "hour", "hours")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def describe_report(report: HealthReport) -> dict[str, Any]:
    """The report as JSON has it, with the page as `text`."""
    return {
        "at": report.at.isoformat(),
        "is_well": report.is_well,
        "night": {night.task.value: _describe_progress(night) for night in report.nights},
        "queue": {
            "waiting": report.backlog.waiting,
            "in_hand": report.backlog.in_hand,
            "later": report.backlog.later,
            "dead": report.backlog.dead,
        },
        "halted": [
            {"part": part.value, "since": halt.since.isoformat(), "reason": halt.reason}
            for part, halt in sorted(report.halted.items())
        ],
        "alarms": [{"name": each.name, "since": each.since.isoformat()} for each in report.ringing],
        "listeners": {
            "confirmed": report.listeners.confirmed,
            "pending": report.listeners.pending,
        },
        "app_refused_since": _iso(report.app_refused_since),
        "ill": {severity.word: count for severity, count in sorted(report.ill.items())},
        "neglected": report.neglected,
        "worst": [_describe_shop(each) for each in report.worst],
        "more": report.more,
        "text": write_page(report),
    }


def _describe_progress(night: NightProgress) -> dict[str, Any]:
    return {
        "slots": len(EVERY_SLOT),
        "begun": night.begun,
        "done": night.done,
        "shops": night.shops,
        "started_at": _iso(night.started_at),
        "done_at": _iso(night.done_at),
    }


def _describe_shop(health: ShopHealth) -> dict[str, Any]:
    return {
        "shop_id": health.shop_id,
        "severity": health.severity.word,
        "since": health.since.isoformat(),
        "state": health.state.value,
        "cluster": health.cluster,
        "way": health.way.value,
        "who": find_shops_mender(health).value,
        "causes": [
            {"cause": found.code, "count": found.count, "since": found.since.isoformat()}
            for found in health.causes
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
