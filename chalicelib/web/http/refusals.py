"""What is turned away at the door, by kind: each is counted, and a burst of one alarms."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why a call was turned away."""

    SIGNATURE = "signature"
    """A webhook or a link of SEOshop that is not signed, wrongly signed, or out of date."""
    LINK = "link"
    """An install link that has signed another browser in."""
    SESSION = "session"
    """A session cookie that is none of ours, or of an installation or a session that was ended. A
    call without a cookie, or with one whose time is over, is not refused: it is somebody who has
    not signed in.
    """
    ORIGIN = "origin"
    """A form that another site's page sent."""
