"""The composition root: reads the settings and puts the connector together, once a process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import boto3
import requests

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.inbox import check_inbox_url, open_inbox
from chalicelib.adapters.parameters import read_secret
from chalicelib.adapters.seoshop import Deadline, SeoshopApi
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.axml import Profile, load_profile
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.shops import Shop
from chalicelib.errors import ShopUnauthorised
from chalicelib.logs import configure_logs
from chalicelib.ports import Clock, ShopApi
from chalicelib.settings import Settings, read_settings
from chalicelib.usecases.connector import Connector
from chalicelib.version import USER_AGENT

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
ATTENDED = (3.0, 10.0)  # seconds to connect and to read, where a person waits
PAGE_TIME = 20.0  # seconds all of a page's calls may take; API Gateway gives up after 29


@cache
def open_connector() -> Connector:
    """The connector of this process. Raises `SettingsError` naming what is missing."""
    configure_logs()
    return compose_connector(os.environ)


def open_page_connector() -> Connector:
    """The connector for one page: SEOshop may take `PAGE_TIME` from now on, all calls together."""
    connector = open_connector()
    open_shop: Any = connector.open_for_page  # `_open_shop`, which takes more than a shop
    return replace(connector, open_for_page=partial(open_shop, deadline=Deadline(PAGE_TIME)))


def compose_connector(environ: Mapping[str, str], *, clock: Clock | None = None) -> Connector:
    """A connector from an environment."""
    settings = read_settings(environ, secret=partial(read_secret, ssm=partial(boto3.client, "ssm")))
    check_inbox_url(settings.inbox_url)
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    lifetimes = Lifetimes(audit=settings.keep_audit, after_leaving=settings.keep_after_leaving)
    tables = open_tables(settings.table_prefix, lifetimes=lifetimes)
    now = clock or partial(datetime.now, UTC)
    return Connector(
        settings=settings,
        clock=now,
        shops=tables.shops,
        entries=tables.entries,
        files=tables.files,
        queue=SqsExportQueue(partial(boto3.client, "sqs"), settings.export_queue_url),
        open_shop=partial(_open_shop, settings, session, now),
        open_for_page=partial(_open_shop, settings, session, now, reserve=0.0, timeout=ATTENDED),
        open_inbox=lambda shop: open_inbox(settings.inbox_url, shop.licence or "", session=session),
        profile=_load_profile_once(TEMPLATES / "axml" / settings.axml_profile),
    )


def _open_shop(
    settings: Settings, session: requests.Session, clock: Clock, shop: Shop, **limits: Any
) -> ShopApi:
    """`limits` are those of `SeoshopApi`: reserve, timeout and deadline."""
    if shop.token is None:
        raise ShopUnauthorised(f"Shop {shop.shop_id} has no token; install the app again.")
    return SeoshopApi(
        session=session,
        base_url=settings.api_urls[shop.cluster],
        app_key=settings.app_key,
        app_secret=settings.app_secret,
        token=shop.token,
        language=shop.language,
        clock=clock,
        **limits,
    )


@cache
def _load_profile_once(directory: Path) -> Callable[[], Profile]:
    return cache(partial(load_profile, directory))
