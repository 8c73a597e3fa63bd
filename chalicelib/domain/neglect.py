"""Who mends what is wrong with a shop, and what the operator has left for too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.shop_health import FoundCause, HealthCause, Severity, ShopHealth
from chalicelib.domain.shops import TroubleCause

LONGEST_WAIT = timedelta(days=3)
"""For longer nothing that is the operator's to mend may wait."""


class Mender(StrEnum):
    """Who has to do something about a cause."""

    OPERATOR = "you"
    MERCHANT = "merchant"
    NOBODY = "nobody yet"  # it may pass by itself


_MERCHANTS_TROUBLES = frozenset(
    {
        TroubleCause.SHOP_FORBIDDEN,
        TroubleCause.SHOP_UNAUTHORISED,
        TroubleCause.LANGUAGE,
        TroubleCause.LICENCE,
        TroubleCause.SEAL_BROKEN,
        TroubleCause.CONNECT_AGAIN,
        TroubleCause.ADMINISTRATION_CLOSED,
        TroubleCause.DOCUMENTS_REFUSED,
    }
)


def find_mender(found: FoundCause) -> Mender:
    """Who mends that cause."""
    if found.trouble in _MERCHANTS_TROUBLES or found.cause is HealthCause.DISCONNECTED:
        return Mender.MERCHANT
    if found.severity <= Severity.LATE and found.cause is not HealthCause.LONG_LEAVING:
        return Mender.NOBODY
    return Mender.OPERATOR


def find_shops_mender(health: ShopHealth) -> Mender:
    """Who has to do something first: the operator, if anything is his to mend."""
    menders = [find_mender(found) for found in health.causes]
    return next((each for each in Mender if each in menders), Mender.NOBODY)


def is_neglected(health: ShopHealth, now: datetime) -> bool:
    """Whether something that the operator mends has waited for longer than `LONGEST_WAIT`."""
    return any(
        find_mender(found) is Mender.OPERATOR and now - found.since > LONGEST_WAIT
        for found in health.causes
    )
