"""One shop and all functions of the stack on moto, each behind its own entry point."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib import bootstrap, bootstrap_night, hook
from chalicelib.domain.events import Event
from chalicelib.domain.ledger import FileState
from chalicelib.domain.mail_records import MailChoices
from chalicelib.domain.marks import as_plain
from chalicelib.domain.orders import Order, PaymentMethod
from chalicelib.domain.sealed import OF_A_SHOP, SecretKind
from chalicelib.domain.seats import Seat
from chalicelib.domain.shops import Shop
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.entries import (
    export_messages,
    operator_backfill,
    operator_behaviours,
    operator_rerun,
    operator_shops,
)
from chalicelib.errors import InboxUnknown
from chalicelib.ports import Inbox, Presence, Receipt, StepTaken
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.mail_tickets import Purpose, Ticket, sign_ticket
from chalicelib.usecases.workspace import Workspace
from chalicelib.web.http.http_messages import Request
from chalicelib.web.pages.dispatch import answer_request
from tests.fakes import documents_of_shop
from tests.fakes.app_pair import NEIGHBOUR
from tests.fakes.asperion_faults import ApiCall
from tests.fakes.eu_register import MemoryRegister
from tests.fakes.fixed_secrets import APP_SECRET
from tests.fakes.mailbox import press_button
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.seoshop import MemorySeoshop
from tests.fakes.web import Browser, callback
from tests.package.recording import PREFIX, Recorder, make_resources
from tests.unit.usecases.stage import SHOP_ID


class Outside:
    """A shop and an inbox that a test can put in trouble, and time that it moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
        methods = [PaymentMethod(key="ideal", title="iDEAL")]
        self.api = MemorySeoshop(self.clock, methods=methods)
        self.neighbour = MemorySeoshop(self.clock)
        self.register = MemoryRegister(self.clock)
        self.asperion = MemoryAsperion(self.clock)
        self.answers_get_lost = False
        self.tells_nothing = False

    def clock(self) -> datetime:
        return self.now


class Bucket:
    """The inbox, with answers that get lost before anything is stored, or after."""

    def __init__(self, inbox: Inbox, outside: Outside) -> None:
        self._inbox = inbox
        self._outside = outside

    def place(self, name: str, content: bytes) -> Receipt:
        if self._outside.answers_get_lost:
            raise InboxUnknown("the answer was lost")
        return self._inbox.place(name, content)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        if self._outside.tells_nothing:
            return Presence.CANNOT_TELL
        return self._inbox.ask(name, sha256=sha256, size=size)


class Scene:
    """One shop on moto, and the functions of the stack, each behind its own entry point."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = make_resources(monkeypatch)
        self.outside = Outside()
        self.recorder = Recorder(monkeypatch)
        self.browser = Browser(cast("Any", self))
        self._last = 1000
        self._connectors: dict[str, Connector] = {}
        self.outside.asperion.identity.before_call = self._introduce
        monkeypatch.setattr(bootstrap, "open_connector", lambda: self.connector)
        monkeypatch.setattr(
            bootstrap_night, "open_senders", lambda: bootstrap_night.compose_senders(self.settings)
        )
        monkeypatch.setattr(
            bootstrap_night,
            "open_reporter",
            lambda: bootstrap_night.compose_reporter(self.settings),
        )
        monkeypatch.setattr(hook, "configure_logs", lambda: None)
        open_parts = hook.open_parts.__wrapped__
        monkeypatch.setattr(
            hook, "open_parts", cache(lambda: replace(open_parts(), clock=self.outside.clock))
        )

    @property
    def connector(self) -> Connector:
        """Of the function at work, and one for the test itself."""
        name = self.recorder.at_work or "the test"
        if name not in self._connectors:
            self._connectors[name] = self._composed()
        return self._connectors[name]

    def _composed(self) -> Connector:
        """As the composition root puts it together, but for what is outside AWS."""
        made = bootstrap.compose_connector(self.settings, clock=self.outside.clock)
        open_inbox = made.open_inbox
        return replace(
            made,
            open_shop=lambda shop: self._open_shop(made, shop),
            open_for_page=lambda shop: self._open_shop(made, shop),
            open_inbox=lambda shop: Bucket(open_inbox(shop), self.outside),
            vat_register=self.outside.register,
            front_door=self.outside.asperion.front_door,
        )

    def _introduce(self, call: ApiCall) -> None:
        """Asperion's identity server is told the client's secret."""
        assert self.connector.secrets.asperion_secrets(), call

    def _open_shop(self, connector: Connector, shop: Shop) -> MemorySeoshop:
        """SEOshop is called by the app's pair and the shop's token."""
        connector.secrets.app_pairs()
        assert shop.token is not None
        if shop.shop_id == NEIGHBOUR:
            return self.outside.neighbour
        connector.vault.open(SHOP_ID, SecretKind.TOKEN, shop.token)
        return self.outside.api

    @property
    def clock(self) -> Any:
        return self.outside.clock

    def later(self, **parts: float) -> None:
        self.outside.now += timedelta(**parts)

    def sold(self, *, with_webhook: bool = True, **changes: Any) -> Order:
        """A new paid order, of which a webhook tells, as so often, twice."""
        self._last += 1
        made = documents_of_shop.order(
            id=self._last, number=f"ORD{self._last}", created_at=self.clock(), **changes
        )
        self.outside.api.put(made)
        for _ in range(2 if with_webhook else 0):
            self.webhook(made)
        return made

    def sold_abroad(self, number: str) -> Order:
        """A paid order without VAT of the business in another member state with that number."""
        address = replace(documents_of_shop.HOME, country=number[:2], postal_code="1000")
        line = documents_of_shop.order_line("100.00", "0")
        facts = {"company_vat_number": number, "billing": address, "shipping": address}
        self._last += 1
        made = documents_of_shop.order(
            line, id=self._last, number=f"ORD{self._last}", created_at=self.clock(), **facts
        )
        self.outside.api.put(made)
        self.webhook(made)
        return made

    def take_step(self, order: Order, event: Event, detail: str = "") -> None:
        """Some process or page records this of an order."""
        taken = StepTaken(key=f"order-{order.id}", event=event, detail=detail)
        assert self.connector.entries.record(SHOP_ID, taken)

    def webhook(self, order: Order) -> None:
        made = order.created_at.isoformat()
        body = {"order": {"id": order.id, "number": order.number, "createdAt": made}}
        raw = json.dumps(body).encode()
        signature = hashlib.md5(raw + APP_SECRET.encode()).hexdigest()
        request = SimpleNamespace(
            method="POST",
            path="/webhooks/{shop_id}/{topic}",
            uri_params={"shop_id": str(SHOP_ID), "topic": "orders-paid"},
            query_params=None,
            headers={"X-Signature": signature},
            raw_body=raw,
        )
        with self.recorder.function("WebhookFunction"):
            answer = hook.answer_webhook(request)
        assert answer.status == 200, answer.body

    def export(self, **body: object) -> None:
        self.deliver({"shop_id": SHOP_ID, **body})

    def deliver(self, body: object) -> None:
        record = {"messageId": "m", "receiptHandle": "r", "body": json.dumps(body)}
        with self.recorder.function("ExportShop"):
            export_messages.export_shop({"Records": [record]}, None)

    def rerun(self, **wish: object) -> Any:
        with self.recorder.function("Rerun"):
            return operator_rerun.rerun({"shop_id": SHOP_ID, **wish}, None)

    def backfill(self, **wish: object) -> Any:
        with self.recorder.function("Backfill"):
            return operator_backfill.backfill({"shop_id": SHOP_ID, **wish}, None)

    def behaviours(self, **wish: object) -> Any:
        with self.recorder.function("Behaviours"):
            return operator_behaviours.behaviours(wish, None)

    def shops(self, **wish: object) -> Any:
        with self.recorder.function("Shops"):
            return operator_shops.shops(wish, None)

    def get(self, path: str) -> str:
        with self.recorder.function("APIHandler"):
            answer = self.browser.get(path)
        assert answer.status == 200, (path, answer)
        return str(answer.body)

    def find(self, text: str) -> None:
        with self.recorder.function("APIHandler"):
            answer = self.browser.get("/find", {"q": text})
        assert answer.status in (200, 303), answer

    def post(self, path: str, *, status: int = 303, **fields: str) -> None:
        with self.recorder.function("APIHandler"):
            answer = self.browser.post(path, fields)
        assert answer.status == status, (path, answer)

    def arrive(self) -> None:
        """The merchant comes from the AppCenter, by a link of this second, and presses the
        button.
        """
        self.later(seconds=1)
        with self.recorder.function("APIHandler"):
            self.browser.get("/install", callback(self.clock))
            answer = self.browser.post("/install", {"licence": "ASP-1", "payment:ideal": "IDEAL"})
        assert answer.status == 303, answer

    def change_licence(self, code: str) -> None:
        """Both steps of the page, by a merchant who has just come, by a link of this second."""
        self.later(seconds=1)
        with self.recorder.function("APIHandler"):
            self.browser.get("/install", callback(self.clock))
            page = self.browser.post("/licence", {"licence": code})
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.body))
            answer = self.browser.post("/licence", fields)
        assert answer.status == 303, answer

    def _workspace(self) -> Workspace:
        return Workspace(self.connector, self.connector.find_shop(SHOP_ID))

    def confirm_address(self) -> None:
        """Somebody presses the link that was mailed to the proposed address."""
        choices = self.connector.shops.load(SHOP_ID, MailChoices)
        assert choices is not None
        assert choices.proposed is not None
        ticket = Ticket(shop_id=SHOP_ID, address=choices.proposed.mark)
        text = sign_ticket(self.connector.secrets, Purpose.CONFIRM, ticket)
        request = Request(method="POST", route="/confirm-address", query={"ticket": text})
        with self.recorder.function("APIHandler"):
            answer = answer_request(self.connector, request)
        assert answer.status == 200, answer

    def age_address(self) -> None:
        """The merchant's address was sealed before a secret was turned."""
        address = self.connector.find_shop(SHOP_ID).mail_address
        assert address is not None
        former = replace(address, mark="00000000.of-a-former-key")
        self.connector.shops.update(SHOP_ID, lambda shop: replace(shop, mail_address=former))

    def age_numbers(self) -> None:
        """The VAT numbers that are kept were sealed before a secret was turned."""
        self._change_numbers(
            lambda number: replace(
                number,
                sealed_number=replace(number.sealed_number, mark="00000000.of-a-former-key"),
            )
        )

    def end_numbers(self) -> None:
        """The VAT numbers that are kept need not be any more."""
        self._change_numbers(lambda number: replace(number, kept_until=date(2026, 1, 1)))

    def _change_numbers(self, change: Callable[[VatNumber], VatNumber]) -> None:
        shops = self.connector.shops
        for name in shops.load_each(SHOP_ID, VatNumber):
            shops.change(SHOP_ID, VatNumber, lambda kept: kept and change(kept), name)

    def seat_bookkeeper(self) -> None:
        """Somebody is invited by mail, and by a link to copy, accepts, and signs in once more; his
        seat was named, and his address sealed, before a secret was turned.
        """
        address = "boekhouder@kantoor.example"
        self.post("/seats", action="invite", address=address)
        (invitation,) = self._list_mail("invitation=")
        self._press(invitation, 303)
        with self.recorder.function("APIHandler"):
            page = self.browser.post("/seats", {"action": "link"})
        (link,) = re.findall(r'class="code" value="([^"]+)"', page.body)
        self._press(link, 200, address="ander@kantoor.example")
        self._press(self._list_mail("proof=")[-1], 303)
        self.post("/clients/sign-in", status=200, address=address)
        self._press(self._list_mail("ticket=")[-1], 303)
        self.get("/clients")
        self.get(f"/clients/{SHOP_ID}")
        shops = self.connector.shops
        for seat in shops.seats(SHOP_ID):
            shops.change_seat(SHOP_ID, seat.holder, _age_seat)
            shops.move_seat(SHOP_ID, seat.holder, f"00000000.{seat.holder[9:]}")

    def _list_mail(self, parameter: str) -> list[str]:
        """The links with such a parameter in the mails that were sent, in their order."""
        sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
        text = " ".join(getattr(message, "body", "") for message in sent)
        return re.findall(rf"https://\S+{parameter}\S+", text)

    def _press(self, link: str, status: int, **fields: str) -> None:
        with self.recorder.function("APIHandler"):
            answer = press_button(self.browser, link, fields)
        assert answer.status == status, answer

    def store_as_of_before_slots(self) -> None:
        """The shop's record is as versions before 1.7.0 wrote it."""
        boto3.client("dynamodb").update_item(
            TableName=f"{PREFIX}shops",
            Key={"shop_id": {"N": str(SHOP_ID)}, "part": {"S": "shop"}},
            UpdateExpression="SET known = :yes, exporting = :yes",
            ExpressionAttributeValues={":yes": {"S": "yes"}},
        )

    def store_plain(self) -> None:
        """The shop's record is as versions before 1.3.0 wrote it."""
        vault, shop = self.connector.vault, self.connector.find_shop(SHOP_ID)
        secrets = {what: shop.secret(what) for what in OF_A_SHOP}
        plain: Any = {
            what.value: as_plain(what, vault.open(SHOP_ID, what, secret))
            for what, secret in secrets.items()
            if secret is not None
        }
        self.connector.shops.update(SHOP_ID, lambda shop: replace(shop, **plain))

    def change(self, order: Order, **changes: Any) -> None:
        self.outside.api.put(replace(self.outside.api.orders[order.id], **changes))

    def pays_back(self, order: Order) -> None:
        """SEOshop has a credit note of all of it."""
        now = self.clock()
        credit = documents_of_shop.invoice(
            f"CR{order.id}",
            id=order.id,
            order_id=order.id,
            is_credit_note=True,
            created_at=now,
            updated_at=now,
        )
        self.change(order, invoices=(credit,))

    def state(self, order: Order) -> str:
        found = self.connector.entries.get(SHOP_ID, f"order-{order.id}")
        return found.state.value if found else "unheard of"

    def unknown_file(self) -> str:
        """A file whose answer is lost, and never comes."""
        self.outside.answers_get_lost = True
        self.sold()
        self.export()
        self.outside.answers_get_lost = False
        unfinished = self.connector.files.list_unfinished(SHOP_ID)
        assert [each.state for each in unfinished] == [FileState.UNKNOWN], unfinished
        return unfinished[0].name

    def double_file(self) -> str:
        """A file that the operator gave up, and that is there all the same."""
        name = self.unknown_file()
        self.outside.tells_nothing = True
        self.later(minutes=10)
        self.rerun(file=name, settle="again")
        self.outside.tells_nothing = False
        self.export()
        answer = self.rerun(file=name, settle="confirm")
        assert answer["files"][0]["state"] == "double", answer
        return name


def _age_seat(kept: Seat) -> Seat:
    """As it was sealed before a secret was turned."""
    return replace(kept, address=replace(kept.address, mark="00000000.of-a-former-key"))
