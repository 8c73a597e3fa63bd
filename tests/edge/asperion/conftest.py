"""One running stand-in of Asperion for these tests, and for each an administration of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import requests

from chalicelib.adapters.asperion import AsperionIdentity, AsperionRest
from chalicelib.asperion_guesses import AsperionGuesses
from sandbox.asperion import Config, Running, serve
from sandbox.asperion.rest_faults import RestFault
from tests.unit.adapters.asperion.wire import NOW

SECRET = Config.client_secret
_numbers = count(1)


@dataclass
class Desk:
    """The client of an administration of its own, at a stand-in that runs; it is `AccessTokens`
    too, with tokens of the identity server.
    """

    asperion: Running
    licence: str
    access: str = ""
    refresh: str = ""
    renewals: int = field(default=0)

    def get(self) -> str:
        return self.access

    def renew(self, refused: str) -> str:
        assert refused == self.access
        grant = self.open_identity().refresh(self.refresh)
        self.access, self.refresh = grant.access, grant.refresh or self.refresh
        self.renewals += 1
        return self.access

    @property
    def administration_id(self) -> int:
        return self.asperion.store.administration(self.licence).id

    def open_identity(self, *secrets: str) -> AsperionIdentity:
        """The identity server for the application."""
        return AsperionIdentity(
            session=requests.Session(),
            base_url=self.asperion.url,
            client_id=Config.client_id,
            secrets=lambda: secrets or (SECRET,),
        )

    def open_api(self, **given: Any) -> AsperionRest:
        """The API; `given` is what differs."""
        known: dict[str, Any] = {
            "session": requests.Session(),
            "base_url": self.asperion.url,
            "tokens": self,
            "administration_id": self.administration_id,
            "guesses": AsperionGuesses(),
            "pace": 100,
            "clock": lambda: datetime.now(UTC),
            "sleep": lambda _: None,
        }
        return AsperionRest(**{**known, **given})

    def fault(self, kind: str, **more: Any) -> None:
        """Switch a fault on for one request of this administration."""
        fault = {"kind": kind, "licence": self.licence, "text": "zzyzx", **more}
        self.asperion.store.rest_faults.add(RestFault.from_json(fault))

    def guess(self, **switches: Any) -> None:
        """Let the stand-in behave otherwise."""
        self.asperion.store.guesses.switch(switches)

    def count_invoices(self) -> int:
        """How many invoices are in the books."""
        return len(self.asperion.store.administration(self.licence).books.invoices())

    def count_debtors(self) -> int:
        """How many debtors are in the books."""
        return len(self.asperion.store.administration(self.licence).books.debtors.all())


@pytest.fixture(scope="module")
def asperion() -> Iterator[Running]:
    with serve(Config(port=0, clock=lambda: NOW)) as running:
        yield running


@pytest.fixture
def desk(asperion: Running) -> Iterator[Desk]:
    store, licence = asperion.store, f"CLIENT-{next(_numbers)}"
    user = store.put_user(f"user-{licence}", "demo")
    store.administration(licence)
    user.licences[:] = [licence]
    issued = store.grants.issue(user.name, store.application.id)
    yield Desk(asperion, licence, issued.access, issued.refresh or "")
    store.rest_faults.clear()
    store.guesses.reset()
