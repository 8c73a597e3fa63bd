"""The second way into the sandbox's Asperion: proposal, concept and REST client of the connector,
over HTTP, into an administration of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import requests

from chalicelib.adapters.asperion import AsperionRest
from chalicelib.asperion_guesses import AsperionGuesses
from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.concept_making import make_concept
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.needed_codes import Trade
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.domain.proposing import propose
from sandbox.asperion import Running
from tests.books.sandbox_stage import Ledger

ALIKE = ("date", "description", "debtor", "code", "excl", "vat")
"""What the books say of an invoice whichever way it came in."""
PICKED = 8021
PLENTY = 100_000  # calls a second


@dataclass(frozen=True, slots=True)
class OneToken:
    """Port `AccessTokens`: one that counts for as long as a test lasts."""

    access: str

    def get(self) -> str:
        return self.access

    def renew(self, refused: str) -> str:
        raise AssertionError("the token counts")


class ApiLedger:
    """An administration that invoices are posted to, by what was proposed for it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._api = _open_api(ledger.running, ledger.http, ledger.licence)
        self._lists = AdministrationLists(
            vat_codes=tuple(self._api.list_vat_codes()),
            daybooks=tuple(self._api.list_daybooks()),
            ledger_accounts=tuple(self._api.list_ledger_accounts()),
            payment_conditions=tuple(self._api.list_payment_conditions()),
        )

    def post(self, invoices: Iterable[Invoice], policy: Policy) -> list[dict[str, Any]]:
        """Post these invoices, one after another; what the books then say."""
        for invoice in invoices:
            concept = make_concept(invoice, self._choose(invoice, policy))
            found = self._api.find_debtors(concept.debtor.email)
            debtor_id = found[0].id if found else self._api.add_debtor(concept.debtor, "")
            shown = self._api.add_invoice(concept, debtor_id)
            assert shown is not None
            assert (shown.excl, shown.vat) == (invoice.excl, invoice.vat)
        return read_books(self._ledger)

    def _choose(self, invoice: Invoice, policy: Policy) -> ApiChoices:
        """What the merchant is proposed, and confirms, on the day of an invoice; where no account
        is proposed he picks one.
        """
        trade = Trade(policy=policy, home="NL", day=invoice.day)
        seen = [total.treatment for total in invoice.totals]
        proposed = propose(self._lists, trade, seen=seen).make_choices()
        accounts = dict.fromkeys(VatClass, PICKED) | {**proposed.ledger_accounts}
        return replace(proposed, ledger_accounts=accounts)


def read_books(ledger: Ledger) -> list[dict[str, Any]]:
    """What the books of an administration say by invoice and VAT code, of what is alike in both
    ways.
    """
    url = f"{ledger.running.url}/_control/{ledger.licence}/books"
    rows: Sequence[dict[str, Any]] = ledger.http.get(url, timeout=30).json()
    return [{name: row[name] for name in ALIKE} for row in rows]


def _open_api(running: Running, http: requests.Session, licence: str) -> AsperionRest:
    answer = http.post(f"{running.url}/_control/api/tokens", json={}, timeout=30).json()
    return AsperionRest(
        session=http,
        base_url=running.url,
        tokens=OneToken(answer["access_token"]),
        administration_id=running.store.administration(licence).id,
        guesses=AsperionGuesses(),
        pace=PLENTY,
        clock=lambda: datetime.now(UTC),
    )
