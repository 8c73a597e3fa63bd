"""The stand-in for VIES: what a person sees and switches, and what tests do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from sandbox.vies import Config, Running, serve

NUMBER, NOBODYS = "BE0403019261", "BE0123456749"


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve(Config(port=0)) as vies:
        yield vies


@pytest.fixture
def vies(running: Running) -> Running:
    running.register.reset()
    return running


def ask(vies: Running, number: str = NUMBER, **more: str) -> requests.Response:
    question = {"countryCode": number[:2], "vatNumber": number[2:], **more}
    return requests.post(f"{vies.api_url}/check-vat-number", json=question, timeout=30)


def read_page(vies: Running) -> str:
    answer = requests.get(vies.url, timeout=30)
    assert answer.status_code == 200
    assert "script" not in answer.text
    return answer.text


def switch(vies: Running, path: str, **fields: str) -> str:
    answer = requests.post(f"{vies.url}{path}", data=fields, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_number_is_in_use_unless_it_is_said_otherwise(vies: Running) -> None:
    assert ask(vies).json()["valid"] is True
    assert ask(vies, NOBODYS).json()["valid"] is False
    assert NOBODYS in read_page(vies)
    switch(vies, "/numbers", number="be 0403.019.261", in_use="no")
    assert ask(vies).json()["valid"] is False
    switch(vies, "/numbers", number=NUMBER, in_use="")
    assert ask(vies).json()["valid"] is True
    switch(vies, "/others", in_use="no")
    assert ask(vies).json()["valid"] is False


def test_the_page_lists_who_asked_for_what(vies: Running) -> None:
    ask(vies, requesterMemberStateCode="NL", requesterNumber="123456782B12")
    ask(vies, NOBODYS)
    page = read_page(vies)
    assert page.index(f"<td>{NOBODYS}</td>") < page.index(f"<td>{NUMBER}</td>")
    assert "<td>NL123456782B12</td>" in page
    answers = requests.get(f"{vies.url}/_control/register", timeout=30).json()["questions"]
    assert [each["answer"] for each in answers] == ["valid", "invalid"]


def test_what_is_no_number_is_refused_on_the_page_and_by_the_interface(vies: Running) -> None:
    answer = requests.post(
        f"{vies.url}/numbers", data={"number": "<b>", "in_use": "no"}, timeout=30
    )
    assert answer.status_code == 400
    assert "&lt;b&gt;" in answer.text
    for number in ("US123456789", "BE", "BE12-34"):
        refused = ask(vies, number)
        assert refused.status_code == 400
        assert refused.json()["errorWrappers"] == [{"error": "INVALID_INPUT"}]
    assert ask(vies, requesterMemberStateCode="GB", requesterNumber="980780684").json() == {
        "actionSucceed": False,
        "errorWrappers": [{"error": "INVALID_REQUESTER_INFO"}],
    }


def test_a_fault_of_the_page_stays_until_all_are_switched_off(vies: Running) -> None:
    page = switch(vies, "/faults", kind="state-unavailable", state="DE")
    assert "Het register van de lidstaat ligt eruit (DE)" in page
    for _ in range(2):
        assert "MS_UNAVAILABLE" in ask(vies, "DE136695976").text
        assert ask(vies).json()["valid"] is True
    switch(vies, "/faults/clear")
    assert ask(vies, "DE136695976").json()["valid"] is True


@pytest.mark.parametrize(
    "wish", [{"kind": "flood"}, {"kind": "down", "count": 0}, {"kind": "slow", "seconds": -1}, []]
)
def test_a_fault_that_there_is_not_is_named(vies: Running, wish: object) -> None:
    answer = requests.post(f"{vies.url}/_control/faults", json=wish, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]
