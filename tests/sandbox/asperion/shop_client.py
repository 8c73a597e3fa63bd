"""The stand-in as a connector with an inbox and a merchant with a browser see it."""

from dataclasses import dataclass
from typing import Any

import requests

from sandbox.asperion import Running


@dataclass
class Client:
    """A connector and a merchant in one, for one licence code."""

    asperion: Running
    licence: str
    http: requests.Session

    def address(self, name: str) -> str:
        return self.asperion.inbox_url.format(licence=self.licence, file=name)

    def put(self, name: str, content: bytes, **headers: str) -> requests.Response:
        fields = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.http.put(self.address(name), data=content, headers=fields)

    def head(self, name: str) -> requests.Response:
        return self.http.head(self.address(name))

    def read(self, what: str) -> Any:
        answer = self.http.get(f"{self.asperion.url}/_control/{self.licence}/{what}")
        assert answer.status_code == 200
        return answer.json()

    def synchronise(self) -> Any:
        return self.http.post(f"{self.asperion.url}/_control/{self.licence}/synchronise").json()

    def fault(self, kind: str, **more: object) -> None:
        data = {"kind": kind, "licence": self.licence, **more}
        answer = self.http.post(f"{self.asperion.url}/_control/faults", json=data)
        assert answer.status_code == 201, answer.text

    def page(self, path: str) -> str:
        answer = self.http.get(f"{self.asperion.url}/{self.licence}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **kwargs: Any) -> str:
        answer = self.http.post(f"{self.asperion.url}/{self.licence}{path}", **kwargs)
        assert answer.status_code == 200, answer.text
        return answer.text
