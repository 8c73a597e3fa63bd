"""What goes wrong between the connector and Asperion's API in memory."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from chalicelib.errors import (
    AsperionBusy,
    AsperionForbidden,
    AsperionInvalid,
    AsperionNotSent,
    AsperionUnauthorised,
    AsperionUnavailable,
    AsperionUnknown,
)
from tests.fakes.call_faults import CallFault


class Fault(Enum):
    """How a call goes wrong."""

    NOT_SENT = auto()
    """Asperion cannot be reached: nothing is done."""
    LOST_BEFORE = auto()
    """No answer, and nothing is done."""
    LOST_AFTER = auto()
    """What is asked is done; the answer is lost."""
    LATE = auto()
    """No answer; a write is done later, see `MemoryAsperion.late_by`."""
    TWICE = auto()
    """A write is done twice, and answered as if it were done once."""
    TWICE_LOST = auto()
    """A write is done twice, and the answer is lost."""
    BUSY = auto()
    """429: nothing is done, to be asked again from `until` on."""
    UNAVAILABLE = auto()
    """5xx: nothing is done, which the caller of a write cannot know."""
    UNAUTHORISED = auto()
    """401, also with a new token."""
    FORBIDDEN = auto()
    """403."""
    INVALID = auto()
    """These `fields` are refused; nothing is done."""
    HALF_LIST = auto()
    """A list that breaks off in the middle."""


IS_DONE = (Fault.LOST_AFTER, Fault.TWICE, Fault.TWICE_LOST)
IS_TWICE = (Fault.TWICE, Fault.TWICE_LOST)
IS_UNKNOWN = (
    Fault.LOST_BEFORE,
    Fault.LOST_AFTER,
    Fault.LATE,
    Fault.TWICE_LOST,
    Fault.UNAVAILABLE,
)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call: the method's name, the administration, and its first argument (an e-mail address, a
    description, an id, a day)."""

    name: str
    administration_id: int | None = None
    about: object = None
    is_trial: bool = False


@dataclass(slots=True, kw_only=True)
class _Failure(CallFault):
    fault: Fault
    until: datetime | None
    fields: tuple[str, ...]

    def raise_plainly(self) -> None:
        """Raise what tells the caller for certain that nothing was done."""
        match self.fault:
            case Fault.NOT_SENT:
                raise AsperionNotSent("no connection")
            case Fault.BUSY:
                assert self.until is not None, "a busy Asperion says until when"
                raise AsperionBusy("too many calls", until=self.until, status=429)
            case Fault.UNAUTHORISED:
                raise AsperionUnauthorised("the token is refused", status=401)
            case Fault.FORBIDDEN:
                raise AsperionForbidden("the administration is closed", status=403)
            case Fault.INVALID:
                raise AsperionInvalid("fields are refused", fields=self.fields, status=400)


@dataclass(slots=True)
class Faults:
    """The faults that were asked for, in that order."""

    failures: list[_Failure] = field(default_factory=list)

    def add(
        self,
        fault: Fault,
        names: tuple[str, ...],
        *,
        about: Container[object] | None = None,
        after: int = 0,
        times: int | None = None,
        until: datetime | None = None,
        fields: tuple[str, ...] = (),
    ) -> None:
        """See `MemoryAsperion.fail`."""
        failure = _Failure(
            fault=fault,
            names=names,
            about=about,
            after=after,
            times=times,
            until=until,
            fields=fields,
        )
        self.failures.append(failure)

    def take(self, call: ApiCall) -> Fault | None:
        """The fault that this call meets, unless it is one that proves that nothing was done: that
        is raised.
        """
        for failure in self.failures:
            if failure.concerns(call):
                failure.raise_plainly()
                return failure.fault
        return None


def raise_lost(fault: Fault | None, *, is_write: bool) -> None:
    """What the caller sees when the answer is lost or proves nothing."""
    if fault not in IS_UNKNOWN:
        return
    status = 502 if fault is Fault.UNAVAILABLE else None
    if is_write:
        raise AsperionUnknown("no answer to a write", status=status)
    raise AsperionUnavailable("no usable answer", status=status)
