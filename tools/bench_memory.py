"""How much memory a run takes by the number of orders that it files.

Each run is a process of its own. What it works with (the tables, SEOshop, the inbox) is in another
process beside it, so that all it hears is made anew in its memory, as it is of an answer, and what
it keeps is its own. SEOshop's pace is lifted.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.adapters.seoshop.many_reads import read_many
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import Hint
from chalicelib.errors import ShopError
from chalicelib.usecases.filing.export import Job, export_shop
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.documents_of_shop import order
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles
from tests.fakes.seoshop import MemorySeoshop
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage
from tools.bench_figures import Figure, print_figures

SIZES = (250, 2_500, 12_000)
GOAL = 1.1
R = TypeVar("R")


def measure() -> list[Figure]:
    """The peak of each run, as a ratio to that of the smallest."""
    peaks = [_measure_apart(orders) for orders in SIZES]
    least = (peaks[0], SIZES[0])
    return [
        Figure(
            what=f"memory of a run of {orders:,} orders, to {SIZES[0]}",
            value=peak / peaks[0],
            goal=GOAL,
            note=_describe(peak - least[0], orders - least[1], peak),
        )
        for orders, peak in zip(SIZES, peaks, strict=True)
    ]


def _describe(more: int, orders: int, peak: int) -> str:
    """`peak` and what is `more` than the smallest run's are in KiB, for so many `orders` more."""
    said = f"{peak / 1024:.1f} MiB at its peak"
    if orders:
        said += f": {more * 1024 / orders:.0f} bytes an order for what a run keeps of it to its end"
    return said


def _measure_apart(orders: int) -> int:
    command = [sys.executable, "-m", "tools.bench_memory", str(orders)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


class _Outside:
    """All that is not the run, in a process of its own."""

    def __init__(self, orders: int) -> None:
        self.parts: dict[str, Any] = {
            "shop": MemorySeoshop(clock=lambda: FIRST_NIGHT),
            "entries": MemoryEntries(),
            "files": MemoryFiles(),
            "inbox": MemoryInbox(),
        }
        recorded = order()
        for number in range(1, orders + 1):
            made = replace(
                recorded,
                id=301_000_000 + number,
                number=f"ORD{number:06d}",
                email=f"klant{number}@example.nl",
                created_at=FIRST_NIGHT - timedelta(hours=5),
                updated_at=FIRST_NIGHT - timedelta(hours=4),
                invoices=(),
            )
            self.parts["shop"].put(made)
            hint = Hint.of_order(made)
            self.parts["entries"].record_hint(SHOP_ID, hint, at=FIRST_NIGHT, by=Actor.WEBHOOK)

    def call(self, part: str, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call a method of one of the parts."""
        found = getattr(self.parts[part], name)(*given, **named)
        return list(found) if isinstance(found, Generator) else found


class _Manager(BaseManager):
    pass


_Manager.register("Outside", _Outside, exposed=["call"])


class _Remote:
    """One of the parts, as the run reaches it."""

    def __init__(self, outside: Any, part: str) -> None:
        self._outside, self._part = outside, part

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, *given: Any, **named: Any) -> Any:
        return self._outside.call(self._part, name, given, named)


class _RemoteShop(_Remote):
    def read_many(self, reads: Sequence[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
        return read_many(reads)


def _run(orders: int) -> None:
    """Print the peak of this process, in KiB."""
    with _Manager() as manager:
        outside = manager.Outside(orders)  # type: ignore[attr-defined]
        shop: Any = _RemoteShop(outside, "shop")
        parts: dict[str, Any] = {name: _Remote(outside, name) for name in ("entries", "files")}
        inbox: Any = _Remote(outside, "inbox")
        connector = replace(
            Stage().connector,
            open_shop=lambda _: shop,
            open_inbox=lambda _: inbox,
            **parts,
        )
        run = export_shop(connector, Job(shop_id=SHOP_ID, run="bench"))
        filed = sum(file.orders for file in run.files)
        if filed != orders:
            raise RuntimeError(f"{filed} of {orders} orders were filed.")
    print(_read_peak())


def _read_peak() -> int:
    """The most memory that this process had, in KiB: not as `resource` has it, which begins with
    that of the process that started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def main() -> None:
    """Print the figures; with a number, the peak of a run of so many orders."""
    if len(sys.argv) > 1:
        _run(int(sys.argv[1]))
    else:
        print_figures("Memory of a run", measure())


if __name__ == "__main__":
    main()
