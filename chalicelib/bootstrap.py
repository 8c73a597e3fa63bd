"""The composition root: reads the settings and puts the connector together, once a process.

What a call may do without is imported when it is opened: a page that shows what is in the tables
starts without any HTTP client, and without the profiles of files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.aws_clients import PATIENCE, make_client
from chalicelib.adapters.deadline import Deadline
from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.inbox import check_inbox_url, open_inbox
from chalicelib.adapters.kms import KmsVault
from chalicelib.adapters.parameters import ParameterStore
from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.adapters.turning_secrets import TurningSecrets
from chalicelib.adapters.vies import ViesRegister
from chalicelib.domain.behaviours import find_behaviour
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.errors import SettingsError, ShopUnauthorised, UnknownBehaviour
from chalicelib.logs import configure_logs
from chalicelib.ports import AccessTokens, AsperionApi, Clock, Inbox, Secrets, ShopApi, Vault
from chalicelib.settings import Settings, read_settings
from chalicelib.usecases.connector import Connector, FrontDoor, Post
from chalicelib.version import USER_AGENT

if TYPE_CHECKING:
    import requests

    from chalicelib.axml import Profile

    OpenSession = Callable[[], requests.Session]

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
ATTENDED = (3.0, 10.0)  # seconds to connect and to read, where a person waits
QUESTION_TIME = 4.0  # seconds for one question to VIES, where a person waits
PAGE_TIME = 20.0  # seconds all of a page's calls may take; API Gateway gives up after 29


@cache
def open_connector() -> Connector:
    """The connector of this process. Raises `SettingsError` naming what is missing."""
    configure_logs()
    return compose_connector(os.environ)


def open_page_connector() -> Connector:
    """The connector for one page: SEOshop and Asperion may take `PAGE_TIME` from now on, all calls
    together.
    """
    connector = open_connector()
    deadline = Deadline(PAGE_TIME)
    open_shop: Any = connector.open_for_page  # `_open_shop`, which takes more than a shop
    return replace(
        connector,
        open_for_page=partial(open_shop, deadline=deadline),
        vat_register=connector.vat_register.limit_time(QUESTION_TIME),
        front_door=_limit_door(connector.front_door, deadline),
    )


def compose_connector(environ: Mapping[str, str], *, clock: Clock | None = None) -> Connector:
    """A connector from an environment."""
    settings = read_settings(environ)
    check_inbox_url(settings.inbox_url)
    _check_behaviour(settings)
    parameters = ParameterStore(partial(make_client, "ssm", limits=PATIENCE))
    secrets = TurningSecrets(environ, parameters.fetch, age=settings.secrets_age)
    lifetimes = Lifetimes(audit=settings.keep_audit, after_leaving=settings.keep_after_leaving)
    tables = open_tables(settings.table_prefix, lifetimes=lifetimes)
    now = clock or partial(datetime.now, UTC)
    open_session = cache(_open_session)
    vault = KmsVault(
        partial(make_client, "kms", limits=PATIENCE),
        data_keys=secrets.data_keys,
        mark_secrets=secrets.print_secrets,
    )
    pairs = PairsInTurn(secrets.app_pairs)
    open_shop = partial(_open_shop, settings, open_session, vault, pairs=pairs, clock=now)
    return Connector(
        settings=settings,
        secrets=secrets,
        clock=now,
        shops=tables.shops,
        entries=tables.entries,
        files=tables.files,
        queue=SqsExportQueue(partial(make_client, "sqs"), settings.export_queue_url),
        vault=vault,
        open_shop=open_shop,
        open_for_page=partial(open_shop, reserve=0.0, timeout=ATTENDED),
        open_inbox=partial(_open_inbox, settings.inbox_url, open_session, vault),
        vat_register=ViesRegister(settings.vies_url, open_session, now),
        profile=partial(_load_profile, settings),
        post=_open_post(settings),
        front_door=_open_door(settings, open_session, secrets, now),
    )


def _open_session() -> requests.Session:
    """What all HTTP of a connector goes by."""
    import requests

    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    return session


def _check_behaviour(settings: Settings) -> None:
    try:
        find_behaviour(settings.behaviour)
    except UnknownBehaviour as error:
        raise SettingsError(f"BEHAVIOUR cannot be used. {error}") from None


def _open_door(
    settings: Settings, open_session: OpenSession, secrets: Secrets, clock: Clock
) -> FrontDoor | None:
    """None where Asperion gave no client id."""
    if not settings.asperion_client_id:
        return None
    from chalicelib.adapters.asperion import AsperionIdentity

    guesses = settings.asperion_guesses
    identity = AsperionIdentity(
        session=open_session(),
        base_url=settings.asperion_identity_url,
        client_id=settings.asperion_client_id,
        secrets=secrets.asperion_secrets,
        scope=guesses.scope,
        uses_pkce=guesses.sends_challenge,
    )
    return FrontDoor(identity=identity, open_api=partial(_open_api, settings, open_session, clock))


def _open_api(
    settings: Settings,
    open_session: OpenSession,
    clock: Clock,
    tokens: AccessTokens,
    administration_id: int | None,
    **given: Any,
) -> AsperionApi:
    """`given` is what else `AsperionRest` takes: timeout and deadline."""
    from chalicelib.adapters.asperion import AsperionRest

    return AsperionRest(
        session=open_session(),
        base_url=settings.asperion_api_url,
        tokens=tokens,
        administration_id=administration_id,
        guesses=settings.asperion_guesses,
        pace=settings.asperion_pace,
        clock=clock,
        **given,
    )


def _limit_door(door: FrontDoor | None, deadline: Deadline) -> FrontDoor | None:
    if door is None:
        return None
    identity: Any = door.identity  # `AsperionIdentity`
    open_api: Any = door.open_api  # `_open_api`, which takes more than tokens
    return FrontDoor(
        identity=identity.limit_time(deadline),
        open_api=partial(open_api, timeout=ATTENDED, deadline=deadline),
    )


def _open_post(settings: Settings) -> Post | None:
    if not settings.mail_from:
        return None
    from chalicelib.adapters.ses import SesMailer
    from chalicelib.web.texts.mail_texts import MailWriter

    writer = MailWriter(
        public_url=settings.public_url,
        support=settings.support_address,
        locale=TEMPLATES / "locale",
    )
    return Post(mailer=SesMailer(settings.mail_from), word=writer.word)


def _open_shop(
    settings: Settings, open_session: OpenSession, vault: Vault, shop: Shop, **given: Any
) -> ShopApi:
    """`given` is what else `SeoshopApi` takes: pairs, clock, reserve, timeout and deadline."""
    if shop.token is None:
        raise ShopUnauthorised(f"Shop {shop.shop_id} has no token; install the app again.")
    from chalicelib.adapters.seoshop.client import SeoshopApi

    return SeoshopApi(
        session=open_session(),
        base_url=settings.api_urls[shop.cluster],
        token=vault.open(shop.shop_id, SecretKind.TOKEN, shop.token),
        language=shop.language,
        **given,
    )


def _open_inbox(url: str, open_session: OpenSession, vault: Vault, shop: Shop) -> Inbox:
    sealed = shop.licence
    licence = "" if sealed is None else vault.open(shop.shop_id, SecretKind.LICENCE, sealed)
    return open_inbox(url, licence, session=open_session())


def _load_profile(settings: Settings, folder: str = "") -> Profile:
    return _load_profile_once(TEMPLATES / "axml" / (folder or settings.axml_profile))


@cache
def _load_profile_once(directory: Path) -> Profile:
    from chalicelib.axml import load_profile

    return load_profile(directory)
