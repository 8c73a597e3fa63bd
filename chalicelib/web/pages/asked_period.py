"""The period that a page for the bookkeeping is asked for: ``?period=2026-Q3``, or ``?first=`` and
``?last=`` as the form has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, timedelta

from chalicelib.domain import bounds
from chalicelib.domain.days import local_day
from chalicelib.domain.periods import Period, PeriodKind, find_period, read_period
from chalicelib.domain.shops import Shop
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts import period_texts as texts

LONGEST = timedelta(days=366)
_OFFERED = {PeriodKind.QUARTER: 12, PeriodKind.MONTH: 24, PeriodKind.YEAR: 7}
"""How many periods of each kind the form offers at most, the present one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPeriod:
    """The period that a page shows, and what its form needs: `title` in words, the periods
    `before` and `after` it, those that are `offered` in groups of (heading, (name, title)), and
    `typed` days. With `problems` (by their fields) the period is the usual one, not what was asked.
    """

    period: Period
    title: str
    before: Period | None
    after: Period | None
    offered: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    typed: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_offered(self) -> bool:
        """Whether the form's list has the period."""
        return any(self.period.name == name for _, group in self.offered for name, _ in group)

    @property
    def file_part(self) -> str:
        """How the period is called in the name of a file."""
        return self.period.name.replace("_", "-")

    @property
    def status(self) -> int:
        """What the page answers with."""
        return 400 if self.problems else 200


def find_asked_period(call: Call, *, only: PeriodKind | None = None) -> AskedPeriod:
    """The period of a request; without one the last quarter that is over, or the present one while
    the shop has none before. With `only`, it is the last one of that kind with a day in it.
    """
    today = local_day(call.connector.clock())
    usual = _find_usual_period(call.shop, today)
    query = call.request.query
    problems: dict[str, str] = {}
    typed = {name: query.get(name, "").strip() for name in ("first", "last")}
    found = None
    if any(typed.values()):
        found = _read_days(typed, problems)
    elif name := query.get("period", "").strip():
        found = _read_name(name, problems)
    period = found or usual
    if only is not None:
        period = find_period(only, period.last)
    templates = call.templates
    before, after = period.step(-1), period.step(1)
    return AskedPeriod(
        period=period,
        title=texts.write_period(period, templates.text, templates.dates),
        before=before if bounds.is_day(before.first) else None,
        after=after if after.first <= today else None,
        offered=tuple(
            (
                texts.KINDS[kind],
                tuple(
                    (each.name, texts.write_period(each, templates.text, templates.dates))
                    for each in _list_offered(kind, call.shop, today)
                ),
            )
            for kind in _OFFERED
            if only in (None, kind)
        ),
        typed=typed,
        problems=problems,
    )


def _find_usual_period(shop: Shop, today: date) -> Period:
    """The last quarter that is over, or the present one while the shop has none before."""
    present = find_period(PeriodKind.QUARTER, today)
    is_new = local_day(shop.installed_at) >= present.first
    return present if is_new else present.step(-1)


def _read_name(name: str, problems: dict[str, str]) -> Period | None:
    try:
        period = read_period(name)
    except ValueError:
        problems["period"] = texts.NOT_A_PERIOD
        return None
    return _check(period, "period", problems)


def _read_days(typed: Mapping[str, str], problems: dict[str, str]) -> Period | None:
    first, last = (read_day(typed[name]) for name in ("first", "last"))
    if first is None:
        problems["first"] = texts.NO_FIRST_DAY
    if last is None:
        problems["last"] = texts.NO_LAST_DAY
    if first is None or last is None:
        return None
    if last < first:
        problems["last"] = texts.LAST_BEFORE_FIRST
        return None
    return _check(Period(first, last), "last", problems)


def _check(period: Period, name: str, problems: dict[str, str]) -> Period | None:
    if not (bounds.is_day(period.first) and bounds.is_day(period.last)):
        problems[name] = texts.NOT_A_PERIOD
    elif period.last - period.first >= LONGEST:
        problems[name] = texts.TOO_LONG
    else:
        return period
    return None


def _list_offered(kind: PeriodKind, shop: Shop, today: date) -> list[Period]:
    """The newest first, back to the year before the shop came: orders from then may be moved."""
    earliest = date(local_day(shop.installed_at).year - 1, 1, 1)
    present = find_period(kind, today)
    found = [present.step(-n) for n in range(_OFFERED[kind])]
    return [period for period in found if period.last >= earliest]
