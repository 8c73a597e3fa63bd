"""What is asked of the EU's register of VAT numbers within one piece of work: each number once, no
longer than there is time, and nothing more of a side that fails twice in a row.

A number that was answered for within the last days (`vat_answers.VALID_FOR`) is not asked for
again: what is kept of it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from chalicelib.domain.marks import mark_secret
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat import may_be_asked
from chalicelib.domain.vat_answers import Silence, VatAnswer, VatVerdict
from chalicelib.domain.vat_numbers import VatNumber, name_number
from chalicelib.usecases.workspace import Workspace

TIME = timedelta(seconds=60)
"""All questions of a run together: some hundred, at what VIES takes for one."""

FAILURES_IN_A_ROW = 2
"""Then no more is asked: of all states, or of the one that fails."""

_ALL_STATES = ""


class NumberQuestions:
    """The questions of one run, or of a page that looks at held orders again; none begins after
    `stop_at`. `is_requester_refused`: the register did not take the shop's own number, and is asked
    without; None while nothing tells.
    """

    def __init__(self, workspace: Workspace, *, stop_at: datetime) -> None:
        self.is_requester_refused: bool | None = None
        self._workspace = workspace
        self._stop_at = stop_at
        self._left = TIME
        self._answers: dict[str, VatAnswer | None] = {}
        self._failures: Counter[str] = Counter()

    def answer(self, number: str, kept: VatNumber | None = None) -> VatAnswer | None:
        """Whether a number is in use; None when nobody says."""
        if number not in self._answers:
            self._answers[number] = self._find_answer(number, kept)
        return self._answers[number]

    def _find_answer(self, number: str, kept: VatNumber | None) -> VatAnswer | None:
        now = self._workspace.now()
        if kept is not None and kept.last is not None and kept.last.counts_at(now):
            return kept.last
        state = number[:2]
        if not may_be_asked(number, now) or not self._may_go_on(state, now):
            return None
        answer = self._ask(number)
        self._left -= self._workspace.now() - now
        if isinstance(answer, VatAnswer):
            self._failures[_ALL_STATES] = self._failures[state] = 0
            return answer
        if answer is Silence.SERVICE:
            self._failures[_ALL_STATES] += 1
        elif answer is Silence.STATE:
            self._failures[state] += 1
        return None

    def _ask(self, number: str) -> VatAnswer | Silence:
        """The register's answer. A number that it does not even take as one is not in use; which of
        two numbers it does not take, the question without one's own tells.
        """
        workspace = self._workspace
        register = workspace.connector.vat_register
        own = "" if self.is_requester_refused else workspace.shop.policy.own_vat_number
        answer = register.ask(number, own)
        if own and answer in (Silence.REQUESTER, Silence.QUESTION):
            first, answer = answer, register.ask(number)
            if first is Silence.REQUESTER or isinstance(answer, VatAnswer):
                self.is_requester_refused = True
        elif own and isinstance(answer, VatAnswer):
            self.is_requester_refused = False
        if answer is Silence.QUESTION:
            return VatAnswer(verdict=VatVerdict.INVALID, at=workspace.now())
        return answer

    def _may_go_on(self, state: str, now: datetime) -> bool:
        is_failing = any(self._failures[each] >= FAILURES_IN_A_ROW for each in (_ALL_STATES, state))
        return not is_failing and now < self._stop_at and self._left > timedelta(0)


def mark_number(workspace: Workspace, number: str) -> str:
    """What files and records know a number by from now on."""
    return mark_secret(SecretKind.VAT_NUMBER, number, workspace.prints_keys[0])


def find_kept(workspace: Workspace, numbers: Collection[str]) -> dict[str, VatNumber]:
    """What is kept of these numbers, by number; a record of the present key of prints before one of
    the former.
    """
    keys = workspace.prints_keys
    names = {
        number: [name_number(mark_secret(SecretKind.VAT_NUMBER, number, key)) for key in keys]
        for number in numbers
    }
    every = [name for each in names.values() for name in each]
    if not every:
        return {}
    found = workspace.connector.shops.load_all(workspace.shop_id, VatNumber, every)
    first = {
        number: next((found[name] for name in each if name in found), None)
        for number, each in names.items()
    }
    return {number: record for number, record in first.items() if record is not None}
