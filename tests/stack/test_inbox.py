"""The inbox in trouble, on the stack: exactly one file, whatever becomes of an answer."""

from __future__ import annotations

import pytest

from tests.stack.deeds import (
    at_rest,
    environment,
    export,
    file_states,
    files,
    invoiced,
    order,
    states,
    time_passes,
)
from tools.played_day import Day, until


@pytest.fixture
def lost(day: Day, request: pytest.FixtureRequest) -> str:
    """An order whose file was sent, and whose acknowledgement never came; its number."""
    day.install()
    made = order(day)
    day.webhooks_delivered()
    day.asperion("POST", "faults", {"kind": request.param, "licence": day.licence})
    export(day)
    return str(made["number"])


@pytest.mark.parametrize("lost", ["lost-before", "lost-after"], indirect=True)
def test_a_lost_acknowledgement_is_unknown_and_later_exactly_one_file(day: Day, lost: str) -> None:
    assert list(file_states(day).values()) == ["unknown"]
    assert states(day) == {lost: "claimed"}

    export(day)
    assert list(file_states(day).values()) == ["unknown"], "it is too early to be sure"

    time_passes(day, minutes=6)
    export(day)

    assert list(file_states(day).values()) == ["placed"]
    assert states(day) == {lost: "placed"}
    assert files(day) == list(file_states(day))
    assert invoiced(day) == [lost]


@pytest.mark.parametrize("lost", ["truncated-lost"], indirect=True)
def test_half_a_file_waits_for_a_person(day: Day, lost: str) -> None:
    time_passes(day, minutes=6)
    export(day)

    assert list(file_states(day).values()) == ["unknown"]
    assert states(day) == {lost: "claimed"}
    line = day.invoke("shops", {"shop_id": day.shop_id})
    assert line["attention"] is True
    assert line["unknown_files"] == list(file_states(day))


@pytest.mark.parametrize("lost", ["lost-after"], indirect=True)
def test_an_inbox_that_cannot_be_asked_waits_and_a_person_confirms(day: Day, lost: str) -> None:
    day.asperion("POST", "faults", {"kind": "head-405", "count": 9, "licence": day.licence})
    time_passes(day, minutes=6)
    export(day)
    name = next(iter(file_states(day)))
    assert file_states(day) == {name: "unknown"}

    day.invoke("rerun", {"shop_id": day.shop_id, "file": name, "settle": "confirm"})

    assert file_states(day) == {name: "placed"}
    assert states(day) == {lost: "placed"}
    assert invoiced(day) == [lost]


@pytest.mark.parametrize("lost", ["lost-before"], indirect=True)
def test_an_inbox_that_cannot_be_asked_waits_and_a_person_sends_again(day: Day, lost: str) -> None:
    day.asperion("POST", "faults", {"kind": "head-405", "count": 9, "licence": day.licence})
    name = next(iter(file_states(day)))
    wish = {"shop_id": day.shop_id, "file": name, "settle": "again"}

    with pytest.raises(RuntimeError, match="may still arrive"):
        day.invoke("rerun", wish)
    time_passes(day, minutes=6)
    day.invoke("rerun", {**wish, "dry_run": True})
    assert file_states(day) == {name: "unknown"}

    day.invoke("rerun", wish)
    assert states(day) == {lost: "waiting"}
    export(day)
    assert invoiced(day) == [lost]
    assert len(files(day)) == 1


@pytest.mark.parametrize("lost", ["lost-before"], indirect=True)
def test_an_order_changed_meanwhile_goes_under_a_new_name_once_the_old_is_proven_absent(
    day: Day, lost: str
) -> None:
    first = next(iter(file_states(day)))
    known = day.shop("GET", f"orders?shop_id={day.shop_id}")["orders"][0]["id"]
    day.shop("POST", f"orders/{known}/edit", {"lines": [{"title": "Lamp", "priceIncl": "39.95"}]})
    time_passes(day, minutes=6)

    export(day)

    assert file_states(day)[first] == "void"
    assert files(day) == [name for name, state in file_states(day).items() if state == "placed"]
    assert invoiced(day) == [lost]


@pytest.mark.parametrize("trouble", ["401", "403", "507"])
def test_an_inbox_that_refuses_leaves_the_orders_waiting_for_the_next_run(
    day: Day, trouble: str
) -> None:
    day.install()
    made = order(day)
    day.asperion("POST", "faults", {"kind": trouble, "licence": day.licence})

    export(day)
    assert files(day) == []
    assert states(day) == {made["number"]: "waiting"}

    export(day)
    assert invoiced(day) == [made["number"]]
    assert len(files(day)) == 1


@pytest.mark.parametrize("trouble", ["500", "503"])
def test_an_inbox_that_breaks_is_asked_before_anything_is_sent_again(
    day: Day, trouble: str
) -> None:
    day.install()
    made = order(day)
    day.asperion("POST", "faults", {"kind": trouble, "licence": day.licence})

    export(day)
    assert list(file_states(day).values()) == ["unknown"]

    time_passes(day, minutes=6)
    export(day)
    assert invoiced(day) == [made["number"]]
    assert len(files(day)) == 1


@pytest.mark.parametrize("trouble", ["lost-before", "lost-after"])
def test_a_lost_acknowledgement_heals_by_itself_without_another_night(
    day: Day, trouble: str
) -> None:
    day.install()
    made = order(day)
    with environment(day, "export_shop", INBOX_PROOF_DELAY="2"):
        day.asperion("POST", "faults", {"kind": trouble, "licence": day.licence})

        export(day)

        until(
            lambda: states(day) == {made["number"]: "placed"},
            what="the connector to ask the inbox by itself",
            seconds=30,
        )
        until(lambda: at_rest(day), what="the last message")  # new settings kill who is at work
    assert invoiced(day) == [made["number"]]
    assert len(files(day)) == 1


@pytest.mark.parametrize(
    "faults",
    [
        {"repeated": 1, "head-404": 1},  # a proxy sent it twice, and another server is asked
        {"page": 2},  # a page to sign in, to the file and to the question
        {"page": 1},
        {"head-404": 1},  # it shows the file only after a while
    ],
    ids="+".join,
)
def test_an_answer_that_contradicts_what_the_inbox_shows_ends_in_one_file(
    day: Day, faults: dict[str, int]
) -> None:
    day.install()
    made = order(day)
    for kind, count in faults.items():
        day.asperion("POST", "faults", {"kind": kind, "count": count, "licence": day.licence})

    export(day)
    assert list(file_states(day).values()) == ["unknown"]
    assert states(day) == {made["number"]: "claimed"}

    time_passes(day, minutes=6)
    export(day)
    assert list(file_states(day).values()) == ["placed"]
    assert invoiced(day) == [made["number"]]


@pytest.mark.parametrize("fault", ["repeated", "head-405", "head-no-digest"])
def test_a_file_that_the_inbox_shows_or_cannot_be_asked_about_is_placed(
    day: Day, fault: str
) -> None:
    day.install()
    made = order(day)
    day.asperion("POST", "faults", {"kind": fault, "licence": day.licence})

    export(day)

    assert list(file_states(day).values()) == ["placed"]
    assert invoiced(day) == [made["number"]]


@pytest.mark.parametrize("lost", ["lost-before"], indirect=True)
def test_a_file_that_was_given_up_and_is_there_is_red_until_a_person_dealt_with_it(
    day: Day, lost: str
) -> None:
    name = next(iter(file_states(day)))
    wish = {"shop_id": day.shop_id, "file": name}
    day.asperion("POST", "faults", {"kind": "head-405", "count": 9, "licence": day.licence})
    time_passes(day, minutes=6)
    day.invoke("rerun", {**wish, "settle": "again"})
    export(day)
    assert invoiced(day) == [lost]

    day.invoke("rerun", {**wish, "settle": "confirm"})
    assert file_states(day)[name] == "double"
    line = day.invoke("shops", {"shop_id": day.shop_id})
    assert (line["attention"], line["double_files"]) == (True, [name])

    day.invoke("rerun", {**wish, "settle": "resolved"})
    assert file_states(day)[name] == "placed"
