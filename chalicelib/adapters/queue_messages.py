"""The messages of the export queue, as JSON.

Of one shop: ``{"shop_id": 184520, "run": "…"}``, and with ``"task"`` it asks for something else
than an export: see `Task`. Of a slice of all shops, whose messages are still to be sent:
``{"slice": "slot-07", "task": "export", "run": "…", "due_at": "…", "after": 0}``, with
``"further"`` of so many slots after it as well, and with ``"part"`` of no more than that part of
them: see `Slice`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.nights import Slice
from chalicelib.domain.slots import EVERY_SLOT
from chalicelib.domain.tasks import Task
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass

_OF_SLICES = (Task.EXPORT, Task.WATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a message asks for one shop; `run` names the run that it belongs to, for logs and
    leases.
    """

    shop_id: int
    run: str = ""
    task: Task = Task.EXPORT


def read_message(body: str) -> Message | Slice:
    """Read the message in a body. Raises `RequestError`, which says what is wrong with it and
    quotes nothing of it, because a body may contain anything.
    """
    try:
        found = json.loads(body)
    except ValueError:
        raise RequestError("The message is not JSON.") from None
    if not isinstance(found, dict):
        raise RequestError('The message is no JSON object such as {"shop_id": 184520}.')
    return _read_slice(found) if "slice" in found else _read_of_shop(found)


def _read_of_shop(found: Mapping[str, Any]) -> Message:
    shop_id = found.get("shop_id")
    if type(shop_id) is not int or not bounds.is_id(shop_id):
        raise RequestError("The message has no shop_id, or one that is no shop's number.")
    return Message(shop_id=shop_id, run=_read_run(found), task=_read_task(found, tuple(Task)))


def _read_slice(found: Mapping[str, Any]) -> Slice:
    slot, after, part = found["slice"], found.get("after", 0), found.get("part", FleetPart.ALL)
    if slot not in EVERY_SLOT:
        raise RequestError("The message's slice is no slot such as slot-07.")
    if type(after) is not int or (after and not bounds.is_id(after)):
        raise RequestError("The message's after is no shop's number.")
    further = found.get("further", 0)
    if type(further) is not int or not 0 <= further < len(EVERY_SLOT) - EVERY_SLOT.index(slot):
        raise RequestError("The message's further is no number of slots after its own.")
    if part not in list(FleetPart):
        raise RequestError(f"The message's part is none of {', '.join(FleetPart)}.")
    return Slice(
        slot=slot,
        task=_read_task(found, _OF_SLICES),
        run=_read_run(found),
        due_at=_read_instant(found, "due_at"),
        after=after,
        further=further,
        part=FleetPart(part),
    )


def _read_run(found: Mapping[str, Any]) -> str:
    run = found.get("run", "")
    if not isinstance(run, str) or not bounds.is_line(run or "-", bounds.LONGEST_RUN):
        raise RequestError("The message's run is no text, or none that can be kept.")
    return run


def _read_task(found: Mapping[str, Any], allowed: tuple[Task, ...]) -> Task:
    task = found.get("task", Task.EXPORT)
    if task not in allowed:
        raise RequestError(f"The message's task is none of {', '.join(allowed)}.")
    return Task(task)


def _read_instant(found: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(found.get(name, ""))
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RequestError(f"The message's {name} is no instant with a time zone.")
    return moment


def write_message(message: Message | Slice) -> str:
    """The body of a message."""
    if isinstance(message, Slice):
        return json.dumps(_describe_slice(message))
    body: dict[str, object] = {"shop_id": message.shop_id, "run": message.run}
    if message.task is not Task.EXPORT:
        body["task"] = message.task.value
    return json.dumps(body)


def _describe_slice(one: Slice) -> dict[str, object]:
    body: dict[str, object] = {
        "slice": one.slot,
        "task": one.task.value,
        "run": one.run,
        "due_at": one.due_at.isoformat(),
        "after": one.after,
    }
    if one.further:
        body["further"] = one.further
    return body if one.part is FleetPart.ALL else {**body, "part": one.part.value}
