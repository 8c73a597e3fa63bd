"""The webhook's own Lambda, composed of the few parts that it needs, for a short cold start.

It imports no template engine and no HTTP client. Its role may only read a shop's standing and write
orders.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from chalicelib.adapters.aws_clients import PATIENCE, make_client
from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.parameters import ParameterStore
from chalicelib.adapters.turning_secrets import TurningSecrets
from chalicelib.figures import count_refusal
from chalicelib.logs import configure_logs, explain_error
from chalicelib.settings import WEBHOOK, read_settings
from chalicelib.usecases.connector import HintParts
from chalicelib.web.http.http_messages import Response, read_request
from chalicelib.web.http.webhook_delivery import answer_delivery, answer_failure

log = logging.getLogger(__name__)


@cache
def open_parts() -> HintParts:
    """The parts, composed once a process. Raises `SettingsError`."""
    configure_logs()
    settings = read_settings(os.environ, needed=WEBHOOK)
    own = {name: os.environ[name] for name in WEBHOOK}
    fetch = ParameterStore(partial(make_client, "ssm", limits=PATIENCE)).fetch
    tables = open_tables(settings.table_prefix)
    return HintParts(
        settings=settings,
        secrets=TurningSecrets(own, fetch, age=settings.secrets_age),
        clock=lambda: datetime.now(UTC),
        shops=tables.shops,
        entries=tables.entries,
    )


def answer_webhook(request: Any) -> Response:
    """The response to one delivery, from Chalice's request. Never raises: Chalice would log the
    error.
    """
    try:
        delivery = read_request(request)
        answer = answer_delivery(delivery, parts=open_parts())
        count_refusal(delivery, answer)
    except Exception as error:
        log.error("webhook failed", extra=explain_error(error))
        return answer_failure()
    return answer
