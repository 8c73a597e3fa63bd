"""What the messages of the export queue say, and which are refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.queue_messages import Message, read_message, write_message
from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.nights import Slice
from chalicelib.domain.tasks import Task
from chalicelib.errors import RequestError

AT = datetime(2026, 1, 23, 1, 15, tzinfo=UTC)
SLICE = {"slice": "slot-07", "task": "export", "run": "n", "due_at": AT.isoformat(), "after": 7}


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (Message(shop_id=7, run="n"), {"shop_id": 7, "run": "n"}),
        (Message(shop_id=7, task=Task.WISH), {"shop_id": 7, "run": "", "task": "wish"}),
        (Slice(slot="slot-07", task=Task.EXPORT, run="n", due_at=AT, after=7), SLICE),
        (
            Slice(slot="slot-07", task=Task.WATCH, run="n", due_at=AT, part=FleetPart.EU1),
            {**SLICE, "task": "watch", "after": 0, "part": "eu1"},
        ),
    ],
)
def test_a_message_is_read_as_it_was_written(
    message: Message | Slice, body: dict[str, object]
) -> None:
    assert json.loads(write_message(message)) == body
    assert read_message(write_message(message)) == message


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"slice": "yes"}, "slot"),
        ({"slice": ["slot-07"]}, "slot"),
        ({"slice": None}, "slot"),
        ({"task": "retry"}, "task is none of export, watch"),
        ({"task": []}, "task"),
        ({"after": -1}, "after"),
        ({"after": True}, "after"),
        ({"after": "7"}, "after"),
        ({"part": "eu2"}, "part is none of all, eu1, us1, file, api"),
        ({"part": {}}, "part"),
        ({"run": "a\nb"}, "run"),
        ({"due_at": "tomorrow"}, "due_at"),
        ({"due_at": 7}, "due_at"),
        ({"due_at": "2026-01-23T01:15:00"}, "time zone"),
    ],
    ids=repr,
)
def test_a_slice_that_cannot_be_meant_is_refused_without_a_quote(
    other: dict[str, object], said: str
) -> None:
    with pytest.raises(RequestError, match=said) as refused:
        read_message(json.dumps({**SLICE, **other}))
    assert "eu2" not in str(refused.value)
    assert "tomorrow" not in str(refused.value)
