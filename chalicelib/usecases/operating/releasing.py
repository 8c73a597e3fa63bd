"""Held documents that a person had mended: looked at again at once, as far as a page has time.

The shop is asked for one after the other, and judges nothing that a run would not: the verdict is
the run's own, on the document as it would be once it is released. What is free waits for the next
run, which reads it once more; what is not stays held, for the reason of now. Nothing is booked, and
no file takes part: every step is one conditional write, and a document that a run, a webhook or
another page moved meanwhile is left to that.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.eu_supplies import find_number_to_prove
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.ways import Way
from chalicelib.errors import ProfileError, ShopError, ShopNotFound, ShopUnavailable, VaultError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.judging.number_questions import NumberQuestions
from chalicelib.usecases.judging.obstacles import find_obstacle
from chalicelib.usecases.judging.reading import Reading
from chalicelib.usecases.operating.held_causes import list_held_for_reason
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

log = logging.getLogger(__name__)

TIME = timedelta(seconds=18)
"""For all that is asked of the shop: API Gateway gives up on a page after 29 seconds."""

MOST_JUDGED = 100
CALLS_LEFT = 20
"""What is left of the shop's allowance to the pages that follow."""

_FAILURES_IN_A_ROW = 3
_AT_ONCE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What came of it, in documents: `free` go along in the next run, of `nothing` there is nothing
    to book any more, `later` wait to be looked at by the next run, and `held` are held on, by the
    reasons of now.
    """

    free: int = 0
    nothing: int = 0
    later: int = 0
    held: Mapping[HoldReason, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """All that was released or looked at."""
        return self.free + self.nothing + self.later + sum(self.held.values())

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Released:
        """What `dataclasses.asdict` wrote, by way of JSON."""
        held = {HoldReason(reason): count for reason, count in written["held"].items()}
        return cls(**{**written, "held": held})

    def __add__(self, other: Released) -> Released:
        return Released(
            free=self.free + other.free,
            nothing=self.nothing + other.nothing,
            later=self.later + other.later,
            held=dict(Counter(self.held) + Counter(other.held)),
        )


def release_and_judge(workspace: Workspace, holds: Collection[str], *, by: Actor) -> Released:
    """Look again at every document that is held for one of these reasons. Raises nothing that the
    shop causes: then they wait for the next run.
    """
    held = workspace.connector.entries.list_held(workspace.shop_id, limit=ALL_OPEN)
    chosen = [each for each in held if each.hold in holds]
    return judge_again(workspace, chosen, by=by, cause=RequestCause.MENDED)


def release_group(workspace: Workspace, hold: str, detail: str | None, *, by: Actor) -> Released:
    """Look again at what is held for that cause, with that detail, or with any (None)."""
    held = list_held_for_reason(workspace, hold, detail)
    return judge_again(workspace, held, by=by, cause=RequestCause.MENDED)


def release_order(workspace: Workspace, number: str, *, by: Actor) -> Released:
    """Look again at what is held of one order. Raises `UnknownOrder`."""
    held = [each for each in workspace.entries_of(number) if each.state is EntryState.HELD]
    return judge_again(workspace, held, by=by, cause=RequestCause.ASKED)


def judge_again(
    workspace: Workspace, held: Sequence[Entry], *, by: Actor, cause: RequestCause
) -> Released:
    """Look again at these documents, which are listed as held, oldest first."""
    look = _Look(workspace, by, cause)
    asked = held[:MOST_JUDGED] if look.may_ask else []
    result = Released(later=sum(look.release(entry) for entry in held[len(asked) :]))
    for first in range(0, len(asked), _AT_ONCE):
        result += look.judge(asked[first : first + _AT_ONCE])
    return result


class _Look:
    """One look at held documents. `may_ask` ends when the shop or the time does."""

    def __init__(self, workspace: Workspace, by: Actor, cause: RequestCause) -> None:
        self.workspace = workspace
        self.by = by
        self.cause = cause
        self.until = workspace.now() + TIME
        self.may_ask = self._reach_shop()
        self._failures = 0
        self._questions = NumberQuestions(workspace, stop_at=self.until)

    def _reach_shop(self) -> bool:
        """Whether the shop can be asked at all; if so, no longer than there is time."""
        shop = self.workspace.shop
        if shop.way is Way.FILE and not shop.licence:
            return False
        try:
            self.workspace.api.limit_time(TIME)
        except (ShopError, VaultError):
            return False
        return True

    def judge(self, listed: Sequence[Entry]) -> Released:
        """Judge these documents, each read whole from the ledger first."""
        workspace, result = self.workspace, Released()
        keys = [entry.key for entry in listed]
        stored = workspace.connector.entries.get_all(workspace.shop_id, keys)
        for key in keys:
            entry = stored.get(key)
            if entry is not None and entry.state is EntryState.HELD:
                result += self._judge_one(entry)
        return result

    def _judge_one(self, entry: Entry) -> Released:
        reading = self._read(entry)
        if reading is None:
            return Released(later=self.release(entry))
        verdict = self._judge_whole(entry, reading.verdict)
        if isinstance(verdict, Hold):
            return Released(held={verdict.reason: 1} if self._hold(entry, verdict) else {})
        is_released = self.release(self.workspace.correct_entry(entry, reading.hint))
        if isinstance(verdict, Invoice):
            return Released(free=is_released)
        return Released(nothing=is_released)

    def _read(self, entry: Entry) -> Reading | None:
        """The document as the shop has it now; None when it cannot be had now."""
        if not self._may_go_on():
            return None
        try:
            reading = read_isolated(self.workspace, replace(entry, has_evidence=True))
        except ShopNotFound:
            return None  # a run knows for how long it has been missing
        except ShopUnavailable:
            self._failures += 1
            self.may_ask = self._failures < _FAILURES_IN_A_ROW
            return None
        except (ShopError, VaultError, ProfileError) as error:
            self.may_ask = False
            extra = {"shop_id": self.workspace.shop_id, "error": type(error).__name__}
            log.warning("held documents are left to the next run", extra=extra)
            return None
        self._failures = 0
        return reading

    def _may_go_on(self) -> bool:
        if self.may_ask:
            left = self.workspace.api.remaining_calls()
            has_calls = left is None or left > CALLS_LEFT
            self.may_ask = has_calls and self.workspace.now() < self.until
        return self.may_ask

    def _judge_whole(self, entry: Entry, verdict: Verdict) -> Verdict:
        """A verdict, with what only a delivery's making shows: whether it can go out in the shop's
        way, and, where that is why it was held, whether a VAT number is in use.
        """
        if not isinstance(verdict, Invoice):
            return verdict
        obstacle = find_obstacle(self.workspace, verdict, held_for=entry.hold)
        if obstacle is None and entry.hold == HoldReason.VAT_NUMBER_INVALID:
            return self._judge_number(verdict)
        return obstacle or verdict

    def _judge_number(self, invoice: Invoice) -> Verdict:
        number = find_number_to_prove(invoice)
        if not number or self.workspace.shop.policy.vies is UnansweredNumbers.OFF:
            return invoice
        answer = self._questions.answer(number)
        is_invalid = answer is not None and not answer.is_valid
        return Hold(HoldReason.VAT_NUMBER_INVALID, number[:2]) if is_invalid else invoice

    def _hold(self, entry: Entry, verdict: Hold) -> bool:
        step, detail = OrderStep.HOLD_AGAIN, verdict.detail
        taken = self.workspace.record(
            entry.key, step, by=self.by, cause=verdict.reason, detail=detail
        )
        return taken is not None

    def release(self, entry: Entry) -> bool:
        """Let a held document wait for the next run; whether it was held still."""
        step = OrderStep.RETRY
        return self.workspace.record(entry.key, step, by=self.by, cause=self.cause) is not None
