"""Messages of the export queue, handed to the function, and the figures it prints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib import bootstrap, bootstrap_night
from chalicelib.entries import export_messages
from chalicelib.usecases.connector import Connector, SenderParts
from tests.unit.usecases.stage import SHOP_ID

CONTENT = "s.devries@example.nl"  # what an error's own message may quote
OTHER_SHOP = SHOP_ID + 1


def use(connector: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    senders = SenderParts(settings=connector.settings, clock=connector.clock, queue=connector.queue)
    monkeypatch.setattr(bootstrap, "open_connector", lambda: connector)
    monkeypatch.setattr(bootstrap_night, "open_senders", lambda: senders)


def message(body: object, number: int = 1) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"messageId": f"m{number}", "receiptHandle": "r", "body": text}


def deliver(*bodies: object) -> list[str]:
    """Hand messages to the function; those that it gives back."""
    records = [message(body, number) for number, body in enumerate(bodies)]
    answer = export_messages.export_shop({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def watched(shop_id: int = SHOP_ID) -> dict[str, object]:
    return {"shop_id": shop_id, "run": "night", "task": "watch"}


def figures(printed: str) -> dict[str, int]:
    """The metrics that were printed for CloudWatch."""
    found: dict[str, int] = {}
    for line in printed.splitlines():
        printed_line = json.loads(line)
        for metric in printed_line["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            found[metric["Name"]] = int(printed_line[metric["Name"]][0])
    return found
