"""Content never rests: sentinels are sold for a day, and looked for everywhere afterwards.

What a file and a day add up to is kept; the file here has two orders, so that its totals are no
order's amount.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.stack.deeds import (
    connect,
    export,
    files,
    open_sealed,
    open_secret,
    order,
    rows,
    send,
    states,
    time_passes,
)
from tests.stack.world import World
from tools.page_forms import send_form
from tools.played_day import Day, scheduled_event

NAME, COMPANY, STREET, CITY = "Zzyzxname", "Zzyzxcompany", "Zzyzxstreet", "Zzyzxcity"
EMAIL, PHONE, ARTICLE, REMARK = "zzyzx@example.nl", "0612345987", "Zzyzxarticle", "Zzyzxremark"
AMOUNT = "7391.37"
NUMBERS = ("BE0403170701", "DE136695976")
"""VAT numbers of businesses abroad: kept, and sealed."""

WORD = "Zzyzxword"
SAID: list[str] = []
"""Pages and answers."""
CONTENT = (
    *("zzyzx", PHONE),  # compared in lower case
    *("7391.37", "7391,37", "739137", "6108.57", "1282.80"),
    *("onderneming ", "registerstraat"),  # what VIES says of who has a number
)


def test_after_a_day_with_holds_and_errors_nothing_of_an_order_rests_anywhere(
    world: World, day: Day
) -> None:
    a_day_with_everything(day)

    tables = list(everything_stored(day))
    logs = list(everything_said(day, world.folder))
    queued = list(everything_queued(day))

    assert any(str(day.shop_id) in line for line in tables), "the tables were not looked into"
    assert any(str(day.shop_id) in line for line in logs), "the logs were not looked into"
    assert SAID
    for text in SAID:
        assert WORD.lower() not in text.lower(), text[:300]
    for sentinel in CONTENT:
        for text in (*tables, *logs, *queued, *everything_in_buckets(day)):
            assert sentinel not in text.lower(), f"{sentinel}: {text[:300]}"
    numbers = (*NUMBERS, *(number[2:] for number in NUMBERS))
    secrets = (open_secret(day, "token"), day.licence, *open_tokens(day), *numbers)
    assert all(secrets)
    for secret in secrets:
        for form in (secret.lower(), base64.b64encode(secret.encode()).decode().lower()):
            for text in (*tables, *logs, *queued):
                assert form not in text.lower(), text[:300]


def a_day_with_everything(day: Day) -> None:
    """Booked, held, dropped, lost, refused, rerun and looked at, in a file and straight into
    Asperion.
    """
    day.install()
    form: dict[str, Any] = {
        "customer": {
            "email": EMAIL,
            "firstname": NAME,
            "lastname": NAME,
            "phone": PHONE,
            "company": COMPANY,
            "vat": "",
            "billing": {"street": STREET, "city": CITY},
        },
        "lines": [{"title": ARTICLE, "priceIncl": AMOUNT, "code": ARTICLE}],
        "comment": REMARK,
    }
    booked = order(day, **form)
    order(day, **{**form, "lines": [{"title": ARTICLE, "priceIncl": "12.10", "code": ARTICLE}]})
    sell_abroad(day, form)
    held = order(day, **{**form, "overrides": {"priceIncl": "9999.99"}})
    dropped = order(day, **form)
    day.webhooks_delivered()
    day.shop("POST", f"orders/{dropped['id']}/cancel")
    for fault in ({"kind": "html"}, {"kind": "truncated"}, {"kind": "status", "status": 500}):
        trouble = {**fault, "shop": day.shop_id, "count": 3, "path": "orders/"}
        day.shop("POST", "faults", trouble)
        export(day)
        day.shop("POST", "faults", {"clear": True})
    what_seoshop_says(day)
    day.asperion("POST", "faults", {"kind": "lost-before", "licence": day.licence})
    export(day)
    time_passes(day, minutes=6)
    for kind, method in (("403", "HEAD"), ("403", "PUT")):
        said = {"kind": kind, "licence": day.licence, "methods": [method], "text": WORD}
        day.asperion("POST", "faults", said)
    export(day)
    export(day)
    assert set(states(day).values()) == {"placed", "held", "dropped"}
    assert len(files(day)) == 1
    for number in (booked["number"], held["number"]):
        assert day.browser.get(f"{day.stack.api_url}/orders/{number}", timeout=60).ok
    download_the_file(day, booked["id"], form["customer"])
    day.invoke("rerun", {"shop_id": day.shop_id, "dry_run": True})
    day.invoke("watch", scheduled_event())
    day.queue_empty()
    listed = day.browser.get(f"{day.stack.api_url}/vat/icp", timeout=60).text
    assert all(number[2:] in listed for number in NUMBERS)
    send(day, {"shop_id": day.shop_id, "run": "once more"})
    day.queue_empty()
    go_straight(day, form)


def go_straight(day: Day, form: dict[str, Any]) -> None:
    """By API: what Asperion says when it refuses, an answer that is lost, and a concept that is
    read back as somebody changed it. The first order has a delivery of its own, and another amount
    than the sentinel.
    """
    connect(day)
    small = {**form, "lines": [{"title": ARTICLE, "priceIncl": "12.10", "code": ARTICLE}]}
    first, booked = (order(day, **each)["number"] for each in (small, form))
    order(day, **small)
    for fault in (
        {"kind": "status", "status": 403},
        {"kind": "status", "status": 503},
        {"kind": "refused-fields", "fields": ["email", WORD]},
    ):
        said = {**fault, "licence": day.licence, "method": "POST", "text": WORD}
        day.asperion("POST", "api/faults", said)
        export(day)
        SAID.append(day.browser.get(f"{day.stack.api_url}/", timeout=60).text)
    assert (states(day)[first], states(day)[booked]) == ("held", "placed")
    page = day.browser.get(f"{day.stack.api_url}/orders/{first}", timeout=60)
    SAID.append(page.text)
    send_form(day.browser, page, "action")
    day.asperion("POST", "api/faults", {"kind": "lost-after", "licence": day.licence})
    export(day)
    time_passes(day, minutes=6)
    export(day)
    assert states(day)[first] == "placed"
    concept = next(each for each in day.invoices() if booked in each["description"])
    change = {"lines": {"1": {"excl": "55.00"}}}
    day.asperion("POST", f"{day.licence}/invoices/{concept['id']}", change)
    send(day, {"shop_id": day.shop_id, "task": "watch"})
    day.queue_empty()
    shown = day.browser.get(f"{day.stack.api_url}/orders/{booked}", timeout=60).text
    assert "in Asperion gewijzigd" in shown


def open_tokens(day: Day) -> list[str]:
    """What opens the shop's account at Asperion, and what renews that."""
    kept = next(row for row in rows(day, "shops") if row["part"] == "note#asperion-tokens")
    sealed = json.loads(kept["values"])
    return [open_sealed(day, sealed[each], f"asperion_{each}") for each in ("access", "refresh")]


def sell_abroad(day: Day, form: dict[str, Any]) -> None:
    """Two businesses buy without VAT; VIES knows the one, and has no answer about the other."""
    day.vies("POST", "faults", {"kind": "contradicting", "state": "DE", "count": 2})
    for number in NUMBERS:
        address = {"street": STREET, "city": CITY, "zipcode": "10115", "country": number[:2]}
        customer = {**form["customer"], "vat": number, "billing": address}
        lines = [{**form["lines"][0], "rate": "0", "priceIncl": "55.00"}]
        order(day, **{**form, "customer": customer, "lines": lines})


def download_the_file(day: Day, booked_id: int, customer: dict[str, Any]) -> None:
    """As it was sent; when an order changed, the page that says so, and as it would be now."""
    (name,) = files(day)
    address = f"{day.stack.api_url}/files/{name}/download"
    sent = day.browser.get(address, timeout=60)
    assert (sent.status_code, NAME in sent.text) == (200, True), sent.text[:300]
    changed = {**customer, "lastname": f"{NAME}son"}
    day.shop("POST", f"orders/{booked_id}/edit", {"customer": changed})
    differs = day.browser.get(address, timeout=60)
    assert differs.status_code == 409
    SAID.append(differs.text)
    assert NAME not in differs.text
    assert f"{NAME}son" in day.browser.get(f"{address}?as=now", timeout=60).text


def what_seoshop_says(day: Day) -> None:
    """Errors with the word in every field, to calls of the night, of a page and of an operator."""
    for path, status in (
        ("orders.json", 422),
        ("orders/", 404),
        ("orders/", 400),
        ("invoices", 403),
        ("paymentmethods", 410),
        ("shop.json", 422),
    ):
        fault = {"kind": "status", "status": status, "path": path, "text": WORD}
        day.shop("POST", "faults", {**fault, "shop": day.shop_id})
        export(day)
        ask(day, "rerun", {"shop_id": day.shop_id, "dry_run": True})
        pages = (f"{day.stack.api_url}/{page}" for page in ("", "settings"))
        SAID.extend(day.browser.get(page, timeout=60).text for page in pages)
        day.shop("POST", "faults", {"clear": True})
    ask(day, "shops", {"shop_id": day.shop_id})


def ask(day: Day, function: str, event: object) -> None:
    """An operator's function: its answer, or the error that it ends with."""
    try:
        SAID.append(json.dumps(day.invoke(function, event)))
    except RuntimeError as error:
        SAID.append(str(error))


def everything_stored(day: Day) -> Iterator[str]:
    """Every item of every table."""
    dynamodb = day.client("dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=name):
            yield from map(str, page["Items"])


def everything_queued(day: Day) -> Iterator[str]:
    """Every message that waits in any queue."""
    sqs = day.client("sqs")
    for queue in sqs.list_queues()["QueueUrls"]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
        yield from map(str, found.get("Messages", ()))


def everything_said(day: Day, folder: Path) -> Iterator[str]:
    """Every line of every log group, and of what local AWS itself wrote down."""
    logs = day.client("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            yield from _events(logs, group["logGroupName"])
    yield from (folder / "ministack.log").read_text(errors="replace").splitlines()


def _events(logs: Any, group: str) -> Iterator[str]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return (event["message"] for page in pages for event in page["events"])


def everything_in_buckets(day: Day) -> Iterator[str]:
    """Every object of every bucket."""
    s3 = day.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for each in page.get("Contents", ()):
                body = s3.get_object(Bucket=bucket["Name"], Key=each["Key"])["Body"]
                with body:
                    yield each["Key"] + body.read().decode("latin-1")
