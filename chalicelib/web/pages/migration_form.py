"""What a merchant fills in to move older orders: a period, and numbers to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from chalicelib.domain import bounds
from chalicelib.domain.number_lists import NumberList, read_number_list
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.http_messages import Form
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts import migration_texts as texts

FIRST, LAST, EXCEPT, TABLE = "first", "last", "except", "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationAnswers:
    """The answers, or the `problems` with them by their fields; without any there is a `period`, of
    which both days are a part. `excepted` are the numbers of both fields; `table` is what was read
    of the uploaded file, None without one.
    """

    period: tuple[date, date] | None = None
    excepted: frozenset[str] = frozenset()
    table: NumberList | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def read_answers(form: Form, *, today: date, pattern: str) -> MigrationAnswers:
    """The period and the numbers of a posted form. `pattern` is that of the shop's descriptions."""
    problems: dict[str, str] = {}
    first = read_day(form.get(FIRST))
    last = read_day(form.get(LAST))
    if first is None:
        problems[FIRST] = texts.NO_FIRST
    if last is None:
        problems[LAST] = texts.NO_LAST
    elif last > today:
        problems[LAST] = texts.IN_FUTURE
    elif first is not None and last < first:
        problems[LAST] = texts.WRONG_ORDER
    typed = _read_numbers(form, EXCEPT, texts.NO_NUMBER_TYPED, pattern, problems)
    table = _read_numbers(form, TABLE, texts.NO_NUMBERS, pattern, problems)
    found = [each for each in (typed, table) if each is not None]
    excepted = frozenset(number for each in found for number in each.numbers)
    if len(excepted) > bounds.MOST_EXCEPTED or bounds.weigh(excepted) > bounds.LARGEST_EXCEPTED:
        problems[TABLE if table is not None else EXCEPT] = texts.TOO_MANY
    return MigrationAnswers(
        period=(first, last) if first is not None and last is not None else None,
        excepted=excepted,
        table=table,
        problems=problems,
    )


def _read_numbers(
    form: Form, name: str, none_found: str, pattern: str, problems: dict[str, str]
) -> NumberList | None:
    """What a field has, if anything was filled in there."""
    if not form.get(name):
        return None
    try:
        found = read_number_list(form.fields[name], pattern)
    except ValueError:
        problems[name] = texts.NO_TEXT
        return None
    if not found.numbers:
        problems[name] = none_found
    return found


def list_periods(today: date, installed: date) -> list[tuple[date, date]]:
    """Periods that merchants move: last year, and this year until the connector came; without those
    that are not there.
    """
    new_year = date(today.year, 1, 1)
    until = min(installed, today)
    found = [(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)), (new_year, until)]
    return [(first, last) for first, last in found if first < last]
