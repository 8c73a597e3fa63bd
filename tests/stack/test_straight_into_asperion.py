"""A connected shop on the stack: each order is one invoice in its administration, whatever goes
wrong on the way.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.stack.deeds import (
    connect,
    export,
    file_states,
    name_user,
    order,
    rows,
    send,
    states,
    time_passes,
)
from tools.connected_day import open_account
from tools.page_forms import send_form
from tools.played_day import Day

POSTED = "salesinvoiceswithlines"


@pytest.fixture
def connected(day: Day) -> Day:
    """A shop whose orders go straight into Asperion."""
    day.install()
    connect(day)
    return day


def spoil(day: Day, kind: str, **how: object) -> None:
    """The next invoice that is posted to this administration meets a fault."""
    fault = {"kind": kind, "licence": day.licence, "method": "POST", "path": POSTED, **how}
    day.asperion("POST", "api/faults", fault)


def booked(day: Day) -> list[str]:
    """Order numbers of the invoices in the administration, doubles and all."""
    return sorted(each["description"].split()[1] for each in day.invoices())


def held(day: Day) -> dict[str, tuple[str, str]]:
    """Why the held orders of the shop are, with the detail, by number."""
    return {
        row["number"]: (row["hold"], row.get("hold_detail", ""))
        for row in rows(day, "orders")
        if row["state"] == "held"
    }


def numbers(*orders: dict[str, object]) -> Sequence[str]:
    return sorted(str(each["number"]) for each in orders)


def read_page(day: Day, path: str = "") -> str:
    answer = day.browser.get(f"{day.stack.api_url}/{path}", timeout=60)
    assert answer.ok, answer.text[:300]
    return answer.text


def test_a_lost_answer_ends_in_one_invoice_whether_or_not_it_was_stored(connected: Day) -> None:
    day, sold = connected, list[dict[str, object]]()
    for kind, is_stored in (("lost-before", False), ("lost-after", True)):
        before = booked(day)
        sold += [order(day), order(day)]
        spoil(day, kind)

        export(day)
        assert list(file_states(day).values()).count("unknown") == 1
        assert len(booked(day)) == len(before) + is_stored

        export(day)
        assert list(file_states(day).values()).count("unknown") == 1, "it is too early to be sure"
        time_passes(day, minutes=6)
        export(day)

        assert set(states(day).values()) == {"placed"}
        assert booked(day) == numbers(*sold)
    assert set(file_states(day).values()) == {"placed", "void"}


def test_orders_wait_while_asperion_lets_nobody_in_and_are_all_in_afterwards(
    connected: Day,
) -> None:
    day = connected
    sold = [order(day), order(day)]
    spoil(day, "token-ends")
    export(day)
    assert booked(day) == numbers(*sold), "a token that has ended is renewed on the way"

    sold += [order(day), order(day)]
    spoil(day, "status", status=401, count=2)
    export(day)
    assert sorted(set(states(day).values())) == ["placed", "waiting"]
    export(day)
    assert booked(day) == numbers(*sold)

    sold += [order(day), order(day)]
    day.asperion("DELETE", f"api/grants?user={name_user(day)}")
    export(day)
    assert list(states(day).values()).count("waiting") == 2
    overview = read_page(day)
    assert "Asperion laat de koppeling niet meer toe" in overview
    assert "/connect" in overview
    open_account(day, user=name_user(day))
    day.queue_empty()
    assert booked(day) == numbers(*sold), "nothing but the sign-in was needed"

    sold.append(order(day))
    administration = f"api/administrations/{day.licence}"
    day.asperion("POST", administration, {"is_closed": True})
    export(day)
    assert list(states(day).values()).count("waiting") == 1
    assert "Asperion geeft de koppeling geen toegang tot uw administratie" in read_page(day)
    day.asperion("POST", administration, {"is_closed": False})
    export(day)
    assert booked(day) == numbers(*sold)
    assert "geen toegang tot uw administratie" not in read_page(day)


def test_an_order_whose_vat_code_is_gone_is_held_until_another_is_chosen(connected: Day) -> None:
    day = connected
    day.asperion("DELETE", f"{day.licence}/codes/0")
    without = order(day, lines=[{"title": "Boek", "priceIncl": "20.00", "rate": "0"}])
    other = order(day)

    export(day)

    assert booked(day) == numbers(other)
    assert held(day) == {without["number"]: ("asperion_refused", "vat_code")}
    assert "Asperion neemt de btw-code die u koos niet aan." in read_page(
        day, f"orders/{without['number']}"
    )
    page = day.browser.get(f"{day.stack.api_url}/connect/proposal", timeout=60)
    send_form(day.browser, page, "journal", **{"code:domestic:NL:0": "0V"})
    export(day)
    assert booked(day) == numbers(without, other)
    assert held(day) == {}


def test_a_shop_moves_between_both_ways_in_the_middle_of_a_day_and_is_read_back(day: Day) -> None:
    day.install()
    by_file = order(day)
    day.asperion("POST", "faults", {"kind": "lost-after", "licence": day.licence})
    export(day)
    assert states(day) == {by_file["number"]: "claimed"}
    connect(day)
    by_api = order(day)
    time_passes(day, minutes=6)
    export(day)
    assert set(states(day).values()) == {"placed"}

    moving = order(day)
    spoil(day, "lost-before")
    export(day)
    assert states(day)[moving["number"]] == "claimed", "it may be in Asperion"
    page = day.browser.get(f"{day.stack.api_url}/connect/off", timeout=60)
    send_form(day.browser, page, "action")
    last = order(day)
    time_passes(day, minutes=6)
    export(day)

    assert set(states(day).values()) == {"placed"}
    day.synchronise()
    assert booked(day) == numbers(by_file, by_api, moving, last)
    straight = [each for each in day.invoices() if each["way"] == "api"]
    assert [each["description"].split()[1] for each in straight] == [by_api["number"]]

    day.asperion("DELETE", f"{day.licence}/invoices/{straight[0]['id']}")
    send(day, {"shop_id": day.shop_id, "task": "watch"})
    day.queue_empty()
    assert "in Asperion verwijderd" in read_page(day, f"orders/{by_api['number']}")
