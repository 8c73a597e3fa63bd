"""AWS in memory: moto, entered with credentials that open nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from moto import mock_aws
from moto.core.config import DefaultConfig

REGION = "eu-central-1"
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
}
# boto3 keeps its session, which reads the models of each service once: half a second a test.
_KEPT = cast("DefaultConfig", {"core": {"reset_boto3_session": False}})


@contextmanager
def aws_in_memory() -> Iterator[None]:
    """An account without anything in it, as boto3 sees it by its environment."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(config=_KEPT):
        for name, value in _ENVIRONMENT.items():
            patch.setenv(name, value)
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        yield
