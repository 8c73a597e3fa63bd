"""Draw the life of an order, a file and a shop: ``python -m tools.draw_life`` writes docs/life.md.

Everything in it is taken from the code: the transitions of `chalicelib.domain.life` and
`shop_life`, and the meaning of each step from the text beneath it in `domain/events.py`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from chalicelib.domain.causes import (
    DropCause,
    LateChange,
    PlaceCause,
    ReleaseCause,
    RequestCause,
)
from chalicelib.domain.events import Actor, Contradiction, ShopStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.life import FILE_LIFE, ORDER_LIFE
from chalicelib.domain.shop_life import FIRST_STATE, SHOP_LIFE, Relative, ShopTransition
from chalicelib.domain.shops import ShopState
from chalicelib.domain.transitions import Given, Record, S, Transition
from tools.build import ROOT
from tools.life_arrows import Arrow, list_arrows, list_shop_arrows

COMMAND = "make docs"
PAGE = ROOT / "docs/life.md"
EVENTS = ROOT / "chalicelib/domain/events.py"

GIVEN = {
    Given.AT: "the moment",
    Given.BY: "who it was",
    Given.CAUSE: "the step's cause",
    Given.FILE: "the step's file",
    Given.DETAIL: "the hold's detail",
    Given.FINGERPRINT: "the fingerprint of what was booked",
    Given.BOOKED_ON: "the invoice date of what was booked",
    Given.ASPERION_ID: "Asperion's id of the invoice",
    Given.DELIVERED_PRINT: "the keyed hash of what was delivered",
    Given.FORMER_FILE: "the delivery that it moves from",
    Given.KEYS: "the documents, with their fingerprints",
    Given.SHA256: "the content's hash",
    Given.SIZE: "the content's size",
    Given.INBOX: "the inbox's hash",
    Given.COVER: "the cover sheet",
    Given.REFUNDED: "the documents with credit notes that nobody has dealt with",
    Given.PROFILE: "the mark of the aXML profile",
    Given.TERMS: "the keyed print of the merchant's choices",
    Given.RETURNS: "what it adds up to for the VAT returns",
    Given.DAYS: "the documents' invoice dates",
    Given.SALES: "the orders of its invoices",
    Given.LOCKED_UNTIL: "the last day of the closed period, when it was made",
    Given.SOUGHT: "what a document in doubt is recognised by",
    Given.SHOWN_PRINT: "the keyed hash of what Asperion shows",
    Given.NOTHING: "nothing any more",
    Given.YES: "yes",
    Given.NO: "no",
}
CAUSES = (HoldReason, DropCause, ReleaseCause, RequestCause, LateChange, PlaceCause, Contradiction)

INTRODUCTION = f"""\
# The life of an order, a file and a shop

Made from `chalicelib/domain/life.py`, `chalicelib/domain/shop_life.py` and
`chalicelib/domain/events.py`; `{COMMAND}` makes it anew. Nothing else decides what may follow what:
the tables compile these transitions into their conditions, and the tests' ledger in memory applies
them.
"""
ORDERS = """\
## An order

An invoice, a credit note and a reversal live likewise. Each step is one conditional write of the
orders table; "if" is what must be so in the stored record for the step to be taken.
"""
FILES = """\
## A file

Each step but the first also expects the file as the caller read it: in that state, and since that
moment. A file that is finished is not taken up again.
"""
SHOPS = """\
## A shop

A step that has no row for a shop's state changes nothing there. "Goes back to" is where the shop
goes when it is resumed or connected again; where it says nothing, that is `active`.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(draw_page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written.")


def draw_page() -> str:
    """The whole page, as Markdown."""
    meanings = read_meanings(EVENTS)
    orders, files, shops = list_arrows(ORDER_LIFE), list_arrows(FILE_LIFE), list_shop_arrows()
    parts = [
        INTRODUCTION,
        ORDERS,
        draw_diagram(orders),
        *(list_followers(EntryState, orders), _table_of(ORDER_LIFE, meanings)),
        FILES,
        draw_diagram(files),
        *(list_followers(FileState, files), _table_of(FILE_LIFE, meanings)),
        SHOPS,
        draw_diagram(shops),
        *(list_followers(ShopState, shops), _shop_table(meanings)),
        "## Causes\n\nA step's cause is a code of one of these lists.\n",
        "".join(f"- `{each.__name__}`: {_codes(each)}\n" for each in CAUSES),
    ]
    return "\n".join(parts)


def read_meanings(events: Path) -> Mapping[str, str]:
    """What each step means, by ``OrderStep.HINT``: the text beneath it in its class."""
    found = {}
    for steps in ast.parse(events.read_text(encoding="utf-8")).body:
        if not isinstance(steps, ast.ClassDef):
            continue
        for member, text in zip(steps.body, steps.body[1:], strict=False):
            match member, text:
                case (
                    ast.Assign(targets=[ast.Name(id=name)]),
                    ast.Expr(value=ast.Constant(value=str(meaning))),
                ):
                    found[f"{steps.name}.{name}"] = " ".join(meaning.split())
    return found


def draw_diagram(arrows: Sequence[Arrow]) -> str:
    """A Mermaid state diagram; steps between the same two states share an arrow."""
    steps: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step, before, after in arrows:
        steps[before or "[*]", after].append(step)
    drawn = (
        f"    {before} --> {after}: {', '.join(dict.fromkeys(names))}"
        for (before, after), names in steps.items()
    )
    return "\n".join(["```mermaid", "stateDiagram-v2", *drawn, "```", ""])


def list_followers(states: Iterable[StrEnum], arrows: Sequence[Arrow]) -> str:
    """For each of these states, and for nothing yet, which may follow and by which steps."""
    followers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for step, before, after in arrows:
        followers[before][after].append(step)
    lines = ["| after | may follow |", "| --- | --- |"]
    for before in ("", *(state.value for state in states)):
        found = followers[before].items()
        named = (f"`{after}` ({', '.join(dict.fromkeys(by))})" for after, by in found)
        lines.append(f"| {f'`{before}`' if before else 'nothing yet'} | {'; '.join(named)} |")
    return "\n".join([*lines, ""])


def _table_of(table: Sequence[Transition[S]], meanings: Mapping[str, str]) -> str:
    head = "| step | meaning | from | to | who may | cause | if | records | clears |"
    rows: list[str] = [_row(transition, meanings) for transition in table]
    return "\n".join([head, "| --- " * 9 + "|", *rows, ""])


def _row(t: Transition[S], meanings: Mapping[str, str]) -> str:
    return _cells(
        f"**{t.step.value}**",
        meanings[f"{type(t.step).__name__}.{t.step.name}"],
        ", ".join("nothing yet" if each is None else f"`{each.value}`" for each in t.sources),
        f"`{t.to.value}`",
        _actors(t.by),
        ", ".join(f"`{each.__name__}`" for each in t.causes),
        "; ".join(_conditions(t)),
        "; ".join(_records(t)),
        ", ".join(f"`{each}`" for each in t.clears),
    )


def _conditions(t: Transition[S]) -> Iterator[str]:
    for name, given in t.matches:
        yield f"its `{name}` is {GIVEN[given]}"
    for name, given in t.differs:
        yield f"its `{name}` is not {GIVEN[given]} already"
    for name in t.present:
        yield f"it has a `{name}`"


def _records(t: Transition[S]) -> Iterator[str]:
    fields: dict[str, list[str]] = defaultdict(list)
    for record in t.records:
        fields[_value_of(record)].append(f"`{record.field}`")
    for value, names in fields.items():
        yield f"{', '.join(names)}: {value}"
    for name in t.counts:
        yield f"`{name}`: one more"


def _value_of(record: Record) -> str:
    text = GIVEN[record.given]
    if record.from_field:
        text = f"`{record.from_field}`, or else {text}"
    if record.once:
        text += ", unless it has one"
    if record.only_for is not None:
        text += f" (only for `{record.only_for.value}`)"
    return text


def _shop_table(meanings: Mapping[str, str]) -> str:
    head = "| step | meaning | from | to | goes back to | who may |"
    arrival = _cells(
        f"**{ShopStep.ARRIVE.value}**",
        meanings[f"ShopStep.{ShopStep.ARRIVE.name}"],
        "nothing yet",
        f"`{FIRST_STATE.value}`",
        "",
        _actors({Actor.PLATFORM}),
    )
    rows = [_shop_row(transition, meanings) for transition in SHOP_LIFE]
    known = {ShopStep.ARRIVE, *(transition.step for transition in SHOP_LIFE)}
    others = [
        f"- **{step.value}**: {meanings[f'ShopStep.{step.name}']}"
        for step in ShopStep
        if step not in known
    ]
    audit = ["The audit tells of these as well, which change no state:", "", *others, ""]
    return "\n".join([head, "| --- " * 6 + "|", arrival, *rows, "", *audit])


def _shop_row(t: ShopTransition, meanings: Mapping[str, str]) -> str:
    return _cells(
        f"**{t.step.value}**",
        meanings[f"ShopStep.{t.step.name}"],
        ", ".join(f"`{each.value}`" for each in t.sources),
        _shop_state(t.to),
        "" if t.back_to is Relative.NONE else _shop_state(t.back_to),
        _actors(t.by),
    )


def _shop_state(state: ShopState | Relative) -> str:
    return f"`{state.value}`" if isinstance(state, ShopState) else state.value


def _actors(actors: Iterable[Actor]) -> str:
    return ", ".join(each.value for each in Actor if each in set(actors))


def _codes(causes: type[StrEnum]) -> str:
    return ", ".join(f"`{cause.value}`" for cause in causes)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


if __name__ == "__main__":
    main()
