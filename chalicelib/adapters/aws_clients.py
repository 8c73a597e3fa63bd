"""Clients of AWS's services, of one boto3 session a process. boto3 is imported with the first of
them: the functions that need none start without it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.config import Config


def make_client(service: str, *, config: Config | None = None) -> Any:
    """A client of a service, such as ``sqs``. Region and keys come from the SDK's own settings."""
    make: Any = _share_session().client  # whose type wants a literal
    return make(service, config=config)


@cache
def _share_session() -> Session:
    """One for all clients of the process: it reads what AWS's endpoints are once."""
    from boto3.session import Session

    return Session()
