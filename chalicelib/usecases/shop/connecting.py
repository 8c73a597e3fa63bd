"""The merchant goes to Asperion's sign-in page and comes back with access to his administrations.

The ``state`` that goes there and comes back is random, good once and for a quarter of an hour, and
for the session of the shop that it was made in; of it and of the session the shop keeps keyed
hashes. The PKCE verifier is derived from it and from a secret of ours, so that nothing is kept
with which a code could be exchanged. Whatever comes back wrongly leaves a connection as it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connect_requests import (
    ConnectRequest,
    ConnectRequests,
    add_request,
    use_request,
)
from chalicelib.domain.connection import AsperionTokens, Connection
from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import ConnectionRefused, GrantRefused, RequestError
from chalicelib.ports import TokenGrant
from chalicelib.usecases.shop.asperion_tokens import find_identity, seal_grant
from chalicelib.usecases.shop.connection_change import change_connection
from chalicelib.usecases.shop.installing import export_soon
from chalicelib.usecases.shop.trouble import clear_trouble, read_trouble
from chalicelib.usecases.workspace import Workspace

CALLBACK = "/connect/callback"
"""Where Asperion sends the browser back to, under the app's own address."""

PATIENCE = timedelta(seconds=10)
"""How long Asperion may take to list administrations while a person waits."""

MENDED_BY_CONNECTING = (TroubleCause.CONNECT_AGAIN, TroubleCause.ADMINISTRATION_CLOSED)

NOT_INSTALLED = (ShopState.INSTALLING, ShopState.UNINSTALLED)


class ConnectObstacle(Enum):
    """Why coming back from Asperion, or a change of the connection, came to nothing."""

    NOT_INSTALLED = auto()  # the shop
    NOT_BEGUN = auto()  # no state, or none that this shop knows: another shop, another deployment
    OTHER_SESSION = auto()  # it was begun in another browser, or before signing in anew
    TOO_LATE = auto()
    USED = auto()  # the browser came back with it before
    DENIED = auto()  # the merchant, or Asperion, did not consent
    NO_CODE = auto()  # Asperion sent another error, or nothing that can be used
    CODE_REFUSED = auto()  # Asperion takes the code no more
    NO_ADMINISTRATION = auto()  # the account opens none
    OTHER_ACCOUNT = auto()  # the account does not open the administration of the shop


class ConnectRefused(RequestError):
    """Nothing was changed, because of an `obstacle`. `name` is the administration's where it is
    about one.
    """

    def __init__(self, obstacle: ConnectObstacle, name: str = "") -> None:
        super().__init__(f"The connection is not made: {obstacle.name.lower()}.")
        self.obstacle = obstacle
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser brings back from Asperion: parameters of the address, empty where there is
    none.
    """

    state: str = field(repr=False, default="")
    code: str = field(repr=False, default="")
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The administrations that the account opens, at least one; `is_again` when the shop's own is
    one of them, so that it goes on as before.
    """

    administrations: tuple[Administration, ...]
    is_again: bool


def begin_connecting(workspace: Workspace, session: str) -> str:
    """Where the merchant of that session goes to sign in at Asperion. Raises `AsperionUnavailable`
    where this installation offers no connection, `ConnectRefused`, `LedgerError`.
    """
    _check_installed(workspace.shop)
    identity, state = find_identity(workspace), secrets.token_urlsafe(32)
    key, now = workspace.prints_keys[0], workspace.now()
    name, mark = _print(key, "state", state), _print(key, "session", session)
    workspace.connector.shops.change(
        workspace.shop_id, ConnectRequests, lambda kept: add_request(kept, name, mark, now)
    )
    return identity.write_authorize_url(
        state=state,
        challenge=_challenge(_derive_verifier(key, state)),
        redirect_uri=_write_redirect(workspace),
    )


def finish_connecting(workspace: Workspace, session: str, answer: Answer) -> Connected:
    """The browser comes back from Asperion. What is granted takes the place of what was granted
    before. Raises `ConnectRefused`, `AsperionError`, `VaultError`, `LedgerError`, each with the
    former connection as it was.
    """
    _check_installed(workspace.shop)
    key = _use_state(workspace, session, answer.state)
    if answer.error or not answer.code:
        is_denied = answer.error == "access_denied"
        raise ConnectRefused(ConnectObstacle.DENIED if is_denied else ConnectObstacle.NO_CODE)
    grant = _exchange(workspace, answer, key)
    administrations = _list_opened(workspace, grant)
    connection = workspace.shop.connection
    opened = {each.id for each in administrations}
    if connection is not None and connection.administration.id not in opened:
        raise ConnectRefused(ConnectObstacle.OTHER_ACCOUNT, connection.administration.name)
    _keep(workspace, grant)
    if connection is not None:
        _go_on(workspace, administrations)
    return Connected(administrations=administrations, is_again=connection is not None)


def list_administrations(workspace: Workspace) -> tuple[Administration, ...]:
    """The administrations that the shop's connection opens. Raises `AsperionError`, `VaultError`."""
    return tuple(workspace.open_administration(None).list_administrations())


def _check_installed(shop: Shop) -> None:
    if shop.state in NOT_INSTALLED:
        raise ConnectRefused(ConnectObstacle.NOT_INSTALLED)


def _use_state(workspace: Workspace, session: str, state: str) -> bytes:
    """Use up the request that a state belongs to; returns the key that its names are made with."""
    now, by_name = workspace.now(), {_print(k, "state", state): k for k in workspace.prints_keys}
    found: list[bytes] = []

    def use(kept: ConnectRequests | None) -> ConnectRequests | None:
        known = {} if kept is None else kept.by_state
        name = next((each for each in by_name if each in known), None)
        if kept is None or name is None:
            raise ConnectRefused(ConnectObstacle.NOT_BEGUN)
        found[:] = [by_name[name]]
        obstacle = _find_obstacle(known[name], _print(found[0], "session", session), now)
        if obstacle is not None:
            raise ConnectRefused(obstacle)
        return use_request(kept, name, now)

    workspace.connector.shops.change(workspace.shop_id, ConnectRequests, use)
    return found[0]


def _find_obstacle(request: ConnectRequest, session: str, now: datetime) -> ConnectObstacle | None:
    if request.session != session:
        return ConnectObstacle.OTHER_SESSION
    if request.used_at is not None:
        return ConnectObstacle.USED
    return ConnectObstacle.TOO_LATE if now >= request.until else None


def _exchange(workspace: Workspace, answer: Answer, key: bytes) -> TokenGrant:
    try:
        return find_identity(workspace).exchange_code(
            answer.code,
            verifier=_derive_verifier(key, answer.state),
            redirect_uri=_write_redirect(workspace),
        )
    except GrantRefused as error:
        raise ConnectRefused(ConnectObstacle.CODE_REFUSED) from error


@dataclass(frozen=True, slots=True)
class _JustGranted:
    """Port `AccessTokens` for what was granted this moment and is not kept yet."""

    access: str = field(repr=False)

    def get(self) -> str:
        return self.access

    def renew(self, refused: str) -> str:
        raise ConnectionRefused("Asperion refuses the access that it has just granted.")


def _list_opened(workspace: Workspace, grant: TokenGrant) -> tuple[Administration, ...]:
    api = workspace.connector.find_front_door().open_api(_JustGranted(grant.access), None)
    if workspace.is_page:
        api.limit_time(PATIENCE)
    opened = tuple(api.list_administrations())
    if not opened:
        raise ConnectRefused(ConnectObstacle.NO_ADMINISTRATION)
    return opened


def _keep(workspace: Workspace, grant: TokenGrant) -> None:
    """Keep what was granted, unless the app was removed meanwhile."""
    tokens, shops, shop_id = (
        seal_grant(workspace, grant),
        workspace.connector.shops,
        workspace.shop_id,
    )
    shops.change(shop_id, AsperionTokens, lambda kept: tokens)
    found = workspace.connector.find_shop(shop_id)
    if found.installed_at != workspace.shop.installed_at or found.state in NOT_INSTALLED:
        shops.forget_if(shop_id, AsperionTokens, lambda kept: kept.granted_at == tokens.granted_at)
        raise ConnectRefused(ConnectObstacle.NOT_INSTALLED)


def _go_on(workspace: Workspace, opened: tuple[Administration, ...]) -> None:
    """The connection that the shop has goes on with the new access; so do the runs."""
    names = {each.id: each for each in opened}

    def go_on(stored: Shop) -> Connection | None:
        kept = stored.connection
        if kept is None:
            return None
        return replace(
            kept,
            administration=names.get(kept.administration.id, kept.administration),
            left_at=None,
        )

    was_left = (
        workspace.shop.connection is not None and workspace.shop.connection.left_at is not None
    )
    if was_left:
        change_connection(workspace, ConnectionStep.CONNECT, go_on, by=Actor.MERCHANT)
    else:
        workspace.update_shop(lambda stored: replace(stored, connection=go_on(stored)))
        workspace.append_audit(ShopStep.CONNECT_AGAIN, Actor.MERCHANT)
    trouble = read_trouble(workspace)
    if trouble is not None and trouble.cause in MENDED_BY_CONNECTING:
        clear_trouble(workspace)
        export_soon(workspace)


def _write_redirect(workspace: Workspace) -> str:
    return f"{workspace.connector.settings.public_url}{CALLBACK}"


def _print(key: bytes, what: str, text: str) -> str:
    return hmac.digest(key, f"connecting/{what}/{text}".encode(), "sha256").hex()


def _derive_verifier(key: bytes, state: str) -> str:
    """A code verifier of RFC 7636: 43 characters, which nobody derives without the secret."""
    return _encode(hmac.digest(key, f"connecting/verifier/{state}".encode(), "sha256"))


def _challenge(verifier: str) -> str:
    return _encode(hashlib.sha256(verifier.encode()).digest())


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
