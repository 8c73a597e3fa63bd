"""Wrong settings on the stack: refused by name, before anything is placed."""

from __future__ import annotations

import pytest

from tests.stack.deeds import environment, files, order, states
from tools.played_day import Day


@pytest.mark.parametrize("missing", ["SEOSHOP_APP_KEY", "ASPERION_INBOX_URL"])
def test_a_function_without_a_setting_refuses_to_start_and_names_it(day: Day, missing: str) -> None:
    with (
        environment(day, "rerun", **{missing: None}),
        pytest.raises(RuntimeError, match=f"Missing setting: {missing}"),
    ):
        day.invoke("rerun", {"shop_id": day.shop_id})


def test_a_plain_http_inbox_beyond_this_machine_is_refused(day: Day) -> None:
    address = "http://inbox.example/{licence}/{file}"
    with (
        environment(day, "rerun", ASPERION_INBOX_URL=address),
        pytest.raises(RuntimeError, match="https"),
    ):
        day.invoke("rerun", {"shop_id": day.shop_id})


def test_a_broken_profile_fails_before_anything_is_placed_and_names_the_file(day: Day) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()

    with (
        environment(day, "rerun", AXML_PROFILE="nowhere-1.0"),
        pytest.raises(RuntimeError, match=r"nowhere-1\.0"),
    ):
        day.invoke("rerun", {"shop_id": day.shop_id})

    assert files(day) == []
    assert states(day) == {made["number"]: "waiting"}
