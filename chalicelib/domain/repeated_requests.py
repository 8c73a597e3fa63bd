"""What persons asked for with a reason, so that a request that is repeated is known for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import ClassVar

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A person asked for a document with a reason, first at `at`; it was in `file` then, if any."""

    at: datetime
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What persons asked for with a reason, by keyed hashes: of document and reason, and of the
    document and the call that brought the request.
    """

    NAME: ClassVar[str] = "requests"

    by_reason: Mapping[str, Request] = field(default_factory=dict)
    by_call: Mapping[str, Request] = field(default_factory=dict)
