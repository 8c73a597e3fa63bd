"""The shops as tables: ``bin/fleet worst``, or ``make fleet ARGS="worst --state active"``.

Calls the deployed function `shops`, and follows its pages. Nothing is decided here: what may be
done, and what a list has, is the function's own; ``--json`` prints what it answers, one answer a
line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tools.deployed_functions import NotCalled, Refused, find_stage
from tools.fleet_requests import make_event, make_parser
from tools.fleet_words import write_answer, write_fleet, write_shops

DONE, REFUSED, NOT_CALLED, UNCHANGED, UNFINISHED = 0, 1, 3, 4, 5
LARGEST_PAGE = 100
FUNCTION = "shops"

Invoke = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; gives the exit code."""
    asked = make_parser().parse_args(arguments)
    try:
        stage = find_stage(asked.stage)
        event = make_event(asked)

        def invoke(wish: Mapping[str, Any]) -> Mapping[str, Any]:
            answer: Mapping[str, Any] = stage.invoke(FUNCTION, wish)
            if asked.json or asked.action == "extract":
                print(json.dumps(answer, ensure_ascii=False))
            return answer

        if asked.action in ("worst", "list"):
            return show_list(invoke, event, asked.most, quiet=asked.json)
        return show_answers(invoke, event, quiet=asked.json or asked.action == "extract")
    except NotCalled as error:
        print(error, file=sys.stderr)
        return NOT_CALLED
    except Refused as error:
        print(error, file=sys.stderr)
        return REFUSED


def show_list(
    invoke: Invoke, event: Mapping[str, Any], most: int | None, *, quiet: bool = False
) -> int:
    """Print a list, page after page until there are `most` (None: all)."""
    found: dict[int, Mapping[str, Any]] = {}  # a shop that changes meanwhile may come twice
    heads = list[str]()
    for answer in follow(invoke, event, most, found):
        if "counts" in answer:
            heads = [*write_fleet(answer), ""]
    if not quiet:
        print("\n".join([*heads, *write_shops(list(found.values())[:most])]))
    return DONE


def follow(
    invoke: Invoke, event: Mapping[str, Any], most: int | None, found: dict[int, Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The answers of one page after another; the shops in them are put into `found`."""
    wish = dict(event)
    while True:
        left = LARGEST_PAGE if most is None else min(most - len(found), LARGEST_PAGE)
        answer = invoke({**wish, "limit": left})
        found.update({shop["shop_id"]: shop for shop in answer["shops"]})
        yield answer
        is_enough = most is not None and len(found) >= most
        if answer["next"] is None or is_enough:
            return
        wish["after"] = answer["next"]
        print(f"{len(found):,} shops so far …", file=sys.stderr)


def show_answers(invoke: Invoke, event: Mapping[str, Any], *, quiet: bool = False) -> int:
    """Print what an action answers; one that says where to go on is asked for the rest."""
    wish, is_changed, is_action = dict(event), False, False
    while True:
        answer = invoke(wish)
        if not quiet:
            print("\n".join(write_answer(answer)))
        said = [answer[key] for key in ("changed", "would_change") if key in answer]
        is_action = is_action or bool(said)
        is_changed = is_changed or any(said)
        place = answer.get("next") or answer.get("go_on_after")
        if place is None:
            break
        wish["after"] = place
        print("goes on …", file=sys.stderr)
    if answer.get("is_all") is False:
        print("That was not all yet: ask once more.", file=sys.stderr)
        return UNFINISHED
    return DONE if is_changed or not is_action else UNCHANGED


if __name__ == "__main__":
    raise SystemExit(main())
