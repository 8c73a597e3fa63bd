"""What `make night` prints of a night."""

from __future__ import annotations

from typing import Any

from tools.night import describe_files, describe_shop, list_shops

PAGES = {0: {"shops": [{"shop_id": 1}, {"shop_id": 2}], "next": 2}}
LAST_PAGE = {"shops": [{"shop_id": 3}], "next": None}
FILE = {"name": "axml-orders-20261127-184520-002.xml", "licence": "DEMO-2014"}


def test_a_file_that_arrived_is_named_with_what_to_click() -> None:
    earlier = {"axml-orders-20261127-184520-001.xml": {"licence": "DEMO-2014"}}

    said = describe_files(earlier, {**earlier, FILE["name"]: FILE})

    assert said.splitlines() == [
        "Arrived: axml-orders-20261127-184520-002.xml (licence code DEMO-2014).",
        "Click Synchroniseren on Asperion's import page.",
    ]


def test_a_night_without_paid_orders_says_so() -> None:
    assert "no paid order was waiting" in describe_files({FILE["name"]: FILE}, {FILE["name"]: FILE})


def test_a_shop_is_one_line_with_what_waits_and_what_is_wrong() -> None:
    shop: dict[str, Any] = {
        "shop_id": 184520,
        "state": "active",
        "waiting": 2,
        "held": 1,
        "trouble": None,
    }

    assert describe_shop(shop) == "Shop 184520 (active): 2 waiting, 1 held."
    shop["trouble"] = {"cause": "inbox_refused", "since": "2026-11-27T01:15:00Z"}
    assert describe_shop(shop).endswith("1 held, trouble: inbox_refused.")


def test_every_shop_is_shown_whatever_page_it_is_on() -> None:
    class Fleet:
        def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
            assert function == "shops"
            if "shop_id" in event:
                return {**event, "held": 0}
            return PAGES.get(event["after"], LAST_PAGE)

    assert [each["shop_id"] for each in list_shops(Fleet())] == [1, 2, 3]  # type: ignore[arg-type]
