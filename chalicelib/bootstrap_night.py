"""The composition of what works without shops' secrets: what starts a night, and the morning's
report. Neither has an HTTP client or a template engine to start with.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial

from chalicelib.adapters.aws_clients import make_client
from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.adapters.stack_alarms import StackAlarms
from chalicelib.logs import configure_logs
from chalicelib.ports import Clock
from chalicelib.settings import REPORT, SENDERS, Settings, read_settings
from chalicelib.usecases.connector import ReportParts, SenderParts


@cache
def open_senders() -> SenderParts:
    """What the nightly senders of this process need. Raises `SettingsError`."""
    configure_logs()
    return compose_senders(os.environ)


@cache
def open_reporter() -> ReportParts:
    """What the morning's report of this process needs. Raises `SettingsError`."""
    configure_logs()
    return compose_reporter(os.environ)


def compose_senders(environ: Mapping[str, str]) -> SenderParts:
    """What the nightly senders need, from an environment; none of its secrets is read."""
    settings = read_settings(environ, needed=SENDERS)
    return SenderParts(
        settings=settings, clock=partial(datetime.now, UTC), queue=_open_queue(settings)
    )


def compose_reporter(environ: Mapping[str, str], *, clock: Clock | None = None) -> ReportParts:
    """What the morning's report needs, from an environment; none of its secrets is read."""
    settings = read_settings(environ, needed=REPORT)
    return ReportParts(
        settings=settings,
        shops=open_tables(settings.table_prefix).shops,
        queue=_open_queue(settings),
        clock=clock or partial(datetime.now, UTC),
        alarms=StackAlarms(settings.stack_name, settings.alarm_topic),
    )


def _open_queue(settings: Settings) -> SqsExportQueue:
    return SqsExportQueue(partial(make_client, "sqs"), settings.export_queue_url)
