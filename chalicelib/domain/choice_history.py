"""The changes of a shop's choices: what is kept of them, and what taking one back would change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import ClassVar

from chalicelib.domain import bounds
from chalicelib.domain.events import Actor
from chalicelib.domain.policy import Policy
from chalicelib.domain.policy_edits import (
    Edit,
    Edits,
    apply_edits,
    mark_policy,
    read_value,
    turn_back,
)
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceChange:
    """Choices that somebody changed at once. `number` counts a shop's changes, `takes_back` is that
    of the change that this one took back. `left_out` counts edits that were too long to be kept:
    such a change cannot be taken back.
    """

    number: int
    at: datetime
    by: Actor
    edits: Edits = ()
    left_out: int = 0
    takes_back: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceHistory:
    """The last changes of a shop's choices, the oldest first; `last` is the number of the last one
    there was.
    """

    NAME: ClassVar[str] = "choices"

    last: int = 0
    changes: tuple[ChoiceChange, ...] = ()

    def find(self, number: int) -> ChoiceChange | None:
        """The change of that number, if it is still kept."""
        return next((each for each in self.changes if each.number == number), None)


def add_change(history: ChoiceHistory, change: ChoiceChange) -> ChoiceHistory:
    """The history with one more change, under the next number, and without the oldest ones that
    there is no room for.
    """
    number = history.last + 1
    numbered = _fit(replace(change, number=number))
    kept = [*history.changes, numbered][-bounds.MOST_CHOICE_CHANGES :]
    sizes = [_weigh(each) for each in kept]
    while sum(sizes) > bounds.LARGEST_HISTORY:
        del kept[0], sizes[0]
    return ChoiceHistory(last=number, changes=tuple(kept))


def _fit(change: ChoiceChange) -> ChoiceChange:
    """The change, without its edits when they alone are more than may be kept."""
    if _weigh(change) <= bounds.LARGEST_HISTORY:
        return change
    return replace(change, edits=(), left_out=len(change.edits))


def _weigh(change: ChoiceChange) -> int:
    return len(json.dumps(asdict(change), default=str))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """What taking a change back would do to the choices as they are now: the `policy` after it, and
    the `edits` that lead there. `overtaken` are those that were changed again since.
    """

    change: ChoiceChange
    policy: Policy
    edits: Edits
    overtaken: Edits


def propose_taking_back(change: ChoiceChange, policy: Policy) -> TakingBack:
    """What a change would put back under the present `policy`. Raises `ValueError` when a value
    that it puts back is no choice any more.
    """
    moved = [
        replace(edit, before=now)
        for edit in turn_back(change.edits)
        if (now := read_value(policy, edit.place)) != edit.after
    ]
    left_by = {edit.place: edit.after for edit in change.edits}
    return TakingBack(
        change=change,
        policy=apply_edits(policy, moved),
        edits=tuple(moved),
        overtaken=tuple(edit for edit in moved if edit.before != left_by[edit.place]),
    )


def find_former_policy(
    history: ChoiceHistory | None, policy: Policy, mark: str, names: Sequence[str]
) -> Policy | None:
    """The policy as it was when these fields had that mark (`policy_edits.mark_policy`), found by
    going back through the changes; None when they do not lead there.
    """
    former = policy
    for change in reversed(history.changes if history else ()):
        if mark_policy(former, names) == mark:
            return former
        try:
            former = apply_edits(former, turn_back(change.edits))
        except ValueError:
            return None
    return former if mark_policy(former, names) == mark else None


def name_methods(edits: Edits, titles: dict[str, str]) -> Edits:
    """The edits of payment methods with the names that the shop gives them."""

    def name(edit: Edit) -> Edit:
        title = titles.get(edit.key, "") if edit.field == "payments" else ""
        return replace(edit, title=bounds.cut(title, bounds.LONGEST_TITLE)) if title else edit

    return tuple(map(name, edits))
