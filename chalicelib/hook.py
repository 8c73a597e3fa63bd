"""The webhook function: its own Lambda, a smaller composition, a colder start made shorter.

It imports no template engine and no HTTP client, and its role may only read a shop's standing and
write orders.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from botocore.session import get_session

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.parameters import read_secret
from chalicelib.logs import configure
from chalicelib.ports import Clock, Entries, Shops
from chalicelib.settings import WEBHOOK, Settings, read_settings
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.webhook_delivery import receive


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What taking hints in needs."""

    settings: Settings
    clock: Clock
    shops: Shops
    entries: Entries


@cache
def listener() -> Listener:
    """The function's parts, put together at its first call. Raises `SettingsError`."""
    configure()
    settings = read_settings(
        os.environ,
        secret=partial(read_secret, ssm=_parameter_store),
        needed=WEBHOOK,
    )
    tables = open_tables(settings.table_prefix)
    return Listener(
        settings=settings,
        clock=lambda: datetime.now(UTC),
        shops=tables.shops,
        entries=tables.entries,
    )


def _parameter_store() -> Any:
    """Botocore's own client: boto3 would bring its S3 transfers along, half of this cold start."""
    return get_session().create_client("ssm")


def webhook(request: Any, shop_id: str, topic: str) -> Response:
    """One delivery, from Chalice's request."""
    parts = listener()
    headers: Mapping[str, str] = {name.lower(): value for name, value in request.headers.items()}
    return receive(
        shop_id,
        topic,
        headers,
        request.raw_body,
        listener=parts,
        secret=parts.settings.app_secret,
    )
