"""How one sandbox shop platform is started."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.serving import ServerConfig


@dataclass(frozen=True)
class Config(ServerConfig):
    """Settings of a sandbox.

    ``app_key`` and ``app_secret`` are the partner app's first pair; ``app_url`` is the app's public
    base, to which ``/install``, ``/cancel`` and ``/uninstall`` are appended. ``mail_url`` is where
    the mail that apps send is caught, if it is. ``webhook_timeout`` is in seconds. ``threads`` are
    many because a call that hangs on purpose keeps one busy.
    """

    app_key: str
    app_secret: str
    app_url: str
    mail_url: str = ""
    webhook_workers: int = 4
    webhook_timeout: float = 15.0
    threads: int = field(default=64, kw_only=True)
