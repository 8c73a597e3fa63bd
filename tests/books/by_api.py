"""The second way into the sandbox's Asperion: proposal, concept and REST client of the connector,
over HTTP, into an administration of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import requests

from chalicelib.adapters.asperion import AsperionRest
from chalicelib.asperion_guesses import AsperionGuesses
from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.concept_making import make_concept
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.invoices import Invoice, VatKind, VatTreatment
from chalicelib.domain.needed_codes import Trade
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.domain.proposals import make_chosen
from chalicelib.domain.proposing import propose
from chalicelib.domain.treatment_details import TaxedAs
from sandbox.asperion import Running
from tests.books.sandbox_stage import Ledger

ALIKE = ("date", "description", "debtor", "code", "excl", "vat")
"""What the books say of an invoice whichever way it came in."""
PICKED = 8021
OF_NORTHERN_IRELAND = "OFR20"
PICKED_CODES = {
    (VatKind.REVERSE_CHARGE, "NL"): "5D",
    (VatKind.OSS, "XI"): OF_NORTHERN_IRELAND,
}
"""Where none is proposed: two say that VAT is reverse-charged, none is of Northern Ireland."""

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
        self.client = _open_api(ledger.running, ledger.http, ledger.licence)
        self.administration_id = ledger.running.store.administration(ledger.licence).id
        self._lists = AdministrationLists(
            vat_codes=tuple(self.client.list_vat_codes()),
            daybooks=tuple(self.client.list_daybooks()),
            ledger_accounts=tuple(self.client.list_ledger_accounts()),
            payment_conditions=tuple(self.client.list_payment_conditions()),
        )

    def post(self, invoices: Iterable[Invoice], policy: Policy) -> list[dict[str, Any]]:
        """Post these invoices, one after another; what the books then say."""
        for invoice in invoices:
            seen = [total.treatment for total in invoice.totals]
            concept = make_concept(invoice, self.choose(seen, policy, invoice.day))
            found = self.client.find_debtors(concept.debtor.email)
            debtor_id = found[0].id if found else self.client.add_debtor(concept.debtor, "")
            shown = self.client.add_invoice(concept, debtor_id)
            assert shown is not None
            assert (shown.excl, shown.vat) == (invoice.excl, invoice.vat)
        return read_books(self._ledger)

    def choose(self, seen: Sequence[VatTreatment], policy: Policy, day: date) -> ApiChoices:
        """What the merchant is proposed for what was sold, and confirms, on a day; where nothing
        is proposed he picks something.
        """
        trade = Trade(policy=policy, home="NL", day=day)
        proposed = propose(self._lists, trade, seen=seen).make_choices()
        accounts = dict.fromkeys(VatClass, PICKED) | {**proposed.ledger_accounts}
        picked = [
            make_chosen(TaxedAs.of(each), PICKED_CODES[each.kind, each.country])
            for each in seen
            if (each.kind, each.country) in PICKED_CODES and not proposed.find_code(each)
        ]
        codes = (*proposed.vat_codes, *picked)
        return replace(proposed, vat_codes=codes, ledger_accounts=accounts)


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
