"""What claiming the documents of one import file costs, and recording later that they are placed.

Each way does both for 250 documents on ministack, a process of its own. Printed are the client's
CPU time and its ratio to today's way, the time on the clock, the calls, and the write units that
ministack answers: from hint to placed, thus with the hint's own. Why today's way is today's:
docs/architecture.md.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tools import claim_writes as writes
from tools import ministack
from tools.claim_senders import DOCUMENTS, Sender
from tools.claim_writes import PREFIX
from tools.own_tables import create_tables

ROUNDS = 5


def _ways(s: Sender) -> dict[str, Sequence[Callable[[], None]]]:
    """How to claim and how to place, by name; today's way first."""
    today = (writes.CLAIM_EVENT, writes.PLACE_EVENT)
    quiet = (writes.QUIET_CLAIM, writes.QUIET_PLACE)
    former = (writes.FORMER_CLAIM, writes.FORMER_PLACE)
    return {
        "quiet, batches (today)": [partial(s.by_adapter, event) for event in today],
        "quiet, one by one": [partial(s.by_adapter_singly, event) for event in today],
        "quiet, UpdateItem": [partial(s.singly, write) for write in quiet],
        "quiet, transactions": [partial(s.in_transactions, write) for write in quiet],
        "quiet, PartiQL": [partial(s.in_batches, write) for write in quiet],
        "former, UpdateItem": [partial(s.singly, write) for write in former],
        "former, transactions": [partial(s.in_transactions, write) for write in former],
        "filed, UpdateItem": [s.read_all, partial(s.singly, writes.FILED_PLACE)],
        "filed, transactions": [s.read_all, partial(s.in_transactions, writes.FILED_PLACE)],
    }


def main() -> None:
    """Print the table."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    with tempfile.TemporaryDirectory() as folder:
        endpoint = ministack.start(os.environ, Path(folder))
        try:
            create_tables(PREFIX, region=ministack.REGION, host=endpoint)
            _print(Sender(endpoint))
        finally:
            ministack.stop(Path(folder))


def _print(sender: Sender) -> None:
    ways = _ways(sender)
    best: dict[str, list[float]] = {name: [float("inf")] * 4 for name in ways}
    for _ in range(ROUNDS):  # in turn, so that a busy moment strikes all alike
        for name, steps in ways.items():
            best[name] = [min(pair) for pair in zip(best[name], _run(sender, steps), strict=True)]
    base = sum(next(iter(best.values()))[:2])
    sender.counts = True
    print(f"{DOCUMENTS} documents, best of {ROUNDS}; CPU in µs and write units a document")
    print(f"{'':34}{'claim':>7}{'place':>7}{'ratio':>7}{'wall s':>8}{'calls':>7}{'units':>7}")
    for name, steps in ways.items():
        claim, place, wall, calls = best[name]
        _run(sender, steps)
        print(
            f"{name:34}{claim / DOCUMENTS * 1e6:7.0f}{place / DOCUMENTS * 1e6:7.0f}"
            f"{(claim + place) / base:7.2f}{wall:8.2f}{calls:7.0f}"
            f"{(sender.hint_units + sender.units) / DOCUMENTS:7.1f}"
        )


def _run(sender: Sender, steps: Sequence[Callable[[], None]]) -> list[float]:
    """The CPU seconds of both steps, the seconds on the clock, and the calls."""
    sender.reset()
    started, cpu = time.perf_counter(), [time.process_time()]
    for step in steps:
        step()
        cpu.append(time.process_time())
    wall = time.perf_counter() - started
    return [cpu[1] - cpu[0], cpu[2] - cpu[1], wall, sender.calls]


if __name__ == "__main__":
    main()
