"""The webhook's own Lambda, composed of the few parts that it needs, for a short cold start.

It imports no template engine and no HTTP client. Its role may only read a shop's standing and write
orders.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.session import get_session

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.parameters import PATIENCE, ParameterStore
from chalicelib.adapters.turning_secrets import TurningSecrets
from chalicelib.logs import configure_logs
from chalicelib.settings import WEBHOOK, read_settings
from chalicelib.usecases.connector import HintParts
from chalicelib.web.http.http_messages import Response, read_request
from chalicelib.web.http.webhook_delivery import answer_delivery


@cache
def open_parts() -> HintParts:
    """The parts, composed once a process. Raises `SettingsError`."""
    configure_logs()
    settings = read_settings(os.environ, needed=WEBHOOK)
    own = {name: os.environ[name] for name in WEBHOOK}
    fetch = ParameterStore(_open_parameter_store).fetch
    tables = open_tables(settings.table_prefix)
    return HintParts(
        settings=settings,
        secrets=TurningSecrets(own, fetch, age=settings.secrets_age),
        clock=lambda: datetime.now(UTC),
        shops=tables.shops,
        entries=tables.entries,
    )


def _open_parameter_store() -> Any:
    """Botocore's own client: boto3 would bring its S3 transfers along, half of this cold start."""
    return get_session().create_client("ssm", config=PATIENCE)


def answer_webhook(request: Any) -> Response:
    """The response to one delivery, from Chalice's request."""
    return answer_delivery(read_request(request), parts=open_parts())
