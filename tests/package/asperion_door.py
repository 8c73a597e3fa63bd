"""The way into Asperion by API on moto: the connector's own secret is read as on AWS."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from chalicelib.ports import Secrets, TokenGrant
from chalicelib.usecases.connector import FrontDoor
from chalicelib.usecases.shop.asperion_tokens import TokenKeeper
from chalicelib.usecases.shop.connecting import Answer, begin_connecting, finish_connecting
from chalicelib.usecases.workspace import Workspace
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.memory_identity import MemoryIdentity

SESSION = "session-of-the-merchant"


@dataclass(frozen=True)
class IdentityBySecret:
    """Port `Identity` in memory, which is asked with the secret of the connector."""

    identity: MemoryIdentity
    secrets: Secrets

    def write_authorize_url(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        return self.identity.write_authorize_url(
            state=state, challenge=challenge, redirect_uri=redirect_uri
        )

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenGrant:
        assert self.secrets.asperion_secrets()
        return self.identity.exchange_code(code, verifier=verifier, redirect_uri=redirect_uri)

    def refresh(self, token: str) -> TokenGrant:
        assert self.secrets.asperion_secrets()
        return self.identity.refresh(token)


def open_door(asperion: MemoryAsperion, secrets: Secrets) -> FrontDoor:
    """The front door to an Asperion in memory."""
    return FrontDoor(
        identity=IdentityBySecret(asperion.identity, secrets), open_api=asperion.open_api
    )


def sign_in(workspace: Workspace, asperion: MemoryAsperion) -> None:
    """The merchant goes to Asperion and comes back."""
    address = asperion.identity.consent(begin_connecting(workspace, SESSION))
    said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    finish_connecting(workspace, SESSION, Answer(state=said["state"], code=said["code"]))


def use_access(workspace: Workspace) -> None:
    """What a delivery, a question or a page does first."""
    assert TokenKeeper(workspace).get()
