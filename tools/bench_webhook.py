"""How quickly a webhook is answered on local AWS, one by one and fifty at once, beside a function
that does nothing.

Both are called by Lambda's own API with the event of API Gateway, so that neither pays for the
local API Gateway. What an order's hint costs in DynamoDB's units is in `bench_ledger`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.domain.shops import Shop, ShopState
from tools import local
from tools.bench_figures import Figure, print_figures
from tools.local_settings import LOCAL_APP

SHOP_ID = 184520
TURNS, AT_ONCE, STARTED_AT_ONCE = 30, 50, 5
BARE = "bench-bare"
_BARE_CODE = "def answer(event, context):\n    return {'statusCode': 200, 'body': ''}\n"
_numbers = count(1)


def measure() -> list[Figure]:
    """Bring local AWS up, and time both functions in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, ".bench")
        stack = local.up(os.environ, folder=folder)
        try:
            return _measure(stack)
        finally:
            local.down(folder)


def _measure(stack: local.Stack) -> list[Figure]:
    access: Any = {
        "endpoint_url": stack.aws_endpoint,
        "region_name": stack.region,
        "aws_access_key_id": "bench",
        "aws_secret_access_key": "bench",
    }
    client = boto3.client("lambda", config=Config(max_pool_connections=AT_ONCE), **access)
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    _install(stack)
    _make_bare(client, _role_of(client, stack))
    ways: dict[str, Callable[[], None]] = {
        "bare": partial(_call, client, BARE),
        "webhook": partial(_call, client, stack.functions["webhook"]),
    }
    for call in ways.values():
        call()  # the first start is in `bench_starts`
    single = {
        name: statistics.median(_time(call) for _ in range(TURNS)) for name, call in ways.items()
    }
    for call in ways.values():
        _warm(call)
    crowd = {
        name: min(_time(partial(_crowd, call)) for _ in range(3)) for name, call in ways.items()
    }
    return [
        _figure("a webhook, one by one", single, f"median of {TURNS}"),
        _figure(f"{AT_ONCE} webhooks at once, together", crowd, "best of 3, warm"),
    ]


def _figure(what: str, times: dict[str, float], how: str) -> Figure:
    taken = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in times.items())
    return Figure(what=what, value=times["webhook"] / times["bare"], note=f"{how}; {taken}")


def _install(stack: local.Stack) -> None:
    now = datetime.now(UTC)
    prefix = stack.tables["shops"].removesuffix("shops")
    shop = Shop(
        shop_id=SHOP_ID,
        state=ShopState.ACTIVE,
        cluster="eu1",
        language="nl",
        installed_at=now,
        changed_at=now,
    )
    open_tables(prefix, region=stack.region, host=stack.aws_endpoint).shops.add(shop)


def _role_of(client: Any, stack: local.Stack) -> str:
    found = client.get_function(FunctionName=stack.functions["webhook"])
    return str(found["Configuration"]["Role"])


def _make_bare(client: Any, role: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("bare.py", _BARE_CODE)
    client.create_function(
        FunctionName=BARE,
        Runtime="python3.13",
        Role=role,
        Handler="bare.answer",
        Code={"ZipFile": packed.getvalue()},
        MemorySize=512,
    )


def _time(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _crowd(call: Callable[[], None], size: int = AT_ONCE) -> None:
    with ThreadPoolExecutor(size) as pool:
        for done in [pool.submit(call) for _ in range(size)]:
            done.result()


def _warm(call: Callable[[], None]) -> None:
    """Let a few more start at a time: fifty at once would outlast the function's time here."""
    for size in range(STARTED_AT_ONCE, AT_ONCE + STARTED_AT_ONCE, STARTED_AT_ONCE):
        _crowd(call, min(size, AT_ONCE))


def _call(client: Any, function: str) -> None:
    answer = client.invoke(FunctionName=function, Payload=json.dumps(_make_event()).encode())
    said = json.loads(answer["Payload"].read())
    if answer.get("FunctionError") or said["statusCode"] != 200:
        raise RuntimeError(f"{function} answered {said}")


def _make_event() -> dict[str, Any]:
    """API Gateway's event for a webhook of an order that is new."""
    number = next(_numbers)
    made = datetime.now(UTC).isoformat()
    order = {"id": number, "number": f"ORD{number:06}", "createdAt": made}
    body = json.dumps({"order": order})
    secret = LOCAL_APP["SEOSHOP_APP_SECRET"]
    signature = hashlib.md5((body + secret).encode(), usedforsecurity=False).hexdigest()
    return {
        "resource": "/webhooks/{shop_id}/{topic}",
        "path": f"/webhooks/{SHOP_ID}/orders-paid",
        "httpMethod": "POST",
        "headers": {"X-Signature": signature, "Content-Type": "application/json"},
        "multiValueHeaders": {
            "X-Signature": [signature],
            "Content-Type": ["application/json"],
        },
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"shop_id": str(SHOP_ID), "topic": "orders-paid"},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/webhooks/{shop_id}/{topic}",
            "httpMethod": "POST",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


if __name__ == "__main__":
    print_figures("Webhooks on local AWS", measure())
