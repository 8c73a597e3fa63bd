"""What becomes of a file: the inbox's answer to it, and then its answer to the question for it.

An answer alone proves little: a proxy may repeat a PUT, so that the second answer (412, 403, 429)
says no to a file that the first one stored; a page to sign in may answer 200 and store nothing. So
every answer is followed by the question whether the file is there, at once, and `OUTCOMES` weighs
the two. Only what both leave no doubt of counts: as placed, or as absent, whereupon the orders go
into another file. `https` and `s3` read their answers into the same codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from chalicelib.ports import Presence


class Answer(Enum):
    """What an inbox's answer to a file says, taken alone."""

    STORED = "stored"
    TAKEN = "taken"  # something is or was under this name
    REFUSED = "refused"  # for a reason that lasts: nothing is stored
    NOT_NOW = "not now"  # for a reason that passes: too early, too many, too slow, full
    PROVES_NOTHING = "proves nothing"  # accepted for later, broken, in conflict, or a page


class Outcome(Enum):
    """What answer and question together mean."""

    SHOWN = "shown"  # placed: the inbox shows it
    TRUSTED = "trusted"  # placed: the inbox says so, and cannot be asked
    ABSENT = "absent"  # proven: its orders are free
    UNKNOWN = "unknown"  # asked again later, when "not there" is proof
    CONTRADICTED = "contradicted"  # asked again later, but "not there" is no proof any more


_STORED = frozenset({200, 201, 204})
_TAKEN = frozenset({410, 412})
_NOT_NOW = frozenset({408, 425, 429, 507})
_REFUSED = frozenset({301, 307, 308, *range(400, 452)}) - {408, 409, 410, 412, 423, 425, 429}
"""That it lies elsewhere says a permanent redirect, or one that keeps the method. 302 and 303 are
not among them: they also follow what was stored.
"""


def read_status(status: int, *, is_page: bool = False) -> Answer:
    """What an HTTP status says of a file. `is_page`: the answer that comes with it is not one of an
    inbox, which takes a good status its worth.
    """
    if status in _STORED:
        return Answer.PROVES_NOTHING if is_page else Answer.STORED
    if status in _TAKEN:
        return Answer.TAKEN
    if status in _NOT_NOW:
        return Answer.NOT_NOW
    return Answer.REFUSED if status in _REFUSED else Answer.PROVES_NOTHING


_SHOWN = {Presence.SAME: Outcome.SHOWN}  # whatever the answer was: the inbox has it
_DOUBTFUL = {
    **_SHOWN,
    # Something lies there: half of this file, or what a proxy made of it. Its orders may be booked.
    Presence.DIFFERENT: Outcome.CONTRADICTED,
    Presence.ABSENT: Outcome.UNKNOWN,
    Presence.CANNOT_TELL: Outcome.UNKNOWN,
    Presence.NO_INBOX: Outcome.UNKNOWN,
}

OUTCOMES: Mapping[Answer, Mapping[Presence, Outcome]] = {
    Answer.STORED: {
        **_SHOWN,
        Presence.DIFFERENT: Outcome.CONTRADICTED,
        # It may show the file in a moment, or have handed it on: sent again it might count twice.
        Presence.ABSENT: Outcome.CONTRADICTED,
        # An inbox need not answer questions; then its word is all that there is.
        Presence.CANNOT_TELL: Outcome.TRUSTED,
        # A page answers the question: it may have answered the file as well.
        Presence.NO_INBOX: Outcome.CONTRADICTED,
    },
    Answer.TAKEN: {
        **_SHOWN,
        # By what? It may be this file, from an attempt that a proxy made.
        Presence.DIFFERENT: Outcome.CONTRADICTED,
        Presence.ABSENT: Outcome.CONTRADICTED,
        Presence.CANNOT_TELL: Outcome.CONTRADICTED,
        Presence.NO_INBOX: Outcome.CONTRADICTED,
    },
    Answer.REFUSED: {
        **_SHOWN,
        Presence.DIFFERENT: Outcome.CONTRADICTED,
        Presence.ABSENT: Outcome.ABSENT,
        # A door that is shut to the file is mostly shut to the question too (a wrong licence
        # code: 403 to both). The refusal says itself that nothing is stored; nothing speaks
        # against it.
        Presence.CANNOT_TELL: Outcome.ABSENT,
        Presence.NO_INBOX: Outcome.ABSENT,
    },
    # Whoever turns calls away for now may do so to a file's second copy. One that says "not there"
    # as well settles it; one that does not tell will, later.
    Answer.NOT_NOW: {**_DOUBTFUL, Presence.ABSENT: Outcome.ABSENT},
    # The upload may still be worked on: "not there" is proof only later.
    Answer.PROVES_NOTHING: _DOUBTFUL,
}
"""A file whose answer never came is not in it: it is unknown, and the question comes later, when
"not there" is proof (see `usecases.filing.recovery`).
"""
