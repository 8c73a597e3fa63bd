"""Mutants of the tables of life: a step is missing, a condition or an effect is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from chalicelib.domain import life, shop_life
from chalicelib.domain.events import FileStep, OrderStep
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.shop_life import ShopTransition
from chalicelib.domain.shops import ShopState
from chalicelib.domain.transitions import Record, Transition

Row = Transition[Any]
Change = Callable[[Row], Row | None]


@dataclass(frozen=True, slots=True)
class LifeMutant:
    """`change` makes another row (or none) of every row of the steps."""

    name: str
    steps: tuple[OrderStep | FileStep, ...]
    change: Change

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        """Put the mutant in place."""
        table = "ORDER_LIFE" if isinstance(self.steps[0], OrderStep) else "FILE_LIFE"
        rows: tuple[Row, ...] = getattr(life, table)
        changed = [self.change(row) if row.step in self.steps else row for row in rows]
        patch.setattr(life, table, tuple(row for row in changed if row is not None))


def _list_rows() -> list[Row]:
    return [*life.ORDER_LIFE, *life.FILE_LIFE]


def _remove_record(row: Row, record: Record) -> Row:
    return replace(row, records=tuple(each for each in row.records if each != record))


def _remove_row(row: Row, each: Row) -> Row | None:
    return None if each == row else each


def _change_row(row: Row, **changes: Any) -> Row:
    return replace(row, **changes)


def _add_source(state: EntryState | FileState, row: Row) -> Row:
    return replace(row, sources=(*row.sources, state))


def _remove_clear(row: Row, name: str) -> Row:
    return replace(row, clears=tuple(each for each in row.clears if each != name))


def _weaken(row: Row, record: Record, **changes: Any) -> Row:
    weak = replace(record, **changes)
    return replace(row, records=tuple(weak if each == record else each for each in row.records))


def list_removed() -> Iterator[LifeMutant]:
    """Each row missing."""
    for row in _list_rows():
        yield LifeMutant(
            f"{row.step.name} is missing from {row.to.value}",
            (row.step,),
            partial(_remove_row, row),
        )


def list_without_condition() -> Iterator[LifeMutant]:
    """Each condition on a field dropped."""
    for row in life.ORDER_LIFE:
        for kind in ("matches", "differs", "present"):
            dropped: dict[str, Any] = {kind: ()}
            if getattr(row, kind):
                yield LifeMutant(
                    f"{row.step.name} without {kind}",
                    (row.step,),
                    partial(_change_row, **dropped),
                )


def list_widened() -> Iterator[LifeMutant]:
    """Steps that may be taken from a state more."""
    for step, state in WIDENED:
        yield LifeMutant(
            f"{step.name} also from {state.name}",
            (step,),
            partial(_add_source, state),
        )


def list_without_effect() -> Iterator[LifeMutant]:
    """Each effect dropped, in every step that has it at once where several share it."""
    shared: dict[tuple[str, Any], list[Any]] = {}
    for row in _list_rows():
        for record in row.records:
            shared.setdefault(("record", record), []).append(row.step)
        for name in (*row.clears, *row.counts):
            kind = "clear" if name in row.clears else "count"
            shared.setdefault((kind, name), []).append(row.step)
    for (kind, effect), steps in shared.items():
        for table in (OrderStep, FileStep):
            of_table = tuple(dict.fromkeys(step for step in steps if isinstance(step, table)))
            if of_table:
                yield _without(kind, effect, of_table)


def _without(kind: str, effect: Any, steps: tuple[Any, ...]) -> LifeMutant:
    which = steps[0].name if len(steps) == 1 else f"{len(steps)} steps"
    if kind == "record":
        only = f" for {effect.only_for.name}" if effect.only_for else ""
        what = f"{which} records no {effect.field}{only}"
        return LifeMutant(what, steps, lambda row: _remove_record(row, effect))
    if kind == "clear":
        return LifeMutant(f"{which} leaves {effect}", steps, lambda row: _remove_clear(row, effect))
    return LifeMutant(f"{which} counts no {effect}", steps, lambda row: replace(row, counts=()))


def list_in_one_step() -> Iterator[LifeMutant]:
    """Effects that several steps share, dropped in one of them."""
    rows = {row.step: row for row in _list_rows()}
    for step, fields in SINGLE.items():
        for name in fields:
            record = next((one for one in rows[step].records if one.field == name), None)
            if record is None:
                assert name in rows[step].clears, (step, name)
                yield _without("clear", name, (step,))
            else:
                yield _without("record", record, (step,))


def list_weakened() -> Iterator[LifeMutant]:
    """Records that lose what restricts them."""
    for row in life.ORDER_LIFE:
        for record in row.records:
            for name, value in (("once", False), ("only_for", None), ("from_field", "")):
                weaker: dict[str, Any] = {name: value}
                if getattr(record, name) != value:
                    yield LifeMutant(
                        f"{row.step.name} records {record.field} without {name}",
                        (row.step,),
                        partial(_weaken, record=record, **weaker),
                    )


WIDENED: tuple[tuple[OrderStep | FileStep, EntryState | FileState], ...] = (
    (OrderStep.HINT, EntryState.PLACED),
    (OrderStep.HINT, EntryState.CLAIMED),
    (OrderStep.DISCOVER, EntryState.PLACED),
    (OrderStep.DISCOVER, EntryState.CLAIMED),
    (OrderStep.ASK, EntryState.PLACED),
    (OrderStep.ASK, EntryState.CLAIMED),
    (OrderStep.CLAIM, EntryState.CLAIMED),
    (OrderStep.CLAIM, EntryState.PLACED),
    (OrderStep.CLAIM, EntryState.HELD),
    (OrderStep.CLAIM, EntryState.DROPPED),
    (OrderStep.PLACE, EntryState.PLACED),
    (OrderStep.RETRY, EntryState.PLACED),
    (OrderStep.RETRY, EntryState.CLAIMED),
    (OrderStep.HOLD_AGAIN, EntryState.PLACED),
    (OrderStep.HOLD_AGAIN, EntryState.CLAIMED),
    (OrderStep.BOOK_BY_HAND, EntryState.PLACED),
    (OrderStep.BOOK_BY_HAND, EntryState.CLAIMED),
    (OrderStep.REOPEN, EntryState.CLAIMED),
    (OrderStep.SEND_AGAIN, EntryState.CLAIMED),
    (OrderStep.SEND_AGAIN, EntryState.WAITING),
    (OrderStep.REPORT, EntryState.WAITING),
    (OrderStep.REPORT, EntryState.CLAIMED),
    (FileStep.FIX, FileState.VOID),
    (FileStep.DELIVER, FileState.UNKNOWN),
    (FileStep.DELIVER, FileState.VOID),
    (FileStep.FIND, FileState.VOID),
    (FileStep.REFUSE, FileState.PLACED),
    (FileStep.FINISH, FileState.PLACING),
    (FileStep.DISCARD, FileState.PLACING),
)

SINGLE: dict[OrderStep | FileStep, tuple[str, ...]] = {
    OrderStep.HINT: ("since", "asked_at", "has_evidence", "hold", "hold_detail", "missing_since"),
    OrderStep.DISCOVER: ("since", "asked_at", "hold", "drop_cause", "missing_since"),
    OrderStep.ASK: ("since", "asked_at", "has_evidence", "hold", "drop_cause", "by_hand"),
    OrderStep.CLAIM: ("since",),
    OrderStep.PLACE: ("since",),
    OrderStep.HOLD: ("since", "file"),
    OrderStep.DROP: ("since", "file"),
    OrderStep.RELEASE: ("file",),
    OrderStep.RETRY: ("since", "asked_at", "has_evidence", "hold", "hold_detail"),
    OrderStep.FREE: ("since", "asked_at", "hold", "hold_detail"),
    OrderStep.BOOK_BY_HAND: ("since", "asked_at", "hold"),
    OrderStep.REOPEN: ("since", "asked_at", "has_evidence", "drop_cause", "by_hand"),
    OrderStep.SEND_AGAIN: ("since", "asked_at", "file", "change", "missing_since"),
    OrderStep.WITHDRAW: ("change",),
    OrderStep.ACCEPT: ("change", "details_reported_at", "vat_reported_at"),
    FileStep.FIX: ("since",),
    FileStep.RESEND: ("since",),
    FileStep.LOSE: ("since",),
}


def list_shop_tables() -> Iterator[tuple[str, tuple[ShopTransition, ...]]]:
    """The table of a shop's life with one row missing, or leading elsewhere."""
    rows = shop_life.SHOP_LIFE
    for number, row in enumerate(rows):
        name = f"{row.step.name} from {row.sources[0].name}"
        before, after = rows[:number], rows[number + 1 :]
        yield f"{name} is missing", (*before, *after)
        elsewhere = ShopState.ACTIVE if row.to is ShopState.INSTALLING else ShopState.INSTALLING
        yield f"{name} leads elsewhere", (*before, replace(row, to=elsewhere), *after)
        back = ShopState.ACTIVE if row.back_to is ShopState.CANCELLED else ShopState.CANCELLED
        yield f"{name} goes back elsewhere", (*before, replace(row, back_to=back), *after)
        for source in row.sources if len(row.sources) > 1 else ():
            fewer = tuple(each for each in row.sources if each is not source)
            yield f"{name} not from {source.name}", (*before, replace(row, sources=fewer), *after)


def list_life_mutants() -> list[LifeMutant]:
    """All of them."""
    return [
        *list_removed(),
        *list_without_condition(),
        *list_widened(),
        *list_without_effect(),
        *list_in_one_step(),
        *list_weakened(),
    ]
