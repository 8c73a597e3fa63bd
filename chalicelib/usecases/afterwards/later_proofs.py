"""Every night the register is asked about the customers of whom something was booked before it had
answered. A number that turns out not to be in use is put in front of the merchant with each of
those documents, as a late change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.bounds import MOST_NUMBERS_NOTED
from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.domain.vat_numbers import VatNumber, VatStanding, note_answer
from chalicelib.errors import SealBroken
from chalicelib.usecases.judging.comparing import report_change
from chalicelib.usecases.judging.number_questions import NumberQuestions
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterProofs:
    """What came of it, in customers: `proven` are in use, `open` wait for an answer still;
    `invalid` are the numbers of documents of which the merchant was told.
    """

    proven: int = 0
    open: int = 0
    invalid: tuple[str, ...] = ()


def prove_later(workspace: Workspace, *, stop_at: datetime) -> LaterProofs:
    """Ask about what was booked without an answer. Raises `VaultUnavailable`, `LedgerError`; what
    was answered until then is kept.
    """
    if workspace.shop.policy.vies is UnansweredNumbers.OFF:
        return LaterProofs()
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    kept = shops.load_each(shop_id, VatNumber)
    questions = NumberQuestions(workspace, stop_at=stop_at)
    proven, reported, still_open = 0, list[str](), list[str]()
    for name, record in kept.items():
        if not (record.is_unproven or record.unproven):
            continue
        answer = _find_answer(workspace, questions, record)
        if answer is None:
            still_open.append(record.mark)
            continue
        numbers = {} if answer.is_valid else _report(workspace, record)
        done: Collection[str] = record.unproven if answer.is_valid else numbers
        shops.change(shop_id, VatNumber, _noting(answer, done), name)
        proven += answer.is_valid
        reported += [number for number in numbers.values() if number]
    _renew_standing(workspace, still_open, questions.is_requester_refused)
    return LaterProofs(proven=proven, open=len(still_open), invalid=tuple(reported))


def _find_answer(
    workspace: Workspace, questions: NumberQuestions, record: VatNumber
) -> VatAnswer | None:
    """The register's answer; that of before, where only the merchant is still to be told."""
    if not record.is_unproven and record.last is not None:
        return record.last
    vault, sealed = workspace.connector.vault, record.sealed_number
    try:
        number = vault.open(workspace.shop_id, SecretKind.VAT_NUMBER, sealed)
    except SealBroken:
        return None
    return questions.answer(number, record)


def _report(workspace: Workspace, record: VatNumber) -> dict[str, str]:
    """Report each document that is booked. Gives the keys of those of which nothing is to be told
    any more, with the number of the document where the merchant was told now. One that shows
    another change, or is in a file under way, is left for another night.
    """
    entries = workspace.connector.entries.get_all(workspace.shop_id, record.unproven)
    done: dict[str, str] = {}
    for key in record.unproven:
        entry = entries.get(key)
        if entry is None or entry.state not in (EntryState.PLACED, EntryState.CLAIMED):
            done[key] = ""  # it is judged anew before it is booked
        elif entry.state is EntryState.PLACED and entry.change is LateChange.VAT_NUMBER:
            done[key] = ""
        elif entry.state is EntryState.PLACED and entry.change is None:
            has_reported = report_change(workspace, entry, LateChange.VAT_NUMBER, by=Actor.WATCH)
            done |= {key: entry.number} if has_reported else {}
    return done


def _noting(
    answer: VatAnswer, done: Collection[str]
) -> Callable[[VatNumber | None], VatNumber | None]:
    def note(kept: VatNumber | None) -> VatNumber | None:
        return None if kept is None else note_answer(kept, answer, done)

    return note


def _renew_standing(workspace: Workspace, unproven: list[str], is_refused: bool | None) -> None:
    """What is told on the pages, as it is now."""
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    former = shops.load(shop_id, VatStanding)
    if former is None:
        return
    listed = workspace.connector.entries.get_all(shop_id, former.waiting) if former.waiting else {}
    gone = {
        key
        for key in former.waiting
        if (entry := listed.get(key)) is None or not entry.state.is_open
    }

    def renew(kept: VatStanding | None) -> VatStanding | None:
        if kept is None:
            return None
        return replace(
            kept,
            waiting=tuple(key for key in kept.waiting if key not in gone),
            unproven=tuple(unproven[-MOST_NUMBERS_NOTED:]),
            is_requester_refused=kept.is_requester_refused if is_refused is None else is_refused,
        )

    shops.change(shop_id, VatStanding, renew)
