"""Clients of AWS's services, of one boto3 session a process. boto3 and botocore's settings are
imported with the first of them: the functions that need none start without.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.session import Session


Limits = Mapping[str, Any]
"""How long a client waits and how often it tries, by the names of botocore's ``Config``."""

PATIENCE: Limits = MappingProxyType(
    {"connect_timeout": 1, "read_timeout": 2, "retries": {"total_max_attempts": 2}}
)
"""Of a client that is asked while somebody waits."""


def make_client(service: str, *, limits: Limits | None = None) -> Any:
    """A client of a service, such as ``sqs``. Region and keys come from the SDK's own settings."""
    from botocore.config import Config

    make: Any = _share_session().client  # whose type wants a literal
    return make(service, config=Config(**limits) if limits else None)


@cache
def _share_session() -> Session:
    """One for all clients of the process: it reads what AWS's endpoints are once."""
    from boto3.session import Session

    return Session()
