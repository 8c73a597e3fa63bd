"""What a journal entry has of a day's statement, form version 1; `docs/journal.md` has the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.listed_money import ListedGroup, ListedMoney, ListedTotal
from chalicelib.domain.statement import DayStatement, ShopCheck

Form = dict[str, Any]
"""What is written as one JSON object."""


def form_statement(statement: DayStatement) -> Form:
    """All of a statement but its totals, without the number of any order."""
    hashes = statement.sha256 or {}
    return {
        "at": _write_moment(statement.at),
        "opened": statement.opened,
        "due": statement.due,
        "corrections": statement.corrections,
        "placed": statement.placed,
        "dropped": statement.dropped,
        "waiting": statement.waiting,
        "held": statement.held,
        "previous_left": statement.previous_left,
        "files": [
            {"name": name, "documents": count, "sha256": hashes.get(name)}
            for name, count in sorted(statement.files.items())
        ],
        "check": None if statement.check is None else _form_check(statement.check),
        "discrepancies": [
            {"kind": each.kind.value, "count": each.count} for each in statement.discrepancies
        ],
        "verdict": statement.verdict.value,
    }


def _form_check(check: ShopCheck) -> Form:
    return {
        "at": _write_moment(check.at),
        "since": _write_moment(check.since),
        "due": check.due,
        "missing": check.missing,
        "differing": check.differing,
        "is_whole": check.is_whole,
    }


def form_totals(statement: DayStatement, salt: str) -> Form | None:
    """What a statement knows in money; None when that is nothing."""
    listed = None if statement.check is None else statement.check.money
    if statement.cover is None and listed is None:
        return None
    return {
        "salt": salt,
        "files": None if statement.cover is None else _form_cover(statement.cover),
        "listed": None if listed is None else _form_listed(listed),
    }


def _form_cover(cover: CoverSheet) -> Form:
    return {
        "currency": cover.currency,
        "documents": cover.documents,
        "totals": [_form_treatment(each) for each in cover.totals],
    }


def _form_treatment(total: TreatmentTotal) -> Form:
    treatment = total.treatment
    return {
        "kind": treatment.kind.value,
        "rate": f"{treatment.rate.normalize():f}",
        "class": treatment.vat_class.value,
        "country": treatment.country,
        "documents": total.documents,
        "excl": _write_amount(total.excl),
        "vat": _write_amount(total.vat),
    }


def _form_listed(listed: ListedMoney) -> Form:
    groups: Mapping[str, ListedTotal] = {
        "listed": listed.listed,
        **{group.value: getattr(listed, group.value) for group in ListedGroup},
    }
    return {
        "currency": listed.currency,
        **{
            name: {"documents": each.documents, "incl": _write_amount(each.incl)}
            for name, each in groups.items()
        },
    }


def _write_amount(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _write_moment(moment: datetime) -> str:
    """``2026-11-24T01:15:07.000000Z``."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond:06d}Z"
