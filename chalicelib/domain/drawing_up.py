"""Draw up the statement of a day from its account, and say what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.bounds import MOST_UNFILED
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.discrepancies import (
    Discrepancy,
    DiscrepancyKind,
    compare_names,
    list_discrepancies,
)
from chalicelib.domain.statement import DayAccount, DayStatement, Figure, ShopCheck, Verdict

MOST_LEFT_NAMED = 100
"""How many documents that a day leaves open its statement names, for the day after to compare."""

MOST_LISTED = 250
"""How many documents a day's page lists under a figure."""


def draw_up(
    account: DayAccount,
    *,
    at: datetime,
    files: Mapping[str, int],
    unfinished: tuple[str, ...],
    previous: DayStatement | None,
    check: ShopCheck | None,
    cover: CoverSheet | None = None,
    doubles: Collection[str] = (),
    filed: Collection[str] = frozenset(),
    sha256: Mapping[str, str] | None = None,
) -> DayStatement:
    """The statement of an account. `files` are the day's placed files and how many documents each
    holds, as the files themselves say, `cover` what these add up to; `unfinished` are those whose
    documents may not say so yet, `doubles` those that are in Asperion twice. `filed` are the keys
    of all documents that `files` hold, `sha256` these files' hashes by name. `previous` is the
    statement of the day before.

    Wrong: it has discrepancies. Running: a file that differs is unfinished; or it is of today, and
    the shop's list was not compared whole.
    """
    count = account.count
    left = [*account.list_numbers(Figure.WAITING), *account.list_numbers(Figure.HELD)]
    unfiled = list_unfiled(account, filed)
    statement = DayStatement(
        day=account.day,
        at=at,
        opened=count(Figure.OPENED),
        due=count(Figure.DUE),
        corrections=count(Figure.CORRECTIONS),
        placed=count(Figure.PLACED),
        files=files,
        dropped=count(Figure.DROPPED),
        waiting=count(Figure.WAITING),
        held=count(Figure.HELD),
        unfinished=unfinished,
        previous_left=None if previous is None else previous.left,
        left_numbers=tuple(left) if len(left) <= MOST_LEFT_NAMED else (),
        check=check,
        cover=cover,
        unfiled=tuple(unfiled[:MOST_UNFILED]),
        more_unfiled=max(len(unfiled) - MOST_UNFILED, 0),
        sha256=sha256,
    )
    by_file = {name: len(keys) for name, keys in account.placed_by_file.items()}
    differing = {name for name in {**by_file, **files} if by_file.get(name) != files.get(name)}
    discrepancies = (
        *_find_discrepancies(account, statement, previous, differing - set(unfinished)),
        *list_discrepancies([(DiscrepancyKind.DOUBLES, len(doubles), doubles)]),
    )
    if discrepancies:
        verdict = Verdict.WRONG
    elif differing or not (account.is_over or (check is not None and check.is_whole)):
        verdict = Verdict.RUNNING
    else:
        verdict = Verdict.RIGHT
    return replace(statement, discrepancies=discrepancies, verdict=verdict)


def list_unfiled(account: DayAccount, filed: Collection[str]) -> list[str]:
    """The keys of an account's documents but for those that are `filed`; first those that a page
    lists: of each figure the first of their numbers.
    """
    first, others = list[str](), list[str]()
    for documents in account.figures.values():
        keys = [each.key for each in sorted(documents, key=lambda each: each.place)]
        unfiled = [key for key in keys if key not in filed]
        first += unfiled[:MOST_LISTED]
        others += unfiled[MOST_LISTED:]
    return list(dict.fromkeys([*first, *others]))


def _find_discrepancies(
    account: DayAccount,
    statement: DayStatement,
    previous: DayStatement | None,
    differing_files: Collection[str],
) -> tuple[Discrepancy, ...]:
    """Why a statement is wrong, but for files that may differ since they are unfinished."""
    kind, check = DiscrepancyKind, statement.check
    unbalanced = account.list_unbalanced()
    found: list[tuple[DiscrepancyKind, int, Iterable[str]]] = [
        (kind.SIDES, len(unbalanced), unbalanced),
        (kind.FILES, len(differing_files), differing_files),
    ]
    if previous is not None:
        opened = account.list_numbers(Figure.OPENED)
        is_known = len(previous.left_numbers) == previous.left
        names = compare_names(opened, previous.left_numbers) if is_known else ()
        found.append((kind.OPENING, abs(statement.opened - previous.left), names))
    if check is not None:
        found.append((kind.MISSING, check.missing, check.missing_numbers))
        found.append((kind.DIFFERING, check.differing, check.differing_numbers))
    if check is not None and check.money is not None:
        uneven = check.money.uneven_files
        found.append((kind.MONEY, len(uneven), uneven))
    return list_discrepancies(found)
