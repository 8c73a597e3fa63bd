"""Clients of AWS's services: botocore's own. boto3 would bring S3 transfers and their processes
along, a tenth of a cold start, and adds nothing that is used here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session


def make_client(service: str, *, config: Config | None = None) -> Any:
    """A client of a service, such as ``sqs``. Region and keys come from the SDK's own settings."""
    return _share_session().create_client(service, config=config)


@cache
def _share_session() -> Session:
    """One for all clients of the process: it reads what AWS's endpoints are once."""
    return get_session()
