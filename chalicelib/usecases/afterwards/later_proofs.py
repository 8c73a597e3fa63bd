"""Every night the register is asked about the customers of whom something was booked before it had
answered. A number that turns out not to be in use is put in front of the merchant with each of
those documents, as a late change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.domain.vat_numbers import VatNumber, VatStanding, note_answer
from chalicelib.errors import SealBroken
from chalicelib.usecases.judging.comparing import report_change
from chalicelib.usecases.judging.number_questions import TIME, NumberQuestions
from chalicelib.usecases.workspace import Workspace


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
        told = {} if answer.is_valid else _report(workspace, record)
        done: Collection[str] = record.unproven if answer.is_valid else told
        shops.change(shop_id, VatNumber, _noting(answer, done), name)
        reported += [number for number in told.values() if number]
    _renew_standing(workspace, questions.is_requester_refused)
    return tuple(reported)


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
