"""Installing, leaving and coming back, on the stack."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.stack.deeds import (
    audit,
    calls,
    export,
    files,
    invoiced,
    open_secret,
    order,
    rows,
    standing,
)
from tests.stack.world import World, remove
from tools.played_day import Day


def test_pressing_the_button_five_times_at_once_leaves_one_webhook(day: Day) -> None:
    day.browser.get(day.make_link(), timeout=60)

    # A slow shop, and five functions that are warm: each press finds no webhook, and makes one.
    day.shop("POST", "faults", {"kind": "hang", "seconds": 1.5, "shop": day.shop_id})

    def open_page(_: int) -> int:
        return day.browser.get(f"{day.stack.api_url}/settings", timeout=60).status_code

    def press(_: int) -> int:
        answer = day.browser.post(
            f"{day.stack.api_url}/install", data={"licence": day.licence}, timeout=60
        )
        return answer.status_code

    with ThreadPoolExecutor(5) as hands:
        assert list(hands.map(open_page, range(5))) == [200] * 5
        answers = list(hands.map(press, range(5)))

    assert answers == [200] * 5
    created = [call for call in calls(day) if call == "POST /nl/webhooks.json"]
    assert len(created) > 1, "they came one after the other"
    assert webhooks(day) == 1
    assert standing(day)["state"] == "active"


def webhooks(day: Day) -> int:
    shops = day.shop("GET", "shops")["shops"]
    return next(int(each["webhooks"]) for each in shops if each["id"] == day.shop_id)


@pytest.mark.parametrize("licence", ["../DEMO", "DEMO/2014", "..", "a\x00b", "%2e%2e%2f", "  ", ""])
def test_a_licence_code_that_is_no_name_never_gets_as_far_as_an_address(
    day: Day, licence: str
) -> None:
    day.browser.get(day.make_link(), timeout=60)
    before = day.asperion("GET", "licences")

    answer = day.browser.post(f"{day.stack.api_url}/install", data={"licence": licence}, timeout=60)

    assert 'aria-invalid="true"' in answer.text
    assert standing(day)["state"] == "installing"
    assert not {"licence", "sealed_licence"} & standing(day).keys()
    assert webhooks(day) == 0
    order(day)
    export(day)
    assert day.asperion("GET", "licences") == before


def test_an_address_with_a_wrong_signature_gets_401_and_nothing_is_stored(day: Day) -> None:
    signed = day.make_link()

    for wrong in (
        signed.replace(f"shop_id={day.shop_id}", "shop_id=1"),
        signed.replace("language=nl", "language=en"),
        signed.split("&signature=")[0],
        f"{day.stack.api_url}/install",
    ):
        assert day.browser.get(wrong, timeout=60).status_code == 401

    assert rows(day, "shops") == rows(day, "shops", 1) == []


def test_a_link_signs_one_browser_in_and_leads_to_an_address_without_it(day: Day) -> None:
    signed = day.make_link()

    answer = day.browser.get(signed, timeout=60, allow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{day.stack.api_url}/install"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Stap 1 van 4" in day.browser.get(f"{day.stack.api_url}/install", timeout=60).text
    assert "Stap 1 van 4" in day.browser.get(signed, timeout=60).text
    for variation in (signed, f"{signed}&more=1", signed.replace("=eu1", "=live")):
        refused = requests.get(variation, timeout=60, allow_redirects=False)
        assert refused.status_code == 401
        assert "Deze link is al gebruikt" in refused.text
        assert not refused.cookies
    signature = signed.rpartition("signature=")[2].partition("&")[0]
    assert signature not in str(rows(day, "shops"))


def test_of_eight_browsers_with_one_link_at_once_exactly_one_is_signed_in(day: Day) -> None:
    signed = day.make_link()

    def follow(_: int) -> int:
        return requests.Session().get(signed, timeout=120).status_code

    with ThreadPoolExecutor(8) as hands:
        answers = sorted(hands.map(follow, range(8)))

    assert answers == [200, *[401] * 7]
    assert audit(day) == ["arrived"]


def test_a_parameter_that_comes_twice_is_refused_and_nothing_is_stored(day: Day) -> None:
    signed = day.make_link()

    for twice in (f"{signed}&shop_id={day.shop_id}", f"{signed}&cluster_id=eu1"):
        assert day.browser.get(twice, timeout=60).status_code == 401

    assert rows(day, "shops") == []
    assert day.browser.get(signed, timeout=60).status_code == 200


def test_who_signs_out_is_signed_out_wherever_his_cookie_is(day: Day) -> None:
    day.install()
    thief = requests.Session()
    thief.cookies.update(day.browser.cookies)
    assert thief.get(f"{day.stack.api_url}/", timeout=60).status_code == 200

    page = day.browser.post(f"{day.stack.api_url}/sign-out", timeout=60)

    assert "U bent afgemeld" in page.text
    for browser in (day.browser, thief):
        assert browser.get(f"{day.stack.api_url}/", timeout=60).status_code == 401


def test_a_link_into_another_shop_asks_before_it_changes_the_session(
    world: World, day: Day
) -> None:
    day.install()
    other = world.day()
    signed = other.make_link()

    page = day.browser.get(signed, timeout=60)

    assert page.url == f"{day.stack.api_url}/switch"
    assert f"Winkel {day.shop_id}" in page.text
    assert f"Winkel {other.shop_id}" in page.text
    overview = day.browser.get(f"{day.stack.api_url}/", timeout=60).text
    assert f"Winkel {day.shop_id}" in overview
    assert f"Winkel {other.shop_id}" not in overview
    assert requests.get(signed, timeout=60).status_code == 401

    ticket = page.text.partition('name="ticket" value="')[2].partition('"')[0]
    there = day.browser.post(page.url, data={"ticket": ticket, "go": "yes"}, timeout=60)

    assert there.url == f"{day.stack.api_url}/install"
    assert f"Winkel {other.shop_id}" in there.text
    remove(other)


def test_an_address_of_twenty_minutes_ago_gets_401(day: Day) -> None:
    signed = day.shop("POST", "install", {"shop_id": day.shop_id, "timestamp": 1_700_000_000})

    assert day.browser.get(signed["url"], timeout=60).status_code == 401
    assert rows(day, "shops") == []


def test_uninstalling_erases_token_and_licence_code_and_keeps_the_audit(day: Day) -> None:
    day.install()
    assert open_secret(day, "token")
    assert open_secret(day, "licence") == day.licence
    order(day)
    export(day)

    signed = day.shop("POST", "uninstall-url", {"shop_id": day.shop_id})["url"]
    assert day.browser.get(signed, timeout=60).status_code == 200

    left = standing(day)
    assert left["state"] == "uninstalled"
    assert not {"token", "licence", "sealed_token", "sealed_licence"} & left.keys()
    assert day.licence not in str(rows(day, "shops"))
    assert [each for each in audit(day) if each != "settings"] == [
        "arrived",
        "installed",
        "uninstalled",
    ]
    assert len(rows(day, "files")) == 1
    assert left.keys() <= {
        *("shop_id", "part", "state", "cluster", "language", "installed_at", "changed_at"),
        *("currency", "country", "title", "domain", "policy", "source"),  # as of any shop
        *("version", "known", "write_id", "expires"),
    }
    assert not left.get("title")
    assert not left.get("domain")


def test_a_cancel_link_at_the_uninstall_address_erases_nothing_while_the_token_is_good(
    day: Day,
) -> None:
    day.install()
    link = day.shop("POST", "cancel-url", {"shop_id": day.shop_id, "dry": True})["url"]
    link = link.replace("/cancel?", "/uninstall?")

    assert day.browser.get(link, timeout=60).status_code == 200

    assert standing(day)["state"] == "active"
    assert standing(day)["leaving_since"]
    made = order(day)
    day.webhooks_delivered()
    export(day)
    assert invoiced(day) == [made["number"]]
    # Then SEOshop revokes the token, after its call or before it.
    day.shop("POST", "uninstall-url", {"shop_id": day.shop_id})
    assert day.browser.get(link, timeout=60).status_code == 200
    assert standing(day)["state"] == "uninstalled"


def test_what_is_kept_is_shown_and_erased_and_the_tables_delete_by_themselves(day: Day) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()
    export(day)
    asked = {"shop_id": day.shop_id}

    shown = day.invoke("shops", {**asked, "action": "extract", "order": made["number"]})

    assert [entry["state"] for entry in shown["orders"]] == ["placed"]
    assert shown["orders"][0]["expires"] > time.time()
    whole = str(day.invoke("shops", {**asked, "action": "extract"}))
    assert made["number"] in whole
    assert day.licence not in whole
    erased = day.invoke("shops", {**asked, "action": "erase", "confirm": day.shop_id})
    assert erased["is_all"], erased
    assert rows(day, "orders") == rows(day, "files") == []
    assert audit(day) == ["erased"]
    assert len(rows(day, "shops")) == 1
    for table in day.stack.tables.values():
        found = day.client("dynamodb").describe_time_to_live(TableName=table)
        assert found["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


def test_a_cancelled_shop_works_on_until_it_is_uninstalled(day: Day) -> None:
    day.install()
    signed = day.shop("POST", "cancel-url", {"shop_id": day.shop_id})["url"]
    assert day.browser.get(signed, timeout=60).status_code == 200
    assert standing(day)["state"] == "cancelled"

    made = order(day)
    day.webhooks_delivered()
    export(day)

    assert invoiced(day) == [made["number"]]


def test_reinstalling_replaces_the_token_and_goes_on_where_it_was(day: Day) -> None:
    day.install()
    first = open_secret(day, "token")
    signed = day.shop("POST", "install", {"shop_id": day.shop_id, "new_token": True})["url"]
    assert day.browser.get(signed, timeout=60).status_code == 200

    assert open_secret(day, "token") not in ("", first)
    assert standing(day)["state"] == "active"
    assert webhooks(day) == 1
    made = order(day)
    day.webhooks_delivered()
    export(day)
    assert invoiced(day) == [made["number"]]


def test_after_uninstalling_nothing_is_exported_and_a_new_installation_starts_afresh(
    day: Day,
) -> None:
    day.install()
    day.browser.get(day.shop("POST", "uninstall-url", {"shop_id": day.shop_id})["url"], timeout=60)
    order(day)
    export(day)
    assert files(day) == []

    # SEOshop's stamps are whole seconds: within the second it could be an old link used again.
    soon = int(time.time()) + 2
    signed = day.shop("POST", "install", {"shop_id": day.shop_id, "timestamp": soon})["url"]
    assert day.browser.get(signed, timeout=60).status_code == 200
    day.install()
    made = order(day)
    export(day)

    assert made["number"] in invoiced(day)
    assert webhooks(day) == 1
