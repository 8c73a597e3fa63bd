"""What the connector costs a month, and how long its nights are, for fleets of several sizes.

``python -m tools.scale`` writes the tables of docs/scale.md anew, from the figures of
``tools/scale.toml``: those that `make bench` measured, and AWS's list prices.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
DAYS = 30.4  # of a month
FLEETS = (100, 1_000, 10_000)
ORDERS = (20, 200)  # a shop and day
MILLION, GB = 1e6, 1e9
DAY_ALLOWANCE = 12_000
"""Calls that SEOshop allows an app in a shop in a day, where it has not granted more."""


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """List prices in dollars; those of requests and units are for a million. `euro` is a dollar's
    worth.
    """

    write_units: float
    read_units: float
    stored_gb: float
    backup_gb: float
    gb_seconds: float
    invocations: float
    api_calls: float
    queue_requests: float
    key_requests: float
    logged_gb: float
    metric: float
    alarm: float
    euro: float


class OfOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an order takes: units of DynamoDB, calls of SEOshop's API, milliseconds on the clock."""

    write_units: float
    read_units: float
    calls: float
    webhooks: float
    stored_bytes: float
    webhook_ms: float
    read_ms: float


class OfNight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a night of one shop takes besides its orders."""

    calls: float
    write_units: float
    read_units: float
    run_ms: float
    watch_ms: float
    key_requests: float
    log_bytes: float
    messages: float


class OfInstallation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What does not depend on how many shops there are."""

    memory_gb: float
    webhook_memory_gb: float
    metrics: float
    alarms: float
    idle_queue_requests: float


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``tools/scale.toml``."""

    prices: Prices
    order: OfOrder
    night: OfNight
    installation: OfInstallation


@dataclass(frozen=True, slots=True)
class Month:
    """A month of `shops` shops with so many `orders` a day each."""

    figures: Figures
    shops: int
    orders: int

    @property
    def nights(self) -> float:
        """Nights of one shop."""
        return self.shops * DAYS

    @property
    def sold(self) -> float:
        """Orders."""
        return self.nights * self.orders

    @property
    def write_units(self) -> float:
        """Write units of DynamoDB."""
        of = self.figures
        return self.sold * of.order.write_units + self.nights * of.night.write_units

    @property
    def read_units(self) -> float:
        """Read units of DynamoDB."""
        of = self.figures
        return self.sold * of.order.read_units + self.nights * of.night.read_units

    @property
    def seconds_of_night(self) -> float:
        """How long one shop is worked on in a night, export and watch together."""
        of = self.figures
        return (of.night.run_ms + of.night.watch_ms + self.orders * of.order.read_ms) / 1000

    @property
    def invocations(self) -> float:
        """Of all functions."""
        of = self.figures
        return self.sold * of.order.webhooks + self.nights * of.night.messages

    @property
    def gb_seconds(self) -> float:
        """Of all functions."""
        of, own = self.figures, self.figures.installation
        webhooks = self.sold * of.order.webhooks * of.order.webhook_ms / 1000
        return (
            self.nights * self.seconds_of_night * own.memory_gb + webhooks * own.webhook_memory_gb
        )

    def list_costs(self) -> dict[str, float]:
        """Euro a month, by what is paid for. Storage is that of a year's orders."""
        of, own, price = self.figures, self.figures.installation, self.figures.prices
        stored = self.sold * 12 * of.order.stored_bytes / GB
        queue = self.nights * of.night.messages * 3 + own.idle_queue_requests
        dollars = {
            "tables": (self.write_units * price.write_units + self.read_units * price.read_units)
            / MILLION,
            "storage": stored * (price.stored_gb + price.backup_gb),
            "functions": (self.gb_seconds * price.gb_seconds + self.invocations * price.invocations)
            / MILLION,
            "webhooks": self.sold * of.order.webhooks * price.api_calls / MILLION,
            "queue and keys": (
                queue * price.queue_requests
                + self.nights * of.night.key_requests * price.key_requests
            )
            / MILLION,
            "logs and alarms": self.nights * of.night.log_bytes / GB * price.logged_gb
            + own.metrics * price.metric
            + own.alarms * price.alarm,
        }
        return {name: amount * price.euro for name, amount in dollars.items()}

    def hours(self, concurrency: int) -> float:
        """How long the night is with so many shops side by side, in hours."""
        return self.shops * self.seconds_of_night / concurrency / 3600

    @property
    def least_concurrency(self) -> int:
        """How many shops side by side make the night three hours long."""
        return max(1, -(-int(self.shops * self.seconds_of_night) // (3 * 3600)))


def read_figures(path: Path = ROOT / "tools" / "scale.toml") -> Figures:
    """The figures that all is reckoned from."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Figures)


def write_tables(figures: Figures) -> dict[str, str]:
    """The tables of the page, by the names of their marks."""
    months = [Month(figures, shops, orders) for orders in ORDERS for shops in FLEETS]
    return {
        "use": "\n".join(_list_use(months)),
        "costs": "\n".join(_list_costs(months)),
        "nights": "\n".join(_list_nights(months)),
    }


def _begin(*columns: str) -> Iterator[str]:
    """The head of a table whose lines begin with the fleet's size and its trade."""
    names = ("shops", "orders a shop and day", *columns)
    yield f"| {' | '.join(names)} |"
    yield "|" + " --: |" * len(names)


def _list_use(months: list[Month]) -> Iterator[str]:
    yield from _begin("orders a month", "write units", "read units", "invocations", "GB-seconds")
    for one in months:
        counts = (one.sold, one.write_units, one.read_units, one.invocations, one.gb_seconds)
        written = " | ".join(map(_write_count, counts))
        yield f"| {one.shops:,} | {one.orders} | {written} |"


def _list_costs(months: list[Month]) -> Iterator[str]:
    yield from _begin(*months[0].list_costs(), "together", "a shop", "a thousand orders")
    for one in months:
        costs = one.list_costs()
        whole = sum(costs.values())
        written = " | ".join(f"{amount:,.2f}" for amount in costs.values())
        each = f"{whole / one.shops:,.3f} | {whole / one.sold * 1000:,.3f}"
        yield f"| {one.shops:,} | {one.orders} | {written} | {whole:,.2f} | {each} |"


def _list_nights(months: list[Month]) -> Iterator[str]:
    yield from _begin(
        "a shop takes",
        "night with 20 side by side",
        "side by side for three hours",
        "calls of SEOshop a shop, of 12,000 a day",
    )
    for one in months:
        of = one.figures
        calls = one.orders * of.order.calls + of.night.calls
        yield (
            f"| {one.shops:,} | {one.orders} | {one.seconds_of_night:.0f} s |"
            f" {one.hours(20):.1f} h | {one.least_concurrency} |"
            f" {calls:,.0f} ({calls / DAY_ALLOWANCE:.1%}) |"
        )


def _write_count(number: float) -> str:
    for size, sign in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= size:
            return f"{number / size:.1f}{sign}"
    return f"{number:.0f}"


def fill_page(text: str, tables: dict[str, str]) -> str:
    """The page with its tables as they are now. Raises `ValueError` for a mark that is missing."""
    for name, table in tables.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        head, found, rest = text.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"docs/scale.md has no marks for {name}")
        text = f"{head}{begin}{table}\n{end}{tail}"
    return text


def main() -> None:
    """Write the page anew."""
    filled = fill_page(PAGE.read_text(encoding="utf-8"), write_tables(read_figures()))
    PAGE.write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    main()
