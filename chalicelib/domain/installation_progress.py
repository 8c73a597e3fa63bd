"""How far a merchant has come with the installation: a small record beside the shop."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationProgress:
    """What was answered beside the licence code and the choices, which are with the shop.

    It is of the installation of the shop that began at `began_at`; for a shop that came again it
    counts no more. `has_payments`: the payment methods were answered, or passed because the shop
    did not answer. `since` is the first day of the orders to be taken along; None for what is paid
    from the installation on.
    """

    NAME: ClassVar[str] = "installation"

    began_at: datetime
    has_payments: bool = False
    since: date | None = None
