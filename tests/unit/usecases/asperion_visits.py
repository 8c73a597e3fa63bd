"""A merchant on the way to Asperion and back, for tests."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from chalicelib.domain.connection import AsperionTokens, Connection
from chalicelib.usecases.shop.connecting import (
    Answer,
    Connected,
    begin_connecting,
    finish_connecting,
)
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.memory_identity import MERCHANT
from tests.unit.usecases.stage import SHOP_ID, Stage

SESSION = "session-of-the-merchant"


class ConnectingStage(Stage):
    """A stage with an Asperion that offers its connection."""

    def __init__(self) -> None:
        super().__init__()
        self.asperion = MemoryAsperion(clock=lambda: self.now)
        self.connector = replace(self.connector, front_door=self.asperion.front_door)

    @property
    def connection(self) -> Connection | None:
        """The shop's connection as it is stored."""
        return self.connector.find_shop(SHOP_ID).connection

    @property
    def tokens(self) -> AsperionTokens | None:
        """What is kept of the merchant's access."""
        return self.shops.load(SHOP_ID, AsperionTokens)

    def begin(self, session: str = SESSION) -> str:
        """The address of Asperion's sign-in page, with a new state."""
        return begin_connecting(self.workspace(), session)

    def consent(self, address: str, account: str = MERCHANT) -> Answer:
        """Somebody signs in there and consents: what his browser comes back with."""
        back = urlsplit(self.asperion.identity.consent(address, account))
        said = {name: values[0] for name, values in parse_qs(back.query).items()}
        return Answer(state=said["state"], code=said["code"])

    def finish(self, answer: Answer, session: str = SESSION) -> Connected:
        """The browser comes back."""
        return finish_connecting(self.workspace(), session, answer)

    def sign_in(self, account: str = MERCHANT) -> Connected:
        """There and back."""
        return self.finish(self.consent(self.begin(), account))
