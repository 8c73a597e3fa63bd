"""What an order costs in the ledger, from its webhook until it is placed.

Units are those of a whole night of one shop, all functions together, on ministack and by
DynamoDB's published rules (see `tools.capacity`). The CPU time is that of the process that exports
alone; what it asks for is at work in other processes. Beside it stands what the same calls take in
that process when nothing is done with their answers: one GET an order by `requests`, and the calls
of DynamoDB by the AWS SDK.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import boto3

from chalicelib.adapters.dynamodb.schema import ORDERS as ORDERS_TABLE
from chalicelib.adapters.seoshop.ratelimit import SPACING
from tools import ministack
from tools.bench_figures import Figure, print_figures
from tools.capacity import Meter
from tools.ledger_night import PREFIX, Night, sandbox_shop, scratch
from tools.own_tables import create_tables

ORDERS = 250
NIGHTS = 2
BARE_CALLS = 100
_METER = Meter()


def measure() -> list[Figure]:
    """Units and CPU time an order."""
    _METER.watch_clients()
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    with scratch() as folder, sandbox_shop() as shop_url:
        given = {**os.environ, "AWS_LOCAL_PORT": "0"}
        endpoint = ministack.start(given, Path(folder))
        try:
            create_tables(PREFIX, region=ministack.REGION, host=endpoint)
            return _figures(shop_url, endpoint)
        finally:
            ministack.stop(Path(folder))


def _figures(shop_url: str, endpoint: str) -> list[Figure]:
    night = Night(shop_url, endpoint, shop_id=610001)
    night.receive(3)
    night.export()  # what a process does once is not an order's
    times = [_cpu_of_a_night(night) for _ in range(NIGHTS)]
    writes, reads, calls = _units_of_a_night(Night(shop_url, endpoint, shop_id=610002))
    get, call = _bare_cost(night.get_order), _bare_cost(_ask_table(endpoint))
    return [
        Figure(
            what="write units an order",
            value=writes,
            unit="units",
            goal=6,
            note="its own writes are 6.0; the file's and the shop's records come on top",
        ),
        Figure(what="read units an order", value=reads, unit="units", goal=3),
        Figure(
            what="CPU an order, export",
            value=min(times),
            unit="ms",
            goal=4,
            note=f"bare calls take {get + calls * call:.1f}: a GET by requests {get:.1f}, and "
            f"{calls:.2f} calls of DynamoDB at {call:.1f} or more",
        ),
    ]


def _units_of_a_night(night: Night) -> tuple[float, float, float]:
    """Of an order: units written and read, and how many calls the export makes."""
    _METER.start(night.tables_url, ministack.REGION)
    night.receive(ORDERS)
    before = _METER.calls.total()
    night.export()
    calls = _METER.calls.total() - before
    night.watch()
    _METER.is_on = False
    if os.environ.get("BENCH_CALLS"):
        _print_calls()
    return _METER.write_units / ORDERS, _METER.read_units / ORDERS, calls / ORDERS


def _cpu_of_a_night(night: Night) -> float:
    """Milliseconds an order."""
    night.receive(ORDERS)
    started = time.process_time()
    night.export()
    return (time.process_time() - started) / ORDERS * 1000


def _bare_cost(call: Callable[[], object]) -> float:
    """Milliseconds of CPU of a call, at the pace of an export: what waits has to be woken up."""
    call()
    started = time.process_time()
    for _ in range(BARE_CALLS):
        call()
        time.sleep(SPACING.total_seconds())
    return (time.process_time() - started) / BARE_CALLS * 1000


def _ask_table(endpoint: str) -> Callable[[], object]:
    """The least that a call of DynamoDB can be: an item that is not there."""
    client = boto3.client("dynamodb", endpoint_url=endpoint, region_name=ministack.REGION)
    key = {"shop_id": {"N": "1"}, "key": {"S": "none"}}
    return partial(client.get_item, TableName=PREFIX + ORDERS_TABLE, Key=key)


def _print_calls() -> None:
    for name, count in _METER.calls.most_common():
        units = _METER.writes[name] + _METER.reads[name]
        print(f"  {name:40}{count:7}{units:9.1f}")
    refused = {name: n for name, n in _METER.writes.items() if name.endswith("refused")}
    print(f"  {refused}")


if __name__ == "__main__":
    print_figures("The ledger", measure())
