"""``make night``: play another night on what ``make demo`` left running.

What the shop has not reported yet is delivered, the daily export and the nightly watch run as
EventBridge starts them, and what came of it is printed for each shop.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from tools import local, sandboxes
from tools.demo import addresses, step
from tools.played_day import Day, scheduled_event


def main() -> None:
    """Play the night. Raises SystemExit when nothing is up."""
    folder = local.find_folder(os.environ)
    stack, where = local.load(folder), sandboxes.find_sandboxes(folder)
    day = Day(stack, where.shop_url, where.asperion_url, vies_url=where.vies_url)
    known = list_files(day)
    step("SEOshop delivers what it has not reported yet …")
    day.webhooks_delivered()
    step("The night: the daily export …")
    day.night()
    step("… and the watch that follows it.\n")
    day.invoke("watch", scheduled_event())
    day.queue_empty()
    for shop in list_shops(day):
        print(describe_shop(shop))
    print(describe_files(known, list_files(day)))
    print(addresses(day))


def list_shops(day: Day) -> Iterator[dict[str, Any]]:
    """All shops, each with everything that the function `shops` says of it."""
    after = 0
    while after is not None:
        page = day.invoke("shops", {"action": "list", "after": after})
        for line in page["shops"]:
            yield day.invoke("shops", {"shop_id": line["shop_id"]})
        after = page["next"]


def list_files(day: Day) -> dict[str, dict[str, Any]]:
    """The files in the inbox of every licence code that Asperion knows, by name."""
    return {
        file["name"]: {**file, "licence": licence}
        for licence in day.asperion("GET", "licences")
        for file in day.asperion("GET", f"{licence}/files")
    }


def describe_shop(shop: Mapping[str, Any]) -> str:
    """How the function `shops` says that a shop stands, in one line."""
    left = f"{shop['waiting']} waiting, {shop['held']} held"
    trouble = f", trouble: {shop['trouble']['cause']}" if shop["trouble"] else ""
    return f"Shop {shop['shop_id']} ({shop['state']}): {left}{trouble}."


def describe_files(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> str:
    """Which files arrived in between, and what to do next."""
    arrived = sorted(after.keys() - before.keys())
    if not arrived:
        return "No file: no paid order was waiting. Pay one in the webshop, and play again.\n"
    lines = [f"Arrived: {name} (licence code {after[name]['licence']})." for name in arrived]
    return "\n".join([*lines, "Click Synchroniseren on Asperion's import page.", ""])


if __name__ == "__main__":
    main()
