"""The webhook sender: a queue, a few threads, and the faults that are switched on."""

from __future__ import annotations

import heapq
import itertools
import time
import uuid
from dataclasses import dataclass, field, replace
from threading import Condition, Thread

import requests

from sandbox.seoshop.api_allowance import RateLimiter
from sandbox.seoshop.api_documents import full_order, invoice_doc
from sandbox.seoshop.config import Config
from sandbox.seoshop.delivery import Delivery
from sandbox.seoshop.jsonout import dumps
from sandbox.seoshop.models import Invoice, Order, Webhook
from sandbox.seoshop.partner_app import PartnerApp
from sandbox.seoshop.platform_faults import Faults
from sandbox.seoshop.signing import webhook_signature
from sandbox.seoshop.webshop import Shop


@dataclass(order=True)
class _Job:
    due: float
    turn: int
    deliveries: list[Delivery] = field(compare=False)


class Sender:
    """Delivers webhooks in the background. One deed's deliveries go out in order."""

    def __init__(
        self, config: Config, app: PartnerApp, faults: Faults, limiter: RateLimiter
    ) -> None:
        """Take settings, the app's pair, faults and allowance; ``start`` starts the threads."""
        self._config, self._app, self._faults, self._limiter = config, app, faults, limiter
        self._turns, self._ids = itertools.count(), itertools.count(1)
        self._changed = Condition()
        self._jobs: list[_Job] = []
        self._held: list[Delivery] = []
        self._pile: list[Delivery] = []
        self._active = 0
        self._stopped = False
        self._threads: list[Thread] = []
        self.deliveries: dict[int, Delivery] = {}

    def start(self) -> None:
        """Start the threads."""
        for _ in range(self._config.webhook_workers):
            thread = Thread(target=self._work, name="webhooks", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop the threads; what is still queued stays undelivered."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def announce(self, shop: Shop, news: list[tuple[str, Order | Invoice]]) -> None:
        """Queue the deliveries that a shop's subscriptions ask for, faults applied."""
        due: list[Delivery] = []
        for event, record in news:
            for webhook in list(shop.webhooks.values()):
                if _wants(webhook, event):
                    due += self._spoil(self._delivery(shop, webhook, event, record))
        self._enqueue(due)

    def replay(self, number: int) -> Delivery:
        """Send an earlier delivery again, byte for byte; KeyError when there is none."""
        again = replace(self.deliveries[number], id=next(self._ids), state="queued", attempts=0)
        again.status, again.note = None, f"herhaling van {number}"
        self._keep(again)
        self._push([again])
        return again

    def release(self) -> None:
        """Send the deliveries that ``hold`` and ``reorder`` keep back."""
        with self._changed:
            held, self._held = self._held, []
            pile, self._pile = self._pile, []
        if held:
            self._push(held)
        if pile:
            self._push(pile[::-1])

    def drain(self, timeout: float) -> bool:
        """Wait until nothing is queued or under way; False when time ran out first.

        What waits to be reordered is sent as it is; what is held stays held.
        """
        with self._changed:
            pile, self._pile = self._pile, []
        if pile:
            self._push(pile[::-1])
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._active, timeout)

    def clear(self) -> None:
        """Forget all deliveries, queued ones too."""
        with self._changed:
            self._jobs.clear()
            self._held.clear()
            self._pile.clear()
            self.deliveries.clear()
            self._changed.notify_all()

    def _delivery(
        self, shop: Shop, webhook: Webhook, event: str, record: Order | Invoice
    ) -> Delivery:
        if isinstance(record, Order):
            document = {"order": full_order(shop, record, webhook.language, scheme="http")}
        else:
            document = {"invoice": invoice_doc(shop, record, webhook.language, "http")}
        body = dumps(document).encode()
        singular = event.split("/", maxsplit=1)[0].removesuffix("s").capitalize()
        secret = self._app.secret if webhook.key == "app" else shop.api_secret
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "WebshopappApi",
            "X-Shop-Id": str(shop.id),
            "X-Cluster-Id": "eu1",
            f"X-{singular}-Id": str(record.id),
            "X-Event": event,
            "X-Format": "json",
            "X-Language": webhook.language,
            "X-Request-Id": uuid.uuid4().hex,
            "X-Signature": webhook_signature(body, secret),
            **self._limiter.peek(shop, webhook.key).headers(),
        }
        delivery = Delivery(
            next(self._ids), shop.id, event, record.id, webhook.address, body, headers
        )
        self._keep(delivery)
        return delivery

    def _keep(self, delivery: Delivery) -> None:
        self.deliveries[delivery.id] = delivery

    def _spoil(self, delivery: Delivery) -> list[Delivery]:
        faults = self._faults.webhooks
        if faults.use("lose"):
            delivery.state = "lost"
            return []
        if faults.use("wrong_signature"):
            delivery.headers["X-Signature"] = delivery.headers["X-Signature"][::-1]
            delivery.note = "valse handtekening"
        if faults.use("duplicate"):
            twin = replace(delivery, id=next(self._ids), note="dubbel")
            self._keep(twin)
            return [delivery, twin]
        return [delivery]

    def _enqueue(self, due: list[Delivery]) -> None:
        with self._changed:
            ready = [delivery for delivery in due if not self._set_aside(delivery)]
            if ready:
                self._push(ready)

    def _set_aside(self, delivery: Delivery) -> bool:
        faults = self._faults.webhooks
        if faults.hold:
            delivery.state = "held"
            self._held.append(delivery)
        elif faults.reorder:
            self._pile.append(delivery)
            faults.use("reorder")
            if not faults.reorder:
                self.release()
        elif faults.use("delay"):
            delivery.note = "vertraagd"
            self._push([delivery], faults.delay_seconds)
        else:
            return False
        return True

    def _push(self, deliveries: list[Delivery], wait: float = 0) -> None:
        with self._changed:
            job = _Job(time.monotonic() + wait, next(self._turns), deliveries)
            heapq.heappush(self._jobs, job)
            self._changed.notify_all()

    def _take(self) -> _Job | None:
        with self._changed:
            while not self._stopped:
                wait = self._jobs[0].due - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    self._active += 1
                    return heapq.heappop(self._jobs)
                self._changed.wait(wait)
        return None

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while job := self._take():
                for delivery in job.deliveries:
                    self._send(session, delivery)
                with self._changed:
                    self._active -= 1
                    self._changed.notify_all()

    def _send(self, session: requests.Session, delivery: Delivery) -> None:
        delivery.attempts += 1
        try:
            answer = session.post(
                delivery.address,
                data=delivery.body,
                headers=delivery.headers,
                timeout=self._config.webhook_timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            late = isinstance(error, requests.Timeout)
            delivery.state = "failed"
            reason = "geen antwoord op tijd" if late else "geen verbinding"
            if reason not in delivery.note:
                delivery.note = "; ".join(filter(None, (delivery.note, reason)))
        else:
            delivery.status = answer.status_code
            delivery.state = "delivered" if answer.ok else "refused"
        faults = self._faults.webhooks
        if delivery.state != "delivered" and delivery.attempts <= faults.retry:
            delivery.state = "queued"
            self._push([delivery], faults.retry_seconds)


def _wants(webhook: Webhook, event: str) -> bool:
    group, action = event.split("/")
    return webhook.active and webhook.group == group and webhook.action in (action, "*")
