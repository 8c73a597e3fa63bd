"""Whether the merchant has just come from the AppCenter, as is asked of whoever decides where the
invoices go: a session that somebody borrowed is seldom that fresh.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.web.pages.call import Call

FRESH = timedelta(minutes=15)
"""How long after coming from the AppCenter that may be changed."""


def is_fresh(call: Call) -> bool:
    """Whether the session began that lately. Raises `NotSignedIn`."""
    return call.connector.clock() - call.find_session().begun_at <= FRESH
