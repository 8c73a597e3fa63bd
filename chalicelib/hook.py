"""The webhook's own Lambda, composed of the few parts that it needs, for a short cold start.

It imports no template engine and no HTTP client. Its role may only read a shop's standing and write
orders.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from botocore.session import get_session

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.parameters import read_secret
from chalicelib.figures import count_refusal
from chalicelib.logs import configure_logs
from chalicelib.settings import WEBHOOK, read_settings
from chalicelib.usecases.connector import HintParts
from chalicelib.web.http.http_messages import Response, read_request
from chalicelib.web.http.webhook_delivery import answer_delivery


@cache
def open_parts() -> HintParts:
    """The parts, composed once a process. Raises `SettingsError`."""
    configure_logs()
    secret = partial(read_secret, ssm=_open_parameter_store)
    settings = read_settings(os.environ, secret=secret, needed=WEBHOOK)
    tables = open_tables(settings.table_prefix)
    return HintParts(
        settings=settings,
        clock=lambda: datetime.now(UTC),
        shops=tables.shops,
        entries=tables.entries,
    )


def _open_parameter_store() -> Any:
    """Botocore's own client: boto3 would bring its S3 transfers along, half of this cold start."""
    return get_session().create_client("ssm")


def answer_webhook(request: Any) -> Response:
    """The response to one delivery, from Chalice's request."""
    parts = open_parts()
    delivery = read_request(request)
    answer = answer_delivery(delivery, parts=parts, secret=parts.settings.app_secret)
    count_refusal(delivery, answer)
    return answer
