"""Before a file is written, its customers' VAT numbers are asked for: whether an order was rightly
sold without VAT to a business in another member state stands and falls with that number.

No answer stops nothing: by the merchant's choice the order is booked as unproven, and asked about
again every night, or waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.bounds import MOST_NUMBERS_NOTED
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.eu_supplies import find_number_to_prove
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.vat import may_be_asked
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.domain.vat_numbers import VatStanding
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing.claimed_documents import record_verdict, release_document
from chalicelib.usecases.filing.run import NotBooked, Run
from chalicelib.usecases.judging.number_questions import find_kept
from chalicelib.usecases.judging.reading import Reading, hold_credit_notes

Answers = Mapping[str, VatAnswer | None]


def prove_numbers(
    run: Run, file: FileEntry, claimed: Sequence[Entry], readings: dict[str, Reading]
) -> Answers:
    """Ask for the number of every document that rests on one, and take those out of `readings` that
    are not booked now: held, since the number is not in use, or waiting for an answer. Gives the
    answers by number.
    """
    if run.shop.policy.vies is UnansweredNumbers.OFF:
        return {}
    numbers = {
        key: number
        for key, each in readings.items()
        if (number := _find_number(each)) and may_be_asked(number, run.now())
    }
    answers = _ask_all(run, dict.fromkeys(numbers.values()))
    invalid = {
        key: Hold(HoldReason.VAT_NUMBER_INVALID, number[:2])
        for key, number in numbers.items()
        if (answer := answers[number]) is not None and not answer.is_valid
    }
    is_waiting = run.shop.policy.vies is UnansweredNumbers.WAIT
    waiting = {key for key, number in numbers.items() if is_waiting and answers[number] is None}
    _take_out(_Claimed(run, file, claimed, readings), invalid, waiting)
    if numbers:
        _note_standing(run, numbers, waiting)
    return answers


def _find_number(reading: Reading) -> str:
    verdict = reading.verdict
    return find_number_to_prove(verdict) if isinstance(verdict, Invoice) else ""


def _ask_all(run: Run, numbers: Iterable[str]) -> dict[str, VatAnswer | None]:
    wanted = list(numbers)
    kept, answers = find_kept(run, wanted), {}
    for number in wanted:
        if run.lease is not None:
            run.lease.renew_when_due()
        answers[number] = run.questions.answer(number, kept.get(number))
    return answers


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A file in the making."""

    run: Run
    file: FileEntry
    claimed: Sequence[Entry]
    readings: dict[str, Reading]


def _take_out(making: _Claimed, invalid: Mapping[str, Hold], waiting: set[str]) -> None:
    """Hold and give back; a credit note waits for the document that it takes back."""
    run, file, readings = making.run, making.file, making.readings
    held = {**hold_credit_notes({*invalid, *waiting}, readings), **invalid}
    for entry in making.claimed:
        if entry.key in waiting:
            release_document(run, file, entry, ReleaseCause.VAT_UNANSWERED)
            run.skipped.append(NotBooked(entry.number, ReleaseCause.VAT_UNANSWERED))
            run.left.add(entry.key)  # asked again the same night
            del readings[entry.key]
        elif entry.key in held:
            record_verdict(run, file, entry, replace(readings[entry.key], verdict=held[entry.key]))
            del readings[entry.key]


def _note_standing(run: Run, asked: Iterable[str], waiting: Iterable[str]) -> None:
    """Which documents wait for an answer now, of those that were asked about and of all others."""
    seen, now_waiting = {*asked}, sorted(waiting)
    is_refused = run.questions.is_requester_refused

    def note(kept: VatStanding | None) -> VatStanding | None:
        former = kept or VatStanding()
        others = (key for key in former.waiting if key not in seen)
        noted = replace(
            former,
            waiting=(*others, *now_waiting)[-MOST_NUMBERS_NOTED:],
            is_requester_refused=(
                former.is_requester_refused if is_refused is None else is_refused
            ),
        )
        return None if noted == former else noted

    run.connector.shops.change(run.shop_id, VatStanding, note)
