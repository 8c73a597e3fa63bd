"""What the operator types after ``bin/fleet``, as what the function `shops` takes."""

from __future__ import annotations

import argparse
from typing import Any

FILTERS = ("state", "severity", "cause", "cluster", "way")


def make_parser() -> argparse.ArgumentParser:
    """The command line: a subcommand for each action of the function."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--stage", default="prod", help="prod, local, or another that is deployed")
    common.add_argument("--json", action="store_true", help="print what the function answers")
    trying = argparse.ArgumentParser(add_help=False)
    trying.add_argument(
        *("-n", "--dry-run"), action="store_true", help="only say what would be done"
    )
    parser = argparse.ArgumentParser(
        prog="bin/fleet",
        description="The shops and the levers on them. Exit codes: 0 done, 1 refused, 2 wrong"
        " usage, 3 the function could not be called, 4 nothing was changed, 5 not all was done.",
    )
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(name: str, says: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=says, parents=[common, *parents])

    for name, says in (
        ("worst", "the shops that need somebody, the worst first"),
        ("list", "all shops, or those that the filters let through"),
    ):
        listing = add(name, says)
        for each in FILTERS:
            listing.add_argument(f"--{each}")
        listing.add_argument(
            *("--most",),
            type=_read_count,
            default=50 if name == "worst" else None,
            help="how many at most" + ("; 50" if name == "worst" else "; all"),
        )
    add("show", "all about one shop").add_argument("shop", type=int)
    add("pause", "a shop exports nothing for now", trying).add_argument("shop", type=int)
    resume = add("resume", "a shop, or a part of all shops that was halted, goes on", trying)
    _add_shop_or_part(resume)
    resume.add_argument("--reason", help="of a part")
    reconnect = add("reconnect", "a disconnected shop, or all of them, go on if they can", trying)
    reconnect.add_argument("shop", type=int, nargs="?")
    halt = add("halt", "a part of all shops begins no file any more", trying)
    halt.add_argument("part", help="all, eu1, us1, file or api")
    halt.add_argument("--reason", required=True)
    release = add("release", "what is held for a reason is looked at again", trying)
    release.add_argument("shop", type=int)
    release.add_argument("reason", help="such as payment_method_new")
    release.add_argument("--detail", help="only those held with this detail")
    extract = add("extract", "all that is kept of a shop, or of an order, as JSON")
    extract.add_argument("shop", type=int)
    extract.add_argument("--order")
    erase = add("erase", "erase all that is kept of a shop", trying)
    erase.add_argument("shop", type=int)
    erase.add_argument("--confirm", type=int, help="the shop's number again, while it is installed")
    add("redrive", "give the dead letters another chance", trying)
    add("help", "what the function takes")
    return parser


def _add_shop_or_part(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("shop", type=int, nargs="?")
    group.add_argument("--part", help="all, eu1, us1, file or api")


def _read_count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def make_event(asked: argparse.Namespace) -> dict[str, Any]:
    """The function's input."""
    event: dict[str, Any] = {"action": asked.action}
    given = vars(asked)
    if given.get("shop") is not None:
        event["shop_id"] = asked.shop
    for name in (*FILTERS, "part", "reason", "detail", "order", "confirm"):
        if given.get(name) is not None:
            event[name] = given[name]
    if given.get("dry_run"):
        event["dry_run"] = True
    return event
