"""A licence code that is changed between two exports: each file is where it belongs, and the shop's
contact is told by mail.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from tests.stack.deeds import audit, export, file_states, order, rows, send, standing, time_passes
from tools import ministack
from tools.played_day import Day

SENDER = "koppeling@connector.example"
CONTACT = "info@example.nl"  # what the sandbox's shops say of themselves


def change_licence(day: Day, code: str) -> requests.Response:
    """Both steps of the page."""
    address = f"{day.stack.api_url}/licence"
    shown = day.browser.post(address, data={"licence": code}, timeout=60)
    assert shown.status_code == 200, shown.text
    assert code in shown.text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    return day.browser.post(address, data=fields, timeout=60)


def names(day: Day, code: str) -> list[str]:
    """The files in the inbox of a licence code."""
    return [file["name"] for file in day.asperion("GET", f"{code}/files")]


def mails(day: Day) -> list[dict[str, Any]]:
    """All that local AWS sent."""
    found = requests.get(ministack.find_mails(day.stack.aws_endpoint), timeout=60).json()
    accounts = found["messages"] if isinstance(found, dict) else found
    listed = accounts.values() if isinstance(accounts, dict) else [accounts]
    return [mail for each in listed for mail in each]


def test_each_file_is_in_the_inbox_of_its_time_and_the_contact_is_notified(day: Day) -> None:
    day.install()
    new = f"NIEUW-{day.shop_id}"
    order(day)
    day.webhooks_delivered()
    export(day)

    page = change_licence(day, new)
    order(day)
    day.webhooks_delivered()
    export(day)

    first, second = sorted(file_states(day))
    assert (names(day, day.licence), names(day, new)) == ([first], [second])
    old_end, new_end = f"••{day.licence[-2:]}", f"••{new[-2:]}"
    assert f"van {old_end} naar {new_end}" in page.text
    assert audit(day)[-2:] == ["licence changed", "contact told"]
    [mail] = [one for one in mails(day) if f"Winkel {day.shop_id}" in str(one)]
    assert mail["To"] == [CONTACT]
    assert f"van {old_end} naar {new_end}" in str(mail)
    assert "hulp@connector.example" in str(mail)
    for secret in (day.licence, new):
        assert secret not in page.text + str(mail) + str(rows(day, "shops"))
    assert CONTACT not in page.text + str(rows(day, "shops"))


def test_a_mail_that_is_not_taken_loses_no_change_and_goes_out_later(day: Day) -> None:
    """SES takes no mail from an address that is not verified."""
    ses = day.client("sesv2")
    day.install()
    ses.delete_email_identity(EmailIdentity=SENDER)
    try:
        page = change_licence(day, f"NIEUW-{day.shop_id}")
    finally:
        ses.create_email_identity(EmailIdentity=SENDER)

    assert "kon nog niet worden gemaild" in page.text
    assert audit(day)[-2:] == ["licence changed", "contact not told"]
    assert CONTACT not in page.text + str(rows(day, "shops"))
    send(day, {"shop_id": day.shop_id, "run": "test", "task": "watch"})
    day.queue_empty()
    assert "contact told" in audit(day)
    assert "heeft een e-mail gekregen" in day.browser.get(day.stack.api_url, timeout=60).text


@pytest.mark.parametrize("fault", ["lost-before", "lost-after"])
def test_a_file_whose_answer_was_lost_is_asked_about_at_the_old_code(day: Day, fault: str) -> None:
    day.install()
    new = f"NIEUW-{day.shop_id}"
    made = order(day)
    day.webhooks_delivered()
    day.asperion("POST", "faults", {"kind": fault, "licence": day.licence})
    export(day)
    assert list(file_states(day).values()) == ["unknown"]

    change_licence(day, new)
    time_passes(day, minutes=6)
    export(day)

    arrived = fault == "lost-after"
    assert len(names(day, day.licence)) == int(arrived)
    assert len(names(day, new)) == int(not arrived)
    expected = ["placed"] if arrived else ["void", "placed"]
    assert [state for _, state in sorted(file_states(day).items())] == expected
    assert {row["number"]: row["state"] for row in rows(day, "orders")} == {
        made["number"]: "placed"
    }


def test_the_settings_change_no_code(day: Day) -> None:
    day.install()
    before = standing(day)["sealed_licence"]

    answer = day.browser.post(
        f"{day.stack.api_url}/settings", data={"licence": "NIEUW-0017"}, timeout=60
    )

    assert "NIEUW-0017" in answer.text
    assert standing(day)["sealed_licence"] == before
    assert "licence changed" not in audit(day)
