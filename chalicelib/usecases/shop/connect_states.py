"""The ``state`` that goes to Asperion's sign-in page with the browser, and comes back.

It is random, good once and for a quarter of an hour, and for the session of the shop that it was
made in; of it and of the session the shop keeps keyed hashes. The code verifier of PKCE is derived
from it and from a secret of ours, so that nothing is kept with which a code could be exchanged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import field
from datetime import datetime

from chalicelib.domain.connect_requests import (
    ConnectRequest,
    ConnectRequests,
    add_request,
    use_request,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedState:
    """A new state, and the S256 challenge of its verifier."""

    state: str = field(repr=False)
    challenge: str


def start_state(workspace: Workspace, session: str) -> StartedState:
    """A new state for the session of that name, which the shop keeps. Raises `LedgerError`."""
    key, now, state = workspace.prints_keys[0], workspace.now(), secrets.token_urlsafe(32)
    name, mark = _print(key, "state", state), _print(key, "session", session)
    workspace.connector.shops.change(
        workspace.shop_id, ConnectRequests, lambda kept: add_request(kept, name, mark, now)
    )
    challenge = _encode(hashlib.sha256(_derive_verifier(key, state).encode()).digest())
    return StartedState(state=state, challenge=challenge)


def use_state(workspace: Workspace, session: str, state: str) -> str:
    """Use a state up, in one conditional write, and give its verifier. Raises `ConnectRefused`;
    one that is of another session stays for that one. Raises `LedgerError`.
    """
    now, keys = workspace.now(), {_print(k, "state", state): k for k in workspace.prints_keys}
    found: list[bytes] = []

    def use(kept: ConnectRequests | None) -> ConnectRequests | None:
        known = {} if kept is None else kept.by_state
        name = next((each for each in keys if each in known), None)
        if kept is None or name is None:
            raise ConnectRefused(ConnectObstacle.NOT_BEGUN)
        found[:] = [keys[name]]
        obstacle = _find_obstacle(known[name], _print(found[0], "session", session), now)
        if obstacle is not None:
            raise ConnectRefused(obstacle)
        return use_request(kept, name, now)

    workspace.connector.shops.change(workspace.shop_id, ConnectRequests, use)
    return _derive_verifier(found[0], state)


def _find_obstacle(request: ConnectRequest, session: str, now: datetime) -> ConnectObstacle | None:
    if request.session != session:
        return ConnectObstacle.OTHER_SESSION
    if request.used_at is not None:
        return ConnectObstacle.USED
    return ConnectObstacle.TOO_LATE if now >= request.until else None


def _print(key: bytes, what: str, text: str) -> str:
    return hmac.digest(key, f"connecting/{what}/{text}".encode(), "sha256").hex()


def _derive_verifier(key: bytes, state: str) -> str:
    """A code verifier of RFC 7636: 43 characters, which nobody derives without the secret."""
    return _encode(hmac.digest(key, f"connecting/verifier/{state}".encode(), "sha256"))


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
