"""What tests of the stack do and look at again and again."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from boto3.dynamodb.types import TypeDeserializer

from tools.connected_day import connect_asperion
from tools.local_settings import LOCAL_APP
from tools.played_day import Day, until

SECRET = LOCAL_APP["SEOSHOP_APP_SECRET"]
_read = TypeDeserializer().deserialize


def order(day: Day, *, paid: bool = True, **form: Any) -> dict[str, Any]:
    """One order in the shop; its summary, with ``id`` and ``number``."""
    form.setdefault("lines", [{"title": "Bureaulamp", "priceIncl": "49.95"}])
    made = day.shop("POST", "orders", {"shop_id": day.shop_id, "paid": paid, **form})
    return dict(made)


def many(day: Day, count: int, **form: Any) -> list[int]:
    """Many paid orders, without webhooks unless asked for; their ids."""
    made = day.shop(
        "POST", "orders/bulk", {"shop_id": day.shop_id, "n": count, "paid": True, **form}
    )
    return list(made["ids"])


def name_user(day: Day) -> str:
    """The shop's user at Asperion; each shop has one of its own."""
    return f"user-{day.shop_id}"


def connect(day: Day) -> None:
    """The merchant connects his administration in Asperion: orders go straight into it."""
    day.asperion("POST", "api/users", {"name": name_user(day), "licences": [day.licence]})
    connect_asperion(day, user=name_user(day))


def export(day: Day) -> None:
    """The export of this shop alone: the message that the daily run would send."""
    send(day, {"shop_id": day.shop_id, "run": "test"})
    day.queue_empty()


def send(day: Day, message: object) -> None:
    """Put a message into the export queue; a text goes as it is."""
    body = message if isinstance(message, str) else json.dumps(message)
    day.client("sqs").send_message(QueueUrl=day.stack.queue_url, MessageBody=body)


def at_rest(day: Day) -> bool:
    """Whether no message waits, is worked on, or is still to come."""
    counts = (
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    )
    found = day.client("sqs").get_queue_attributes(
        QueueUrl=day.stack.queue_url, AttributeNames=list(counts)
    )
    return all(int(found["Attributes"][name]) == 0 for name in counts)


def files(day: Day) -> list[str]:
    """Names of the files in the shop's inbox."""
    return [file["name"] for file in day.asperion("GET", f"{day.licence}/files")]


def invoiced(day: Day) -> list[str]:
    """Order numbers of the invoices that Asperion makes of the inbox, doubles and all."""
    day.synchronise()
    return sorted(invoice["order_number"] for invoice in day.invoices())


def rows(day: Day, table: str, shop_id: int | None = None) -> list[dict[str, Any]]:
    """All that a table holds of the shop."""
    pages = (
        day.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=day.stack.tables[table],
            KeyConditionExpression="shop_id = :shop",
            ExpressionAttributeValues={":shop": {"N": str(shop_id or day.shop_id)}},
        )
    )
    return [
        {name: _read(value) for name, value in item.items()}
        for page in pages
        for item in page["Items"]
    ]


def states(day: Day) -> dict[str, str]:
    """The state of every order of the shop, by number; a claim is an attribute of its own."""
    return {
        row["number"]: "claimed" if "claim" in row else row["state"] for row in rows(day, "orders")
    }


def file_states(day: Day) -> dict[str, str]:
    """The ledger's state of every file of the shop, by name."""
    return {row["name"]: row["state"] for row in rows(day, "files")}


def standing(day: Day) -> dict[str, Any]:
    """The shop's own row."""
    return next(row for row in rows(day, "shops") if row["part"] == "shop")


def open_secret(day: Day, what: str) -> str:
    """The shop's token or licence code, opened as its functions do."""
    return open_sealed(day, standing(day)[f"sealed_{what}"], what)


def open_sealed(day: Day, sealed: Mapping[str, str], what: str) -> str:
    """A secret of the shop as it is kept, opened as its functions do."""
    opened = day.client("kms").decrypt(
        KeyId=sealed["key"],
        CiphertextBlob=base64.b64decode(sealed["content"]),
        EncryptionContext={"shop": str(day.shop_id), "what": what},
    )
    return str(opened["Plaintext"].decode())


def audit(day: Day) -> list[str]:
    """What was done to the shop, oldest first."""
    return [row["what"] for row in rows(day, "shops") if row["part"].startswith("audit")]


def time_passes(day: Day, minutes: int) -> None:
    """As if leases and files of the shop were that much older."""
    for row in rows(day, "shops"):
        if row["part"] == "lease":
            _age(day, "shops", {"part": row["part"]}, "until", row["until"], minutes)
    for row in rows(day, "files"):
        _age(day, "files", {"name": row["name"]}, "since", row["since"], minutes)


def _age(
    day: Day, table: str, key: Mapping[str, str], name: str, moment: str, minutes: int
) -> None:
    earlier = datetime.fromisoformat(moment) - timedelta(minutes=minutes)
    day.client("dynamodb").update_item(
        TableName=day.stack.tables[table],
        Key={"shop_id": {"N": str(day.shop_id)}, **{k: {"S": v} for k, v in key.items()}},
        UpdateExpression="SET #name = :earlier",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":earlier": {"S": f"{earlier:%Y-%m-%dT%H:%M:%S.%fZ}"}},
    )


def calls(day: Day, path: str = "/") -> list[str]:
    """The API calls this shop has got, as ``GET /nl/orders.json``."""
    seen = day.shop("GET", f"calls?shop={day.shop_id}&path={path}")
    return [f"{each['method']} {each['path']}" for each in seen["by"] for _ in range(each["count"])]


def deliver(
    day: Day, body: bytes, *, shop_id: int | str | None = None, signature: str | bytes = ""
) -> Any:
    """Post a webhook body; signed as SEOshop does, unless a signature is given."""
    signed = hashlib.md5(body + SECRET.encode(), usedforsecurity=False).hexdigest()
    return requests.post(
        f"{day.stack.api_url}/webhooks/{shop_id or day.shop_id}/orders-paid",
        data=body,
        headers={"X-Signature": signature or signed, "Content-Type": "application/json"},
        timeout=60,
    )


@contextmanager
def visibility(day: Day, seconds: int) -> Iterator[None]:
    """A message that cannot be read comes back after so many seconds, instead of ninety minutes."""
    sqs = day.client("sqs")

    def set_to(value: str) -> None:
        sqs.set_queue_attributes(
            QueueUrl=day.stack.queue_url, Attributes={"VisibilityTimeout": value}
        )

    before = sqs.get_queue_attributes(
        QueueUrl=day.stack.queue_url, AttributeNames=["VisibilityTimeout"]
    )["Attributes"]["VisibilityTimeout"]
    set_to(str(seconds))
    try:
        yield
    finally:
        set_to(before)


@contextmanager
def environment(day: Day, function: str, **changed: str | None) -> Iterator[None]:
    """A function of the stack with other settings; None takes one away."""
    client, name = day.client("lambda"), day.stack.functions[function]
    before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    now = {**before, **changed}
    try:
        _configure(client, name, {key: value for key, value in now.items() if value is not None})
        yield
    finally:
        _configure(client, name, before)


def _configure(client: Any, name: str, variables: Mapping[str, str]) -> None:
    client.update_function_configuration(
        FunctionName=name, Environment={"Variables": dict(variables)}
    )
    until(
        lambda: (
            client.get_function_configuration(FunctionName=name).get("LastUpdateStatus")
            in (None, "Successful")
        ),
        what=f"{name} to be updated",
    )


def workers(day: Day, function: str) -> list[int]:
    """The processes that run a function of this stack now; another may be up beside it."""
    prefix = f"ministack-lambda-{day.stack.functions[function]}-"
    endpoint = f"AWS_ENDPOINT_URL={day.stack.aws_endpoint}".encode()
    found = []
    for process in Path("/proc").iterdir():
        try:
            folder = (process / "cwd").readlink()
            ours = endpoint in (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if process.name.isdigit() and ours and folder.parent.name.startswith(prefix):
            found.append(int(process.name))
    return found
