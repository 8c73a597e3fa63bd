"""A shop's day played over HTTP, for the demo and the tests.

It uses only what a browser and SEOshop use: pages, webhooks, and the sandboxes' control routes.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import boto3
import requests

from tools.local import Stack

SHOP_ID = 184520
LICENCE = "DEMO-2014"
PATIENCE = 300  # seconds for a night to end on a slow machine

T = TypeVar("T")


@dataclass
class Day:
    """One shop's day. `shop_url`, `asperion_url` and `vies_url` are the sandboxes' addresses.
    `linked_at`: the last link that the AppCenter made is of this Unix second.
    """

    stack: Stack
    shop_url: str
    asperion_url: str
    shop_id: int = SHOP_ID
    licence: str = LICENCE
    browser: requests.Session = field(default_factory=requests.Session)
    linked_at: int = 0
    vies_url: str = ""

    def install(self, payments: Mapping[str, str] | None = None, **form: str) -> None:
        """From the AppCenter's signed address to "Installeer de koppeling"."""
        page = self.browser.get(self.make_link(), timeout=60)
        _expect(page, 200, "the form")
        shown = dict.fromkeys(re.findall(r'name="(payment:[^"]+)"', page.text), "")
        mapping = {f"payment:{key}": code for key, code in (payments or {}).items()}
        answer = self.browser.post(
            f"{self.stack.api_url}/install",
            data={"licence": self.licence, **shown, **mapping, **form},
            timeout=60,
        )
        _expect(answer, 200, "the overview after installing")

    def make_link(self) -> str:
        """The signed address by which the AppCenter opens the app. Each is of a later second than
        those before: a link signs in one browser, and two of one second are the same.
        """
        self.linked_at = max(int(time.time()), self.linked_at + 1)
        made = {"shop_id": self.shop_id, "timestamp": self.linked_at}
        return str(self.shop("POST", "install", made)["url"])

    def scenario(self, name: str, *, paid: bool = False) -> dict[str, int]:
        """Let the shop have the orders of a prepared example; returns their ids by number."""
        made = self.shop("POST", f"scenarios/{name}", {"shop_id": self.shop_id, "paid": paid})
        return dict(zip(made["orders"], made["ids"], strict=True))

    def pay(self, order_id: int) -> None:
        """Set an order to paid, as the merchant or a bank does."""
        self.shop("POST", f"orders/{order_id}/paid", {"shop_id": self.shop_id})

    def webhooks_delivered(self) -> None:
        """Wait until SEOshop has nothing left to deliver."""
        self.shop("POST", "webhooks/drain", {"timeout": PATIENCE})

    def night(self) -> None:
        """Fire the daily run as EventBridge does, and wait until the export's queue is empty."""
        self.invoke("daily_export", scheduled_event())
        self.queue_empty()

    def queue_empty(self) -> None:
        """Wait until no message waits or is being worked on (delayed ones aside)."""
        sqs = self.client("sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

        def empty() -> bool:
            found = sqs.get_queue_attributes(QueueUrl=self.stack.queue_url, AttributeNames=names)
            return all(int(found["Attributes"][name]) == 0 for name in names)

        until(empty, what="the export queue to be empty")

    def invoke(self, function: str, event: object) -> Any:
        """Call a function of the stack; raises RuntimeError with its error."""
        answer = self.client("lambda").invoke(
            FunctionName=self.stack.functions[function], Payload=json.dumps(event).encode()
        )
        result = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise RuntimeError(f"{function}: {result}")
        return result

    def synchronise(self) -> Any:
        """Press Synchroniseren in Asperion."""
        return self.asperion("POST", f"{self.licence}/synchronise")

    def invoices(self) -> list[dict[str, Any]]:
        """Asperion's invoices, as its list shows them."""
        return list(self.asperion("GET", f"{self.licence}/invoices"))

    def shop(self, method: str, path: str, body: object = None) -> Any:
        """The shop's control routes."""
        return _call(method, f"{self.shop_url}/_control/{path}", body)

    def asperion(self, method: str, path: str, body: object = None) -> Any:
        """Asperion's control routes."""
        return _call(method, f"{self.asperion_url}/_control/{path}", body)

    def vies(self, method: str, path: str, body: object = None) -> Any:
        """The register's control routes."""
        return _call(method, f"{self.vies_url}/_control/{path}", body)

    def client(self, service: str) -> Any:
        """An AWS client on the stack."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.stack.aws_endpoint,
            region_name=self.stack.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def scheduled_event() -> dict[str, Any]:
    """EventBridge's envelope for a schedule."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-01-01T01:15:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:000000000000:rule/daily-export"],
        "detail": {},
    }


def until(holds: Callable[[], T], *, what: str, seconds: float = PATIENCE) -> T:
    """Poll until something is true; raises TimeoutError naming what was waited for."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.1)
    return found


def _call(method: str, url: str, body: object) -> Any:
    answer = requests.request(method, url, json=body, timeout=PATIENCE + 60)
    if not answer.ok:
        raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text[:300]}")
    return answer.json() if answer.content else None


def _expect(answer: requests.Response, status: int, what: str) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{what}: {answer.status_code} {answer.text[:500]}")
