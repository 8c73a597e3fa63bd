"""What an answer of Asperion's API that is no success means: which error, and whether anything can
have been stored. Of its text nothing is kept but which fields it names, see
`domain.refused_fields`.

=============== =================================== =================================
status          a read                              a write
=============== =================================== =================================
429             `AsperionBusy`                      `AsperionBusy`
503 with a time `AsperionBusy`                      `AsperionUnknown`: a gateway says it
403, 404        `AsperionForbidden`                 `AsperionForbidden`
400, 413, 415,  `AsperionInvalid` in JSON, else     `AsperionInvalid` in JSON, else
422             `AsperionUnavailable`               `AsperionUnknown`: a proxy says it
all else        `AsperionUnavailable`               `AsperionUnknown`
=============== =================================== =================================

404 is an answer to lists and to what is posted to them, which are there as long as the
administration is; one that is no JSON is a proxy's, as above.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib.adapters.retry_after import read_retry_after
from chalicelib.domain.refused_fields import RefusedField, read_field
from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionForbidden,
    AsperionInvalid,
    AsperionUnauthorised,
    AsperionUnavailable,
    AsperionUnknown,
)
from chalicelib.lazy_dataclass import dataclass

UNKNOWN_WAIT = timedelta(minutes=1)
"""How long to wait after a 429 that does not say."""

MOST_FIELDS = 50
_INVALID = frozenset({400, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """An answer as it came: nothing of it goes into an error or a log but the status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        """Whether it says that what was asked was done."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class RestCall:
    """A call as errors and logs name it: its method and resource, without ids and filters."""

    method: str
    resource: str
    only_checks: bool = False
    """A check that stores nothing: what is lost of it can be repeated."""

    @property
    def is_write(self) -> bool:
        """Whether something may be stored by it."""
        return self.method != "GET" and not self.only_checks

    def __str__(self) -> str:
        return f"{self.method} {self.resource}"


class _Problem(msgspec.Struct):
    """What is taken of an error answer: which fields it names."""

    errors: Any = None


def make_refusal(answer: RestAnswer, call: RestCall, now: datetime) -> AsperionError:
    """The error for an answer that is no success."""
    status = answer.status
    if status == 401:
        return AsperionUnauthorised(
            f"Asperion refuses the access token for {call}, also the renewed one.", status=status
        )
    retry_after = answer.headers.get("Retry-After", "")
    until = read_retry_after(retry_after, now)
    if status == 429 or (status == 503 and until is not None and not call.is_write):
        return make_busy(call, until or now + UNKNOWN_WAIT, now, status=status)
    if status == 403:
        return _make_forbidden(call, status)
    fields = _read_fields(answer.body)
    if status == 404 and fields is not None:
        return _make_forbidden(call, status)
    if status in _INVALID and fields is not None:
        named = ", ".join(fields) or RefusedField.OTHER
        return AsperionInvalid(
            f"Asperion refuses what {call} sent ({status}): {named}.", fields=fields, status=status
        )
    return make_lost(call, f"with status {status}", status=status)


def make_busy(
    call: RestCall, until: datetime, now: datetime, *, status: int | None = None
) -> AsperionBusy:
    """The error for a call that has to wait until a moment, for a second at least."""
    later = max(until, now + timedelta(seconds=1))
    return AsperionBusy(
        f"Asperion takes no {call} until {later:%Y-%m-%d %H:%M:%S} UTC.", until=later, status=status
    )


def make_lost(call: RestCall, what: str, *, status: int | None = None) -> AsperionError:
    """The error for an answer that proves nothing: for a write it may be there, or not."""
    if call.is_write:
        return AsperionUnknown(
            f"Asperion answered {call} {what}: whether it was carried out is not known.",
            status=status,
        )
    return AsperionUnavailable(f"Asperion answered {call} {what}.", status=status)


def _make_forbidden(call: RestCall, status: int) -> AsperionForbidden:
    return AsperionForbidden(
        f"Asperion does not open the administration for {call} ({status}).", status=status
    )


def _read_fields(body: bytes) -> tuple[str, ...] | None:
    """The codes of the fields that an error names, each once; None when it is no JSON object."""
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    named = problem.errors if isinstance(problem.errors, dict) else {}
    codes = [read_field(str(name)) for name in list(named)[:MOST_FIELDS]]
    return tuple(sorted({code.value for code in codes}))
