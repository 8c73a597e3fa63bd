"""Every night the register is asked about the customers of whom something was booked before it had
answered. A number that turns out not to be in use is put in front of the merchant with each of
those documents, as a late change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.domain.vat_numbers import VatNumber, VatStanding, note_answer
from chalicelib.errors import SealBroken
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.comparing import report_change
from chalicelib.usecases.judging.number_questions import TIME, NumberQuestions
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of the documents of one customer: the keys of those that are `done` with, the
    numbers of those that were `reported` now, and the months of those that are booked.
    """

    done: set[str]
    reported: list[str] = field(default_factory=list)
    months: set[date] = field(default_factory=set)


def prove_later(workspace: Workspace, numbers: Mapping[str, VatNumber]) -> tuple[str, ...]:
    """Ask about what was booked without an answer, for a minute at most, whether the shop exports
    or not. `numbers` are the shop's, by the names of their records. Returns the numbers of the
    documents of which the merchant was told. Raises `VaultUnavailable`, `LedgerError`; what was
    answered until then is kept.
    """
    if workspace.shop.policy.vies is UnansweredNumbers.OFF:
        return ()
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    questions = NumberQuestions(workspace, stop_at=workspace.now() + TIME)
    reported = list[str]()
    for name, record in numbers.items():
        if not (record.is_unproven or record.unproven):
            continue
        answer = _find_answer(workspace, questions, record)
        if answer is None:
            continue
        seen = _Seen({*record.unproven}) if answer.is_valid else _report(workspace, record)
        shops.change(shop_id, VatNumber, _noting(answer, seen), name)
        reported += seen.reported
    _renew_standing(workspace, questions.is_requester_refused)
    return tuple(reported)


def _find_answer(
    workspace: Workspace, questions: NumberQuestions, record: VatNumber
) -> VatAnswer | None:
    """The register's answer; that of before, where only the merchant is still to be told. That the
    number was in use before tells nothing of what was booked since.
    """
    if not record.is_unproven and record.last is not None and not record.last.is_valid:
        return record.last
    vault, sealed = workspace.connector.vault, record.sealed_number
    try:
        number = vault.open(workspace.shop_id, SecretKind.VAT_NUMBER, sealed)
    except SealBroken:
        return None
    return questions.answer(number, record)


def _report(workspace: Workspace, record: VatNumber) -> _Seen:
    """Report each document that is booked. One that shows another change, or is in a file under
    way, is left for another night; one that waits is judged anew before it is booked.
    """
    entries = workspace.connector.entries.get_all(workspace.shop_id, record.unproven)
    seen = _Seen({*record.unproven})
    for key, entry in entries.items():
        if entry.state is EntryState.CLAIMED:
            seen.done.discard(key)
        elif entry.state is EntryState.PLACED:
            seen.months.add((entry.booked_on or entry.day).replace(day=1))
            change = LateChange.VAT_NUMBER
            if entry.change is None and report_change(workspace, entry, change, by=Actor.WATCH):
                seen.reported.append(entry.number)
            elif entry.vat_reported_at is None:
                seen.done.discard(key)
    return seen


def _noting(answer: VatAnswer, seen: _Seen) -> Callable[[VatNumber | None], VatNumber | None]:
    def note(kept: VatNumber | None) -> VatNumber | None:
        return None if kept is None else note_answer(kept, answer, seen.done, seen.months)

    return note


def _renew_standing(workspace: Workspace, is_refused: bool | None) -> None:
    """What is told on the pages, as it is now; what a run notes meanwhile stays."""
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    former = shops.load(shop_id, VatStanding)
    if former is None:
        return
    listed = workspace.connector.entries.get_all(shop_id, former.waiting)
    done = {*former.waiting} - {key for key, entry in listed.items() if entry.state.is_open}

    def renew(kept: VatStanding | None) -> VatStanding | None:
        if kept is None:
            return None
        return replace(
            kept,
            waiting=tuple(key for key in kept.waiting if key not in done),
            is_requester_refused=kept.is_requester_refused if is_refused is None else is_refused,
        )

    shops.change(shop_id, VatStanding, renew)
