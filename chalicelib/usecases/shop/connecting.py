"""The merchant goes to Asperion's sign-in page, and comes back with access to his administrations.

Whatever comes back wrongly leaves a connection as it is.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import timedelta

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connection import AsperionTokens, Connection
from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import ConnectionRefused, GrantRefused
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import TokenGrant
from chalicelib.usecases.asperion_tokens import seal_grant
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.shop.connect_states import start_state, use_state
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
    """Where the merchant of the session of that name goes to sign in at Asperion. Raises
    `AsperionUnavailable` where this installation offers no connection, `ConnectRefused`,
    `LedgerError`.
    """
    check_installed(workspace.shop)
    identity = workspace.connector.find_front_door().identity
    started = start_state(workspace, session)
    return identity.write_authorize_url(
        state=started.state, challenge=started.challenge, redirect_uri=_write_redirect(workspace)
    )


def finish_connecting(workspace: Workspace, session: str, answer: Answer) -> Connected:
    """The browser comes back from Asperion. What is granted takes the place of what was granted
    before; a run is asked for when orders waited for it. Raises `ConnectRefused`, `AsperionError`,
    `VaultError`, `LedgerError`, each with the former connection as it was.
    """
    check_installed(workspace.shop)
    verifier = use_state(workspace, session, answer.state)
    if answer.error or not answer.code:
        is_denied = answer.error == "access_denied"
        raise ConnectRefused(ConnectObstacle.DENIED if is_denied else ConnectObstacle.NO_CODE)
    grant = _exchange(workspace, answer.code, verifier)
    opened = _list_opened(workspace, grant)
    connection = workspace.shop.connection
    if connection is not None and connection.administration.id not in {one.id for one in opened}:
        raise ConnectRefused(ConnectObstacle.OTHER_ACCOUNT, connection.administration.name)
    _keep(workspace, grant)
    if connection is not None:
        _go_on(workspace, opened)
    return Connected(administrations=opened, is_again=connection is not None)


def list_administrations(workspace: Workspace) -> tuple[Administration, ...]:
    """The administrations that the shop's connection opens. Raises `AsperionError`,
    `VaultError`.
    """
    api = workspace.open_administration(None)
    if workspace.is_page:
        api.limit_time(PATIENCE)
    return tuple(api.list_administrations())


def check_installed(shop: Shop) -> None:
    """Raise `ConnectRefused` for a shop that is not installed."""
    if shop.state in NOT_INSTALLED:
        raise ConnectRefused(ConnectObstacle.NOT_INSTALLED)


def clear_connection_trouble(workspace: Workspace) -> None:
    """What kept orders from going into the administration is over: they need not wait longer."""
    trouble = read_trouble(workspace)
    if trouble is not None and trouble.cause in MENDED_BY_CONNECTING:
        clear_trouble(workspace)
        export_soon(workspace)


def _exchange(workspace: Workspace, code: str, verifier: str) -> TokenGrant:
    identity, redirect = workspace.connector.find_front_door().identity, _write_redirect(workspace)
    try:
        return identity.exchange_code(code, verifier=verifier, redirect_uri=redirect)
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
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    tokens = seal_grant(workspace.connector, workspace.shop_id, grant)
    shops.change(shop_id, AsperionTokens, lambda kept: tokens)
    found = workspace.connector.find_shop(shop_id)
    if found.installed_at != workspace.shop.installed_at or found.state in NOT_INSTALLED:
        shops.forget_if(shop_id, AsperionTokens, lambda kept: kept.access == tokens.access)
        raise ConnectRefused(ConnectObstacle.NOT_INSTALLED)


def _go_on(workspace: Workspace, opened: tuple[Administration, ...]) -> None:
    """The connection that the shop has goes on with the new access, and so do the runs."""
    names, now = {each.id: each for each in opened}, workspace.now()

    def go_on(stored: Shop) -> Connection | None:
        kept = stored.connection
        if kept is None:
            return None
        administration = names.get(kept.administration.id, kept.administration)
        return replace(kept, administration=administration, left_at=None, changed_at=now)

    connection = workspace.shop.connection
    if connection is not None and connection.left_at is not None:
        change_connection(workspace, ConnectionStep.CONNECT, go_on, by=Actor.MERCHANT)
    else:
        workspace.update_shop(lambda stored: replace(stored, connection=go_on(stored)))
        workspace.append_audit(ShopStep.CONNECT_AGAIN, Actor.MERCHANT)
    clear_connection_trouble(workspace)


def _write_redirect(workspace: Workspace) -> str:
    return f"{workspace.connector.settings.public_url}{CALLBACK}"
