"""The stand-in's API as a connector sees it that a user has let in."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import requests

from tests.sandbox.asperion.shop_client import Client

CLIENT_ID, CLIENT_SECRET = "connector", "connector-secret-to-practise-with"
CALLBACK = "http://127.0.0.1:9/asperion/callback"
VERIFIER = "een-lang-genoeg-geheim-voor-de-proof-key-van-43-tekens"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@dataclass
class ApiClient:
    """A connector with tokens of one user, for one administration."""

    client: Client
    user: str
    access: str
    refresh: str
    language: str = "nl-NL"

    @property
    def url(self) -> str:
        return self.client.asperion.url

    @property
    def administration(self) -> int:
        return self.client.asperion.store.administration(self.client.licence).id

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.access}",
            "Accept-Language": self.language,
            "X-Tenant-Id": str(self.administration),
        } | more.pop("headers", {})
        return self.client.http.request(method, f"{self.url}/v1/{path}", headers=headers, **more)

    def read(self, path: str, **query: object) -> Any:
        answer = self.call("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, path: str, **query: object) -> list[Any]:
        found: list[Any] = self.read(path, **query)["_data"]
        return found

    def errors(self, path: str, body: object) -> dict[str, list[str]]:
        answer = self.call("POST", path, json=body)
        assert answer.status_code == 400, answer.text
        found: dict[str, list[str]] = answer.json()["errors"]
        return found

    def add_debtor(self, email: str = "jan@example.com", **more: object) -> Any:
        answer = self.call("POST", "debtors", json={"name": "Jan", "emailAddress": email, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def add_invoice(self, **more: Any) -> Any:
        if "debtorCustomerNumber" not in more:
            known = self.items("debtors") or [self.add_debtor()]
            more["debtorCustomerNumber"] = known[0]["customerNumber"]
        answer = self.call("POST", "salesinvoiceswithlines", json=make_invoice(**more))
        assert answer.status_code == 201, answer.text
        return answer.json()

    def fault(self, kind: str, **more: object) -> None:
        data = {"kind": kind, "licence": self.client.licence, **more}
        answer = self.client.http.post(f"{self.url}/_control/api/faults", json=data)
        assert answer.status_code == 201, answer.text

    def guess(self, **switches: object) -> None:
        answer = self.client.http.post(f"{self.url}/_control/api/guesses", json=switches)
        assert answer.status_code == 200, answer.text

    def control(self, method: str, path: str, body: object = None) -> requests.Response:
        address = f"{self.url}/_control/{self.client.licence}/{path}"
        return self.client.http.request(method, address, json=body)

    def change_administration(self, **more: object) -> None:
        address = f"{self.url}/_control/api/administrations/{self.client.licence}"
        assert self.client.http.post(address, json=more).status_code == 200

    def ask_tokens(self, **form: str) -> requests.Response:
        pair = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return self.client.http.post(f"{self.url}/connect/token", data=pair | form)

    def renew(self, token: str | None = None) -> requests.Response:
        return self.ask_tokens(grant_type="refresh_token", refresh_token=token or self.refresh)


def make_line(**more: object) -> dict[str, object]:
    usual = {"amount": 10.00, "vatAmount": 2.10, "vatCode": "1", "ledgerAccountId": 8000}
    return {**usual, "description": "Koffiemok", **more}


def make_invoice(*lines: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "date": "2014-12-21T00:00:00",
        "description": "Bestelling ORD000038",
        "journalId": "VWW",
        "lines": {"_data": list(lines or (make_line(),))},
        **more,
    }
