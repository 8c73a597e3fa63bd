"""How one sandbox shop platform is started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Config:
    """Settings of a sandbox.

    ``app_key`` and ``app_secret`` are the partner app's first pair; ``app_url`` is the app's public
    base, to which ``/install``, ``/cancel`` and ``/uninstall`` are appended. ``port`` 0 takes any
    free port. ``mail_url`` is where the mail that apps send is caught, if it is. ``clock`` gives
    aware datetimes. ``webhook_timeout`` is in seconds. ``threads`` are many because a call that
    hangs on purpose keeps one busy.
    """

    app_key: str
    app_secret: str
    app_url: str
    host: str = "127.0.0.1"
    port: int = 0
    mail_url: str = ""
    threads: int = 64
    webhook_workers: int = 4
    webhook_timeout: float = 15.0
    clock: Clock = system_clock
