"""What is turned away at the door, by kind: each is counted, and a burst of one alarms."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why a call was turned away."""

    SIGNATURE = "signature"
    """A webhook or a link of SEOshop that is not signed, wrongly signed, or out of date."""
    SESSION = "session"
    """A session cookie that is none of ours, or that an ended installation was given. A call
    without a cookie is not refused: it is somebody who has not signed in.
    """
    ORIGIN = "origin"
    """A form that another site's page sent."""
