"""What is not known of Asperion's REST API, and how the client goes about it: each guess is a
setting. What each rests on, and what to ask Asperion first, is in ``docs/asperion.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass
from chalicelib.setting_values import read_choice, read_number, read_pattern, read_switch


class DebtorField(StrEnum):
    """By which field an invoice that is posted names its debtor."""

    NUMBER = "debtorCustomerNumber"
    ID = "debtorId"


class LineAmounts(StrEnum):
    """Whether a line's `amount` is without VAT or with it."""

    EXCL = "excl"
    INCL = "incl"


class StatusSent(StrEnum):
    """Which status is sent with an invoice that is posted."""

    NONE = "none"
    CONCEPT = "1"


class Deletion(StrEnum):
    """Under which resource a concept can be deleted, if at all."""

    OFF = "off"
    WITH_LINES = "salesinvoiceswithlines"
    HEADS = "salesinvoices"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsperionGuesses:
    """How the client takes what is not known. `order_by` is the value of the parameter ``orderBy``
    of lists, which are left in Asperion's own order without one; `page_size` how many objects a
    page is asked for. With `sends_challenge` connecting uses PKCE; with `sends_period` an invoice
    names the bookyear and the bookperiod of its date; with `sends_number` a new debtor gets
    SEOshop's number of the customer, as the import file has it, where that is free.
    """

    scope: str = "*"
    sends_challenge: bool = True
    tenant_header: str = "X-Tenant-Id"
    debtor_field: DebtorField = DebtorField.NUMBER
    line_amounts: LineAmounts = LineAmounts.EXCL
    status_sent: StatusSent = StatusSent.NONE
    sends_period: bool = False
    sends_number: bool = True
    deletion: Deletion = Deletion.OFF
    page_size: int = 100
    order_by: str = ""

    @property
    def may_delete(self) -> bool:
        """Whether a concept can be deleted by the API."""
        return self.deletion is not Deletion.OFF


def read_guesses(given: Mapping[str, str]) -> AsperionGuesses:
    """Read the guesses; `given` has the empty text for a variable that is not set. Raises
    `SettingsError` naming the one that is wrong.
    """
    known = AsperionGuesses()
    return AsperionGuesses(
        scope=read_pattern(
            given,
            "ASPERION_SCOPE",
            r"[!#-\[\]-~]{1,60}( [!#-\[\]-~]{1,60}){0,9}",
            known.scope,
            "'* offline_access'",
        ),
        sends_challenge=read_switch(given, "ASPERION_PKCE", default=known.sends_challenge),
        tenant_header=read_pattern(
            given,
            "ASPERION_TENANT_HEADER",
            r"X(-[A-Za-z]{1,20}){1,3}",
            known.tenant_header,
            "X-Tenant-Id",
        ),
        debtor_field=read_choice(given, "ASPERION_DEBTOR_FIELD", known.debtor_field),
        line_amounts=read_choice(given, "ASPERION_LINE_AMOUNTS", known.line_amounts),
        status_sent=read_choice(given, "ASPERION_STATUS_SENT", known.status_sent),
        sends_period=read_switch(given, "ASPERION_PERIOD_SENT", default=known.sends_period),
        sends_number=read_switch(given, "ASPERION_CUSTOMER_NUMBER", default=known.sends_number),
        deletion=read_choice(given, "ASPERION_DELETES", known.deletion),
        page_size=read_number(given, "ASPERION_PAGE_SIZE", known.page_size, 1000),
        order_by=read_pattern(
            given, "ASPERION_ORDER_BY", r"[A-Za-z]{1,40}( (asc|desc))?", known.order_by, "id"
        ),
    )
