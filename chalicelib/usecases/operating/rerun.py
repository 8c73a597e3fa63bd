"""Replay and repair by the operator: a shop, some orders, a date range, or a file in `unknown`.

Input: ``{"shop_id": 184520}`` with, optional, ``"orders": ["ORD00412"]``, ``"since":
"2026-01-01"``, ``"dry_run": true``, ``"reason": "…"``; or ``"file": "axml-…xml"`` with
``"settle": "confirm"`` (it is in Asperion), ``"again"`` (it is not) or ``"resolved"`` (its invoices
are there twice no longer). With ``"despite_first": true`` an order is sent again whose first
invoice is in Asperion still. With ``"take_back": "delete"`` or ``"credit"``, ``orders`` and
``reason`` orders are taken back; the answer then has ``"taken_back"``, their numbers.

Answer: ``{"shop_id", "dry_run", "files": [{"name", "orders", "state"}], "held": [{"order",
"reason"}], "skipped": [{"order", "reason"}], "waiting": n}``. What was asked for before, and is
done, is among the skipped, and its file among the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState, Hint
from chalicelib.errors import RequestError, UnknownOrder
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.health_keeping import try_to_renew_health
from chalicelib.usecases.filing.run import FileResult, NotBooked
from chalicelib.usecases.operating.file_list import read_file
from chalicelib.usecases.operating.file_verdicts import FileVerdict, decide_file
from chalicelib.usecases.operating.fleet_help import write_rerun_help
from chalicelib.usecases.operating.rehearsal import (
    describe_outcome,
    list_due_since,
    rehearse_rerun,
)
from chalicelib.usecases.operating.repair import find_request_cause, request_step
from chalicelib.usecases.operating.repeats import Found, is_done, note_requests
from chalicelib.usecases.operating.rerun_obstacles import look_for_obstacle
from chalicelib.usecases.operating.rerun_request import RerunRequest, parse_request
from chalicelib.usecases.operating.taking_back import NotTakenBack, TakingBack, take_back
from chalicelib.usecases.workspace import Workspace, open_workspace


def rerun(connector: Connector, event: object, *, run: str) -> dict[str, Any]:
    """Do what is asked, or with ``dry_run`` only say what would be done; asked for nothing, say
    what may be asked for.

    Raises `RequestError` (and `UnknownShop`, `UnknownOrder`, `UnknownFile`) with nothing done,
    `ShopError` when the shop cannot be asked.
    """
    if not event:
        return write_rerun_help()
    asked = parse_request(event)
    workspace = open_workspace(connector, asked.shop_id)
    shop = workspace.shop
    if asked.way is not None:
        return _take_back(workspace, asked, asked.way)
    if asked.file and asked.verdict:
        return _decide_file(workspace, asked.file, asked.verdict, dry_run=asked.dry_run)
    if not shop.state.exports:
        raise RequestError(f"Shop {shop.shop_id} is {shop.state.value}; nothing can be exported.")
    chosen = None if asked.orders is None else _find_orders(workspace, asked.orders)
    if asked.dry_run:
        return rehearse_rerun(workspace, asked, chosen)
    only, skipped, before = None, list[NotBooked](), list[FileResult]()
    if chosen is not None:
        chosen, repeated = _set_repeats_apart(workspace, asked, chosen, run)
        before = _list_files(workspace, repeated.values())
        obstacles = {found[0]: _request(workspace, asked, found) for found in chosen}
        only = [hint.key for hint, why in obstacles.items() if why is None]
        skipped = [NotBooked(hint.number, why) for hint, why in obstacles.items() if why]
        skipped += repeated
    if asked.since is not None:
        _record_due_since(workspace, asked.since)
    job = Job(shop_id=shop.shop_id, run=run, by=Actor.OPERATOR, only=only)
    done = export_shop(connector, job)
    files = [_describe_file(workspace, result) for result in (*before, *done.files)]
    return describe_outcome(workspace, files, done.held, done.skipped + skipped, dry_run=False)


def _decide_file(
    workspace: Workspace, name: str, verdict: FileVerdict, *, dry_run: bool
) -> dict[str, Any]:
    file, since = decide_file(workspace, name, verdict, by=Actor.OPERATOR, dry_run=dry_run)
    if not dry_run:
        try_to_renew_health(workspace.connector, workspace.shop_id)
    result = FileResult(file.name, len(file.keys), file.state)
    files = [_describe_file(workspace, result)]
    skipped = [NotBooked(file.name, _say_since(f"is {file.state.value}", since))] if since else []
    return describe_outcome(workspace, files, [], skipped, dry_run=dry_run)


def _take_back(workspace: Workspace, asked: RerunRequest, way: TakingBack) -> dict[str, Any]:
    """Take back the documents of these orders for which that way is open; all others are skipped,
    with why.
    """
    taken, skipped = list[str](), list[NotBooked]()
    for _, entry in _find_orders(workspace, asked.orders or ()):
        if entry is None:
            continue
        try:
            done = take_back(
                workspace, entry.key, way, reason=asked.reason or "", by=Actor.OPERATOR
            )
        except NotTakenBack as refused:
            skipped.append(NotBooked(entry.number, str(refused)))
            continue
        if done is None:
            skipped.append(NotBooked(entry.number, "changed by another run meanwhile"))
        else:
            taken.append(entry.number)
    return {
        **describe_outcome(workspace, [], [], skipped, dry_run=False),
        "taken_back": taken,
    }


def _say_since(what: str, since: datetime) -> str:
    return f"{what} since {since:%Y-%m-%d %H:%M:%S} UTC already"


def _set_repeats_apart(
    workspace: Workspace, asked: RerunRequest, chosen: Sequence[Found], run: str
) -> tuple[list[Found], dict[NotBooked, str]]:
    """What is still to be done of a request, and what an earlier delivery of it has done: why it is
    left out, with the file that it is in.
    """
    if not asked.reason:
        return list(chosen), {}
    requests = note_requests(workspace, chosen, asked.reason, call=run)
    left, repeated = list[Found](), dict[NotBooked, str]()
    for hint, entry in chosen:
        if entry is not None and entry.file and is_done(entry, requests[hint.key]):
            why = _say_since(
                f"was asked for with this reason, and is in file {entry.file}", entry.since
            )
            repeated[NotBooked(hint.number, why)] = entry.file
        else:
            left.append((hint, entry))
    return left, repeated


def _list_files(workspace: Workspace, names: Iterable[str]) -> list[FileResult]:
    files = (workspace.connector.files.get(workspace.shop_id, name) for name in {*names})
    known = sorted((file for file in files if file is not None), key=lambda file: file.name)
    return [FileResult(file.name, len(file.keys), file.state) for file in known]


def _find_orders(workspace: Workspace, numbers: Sequence[str]) -> list[Found]:
    """The documents of these numbers, from the ledger or else from the shop; all or none."""
    found: list[Found] = []
    unknown: list[str] = []
    for number in numbers:
        entries = workspace.connector.entries.find_by_numbers(workspace.shop_id, [number])
        found.extend((entry.hint, entry) for entry in entries)
        if entries:
            continue
        summary = workspace.api.find_order(number)
        if summary is None:
            unknown.append(number)
        else:  # it may be known by what a webhook called it
            hint = Hint.of_order(summary)
            found.append((hint, workspace.entry(hint.key)))
    if unknown:
        raise UnknownOrder(
            f"Shop {workspace.shop_id} has no order {', '.join(unknown)}; nothing was done."
        )
    return found


def _request(workspace: Workspace, asked: RerunRequest, found: Found) -> str | None:
    """Let the document wait for a file, a placed one only with a reason; else say why not."""
    hint, entry = found
    if entry is None:
        workspace.record_hint(hint, Actor.OPERATOR)
        return None
    if entry.state is EntryState.WAITING:
        return None
    why, first = look_for_obstacle(workspace, entry, asked)
    if why is not None:
        return why
    cause = find_request_cause(first) if asked.reason else RequestCause.RERUN
    requested = workspace.record(
        entry.key,
        request_step(entry),
        by=Actor.OPERATOR,
        cause=cause,
        note=asked.reason or "",
    )
    return "changed by another run meanwhile" if requested is None else None


def _record_due_since(workspace: Workspace, since: date) -> None:
    """Let every due order wait that changed since that day and is not in the ledger."""
    due = list_due_since(workspace, since)
    known = workspace.connector.entries.get_all(workspace.shop_id, due)
    for key, hint in due.items():
        if key not in known:
            workspace.record_hint(hint, Actor.OPERATOR)


def _describe_file(workspace: Workspace, result: FileResult) -> dict[str, Any]:
    _, entries = read_file(workspace, result.name)
    orders = sorted(entry.number for entry in entries)
    return {"name": result.name, "orders": orders, "state": result.state.value}
