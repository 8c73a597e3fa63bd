"""What is posted to Asperion's REST API, as JSON.

Amounts are JSON numbers with exactly two decimals, written from `Decimal`; dates are
``yyyy-MM-ddTHH:mm:ss``. What is not known is left out, so that Asperion's own defaults stand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from chalicelib.asperion_guesses import AsperionGuesses, DebtorField, LineAmounts, StatusSent
from chalicelib.domain.administrations import KnownDebtor
from chalicelib.domain.concepts import Concept, ConceptLine
from chalicelib.domain.invoices import Debtor, DebtorAddress

_CENT = Decimal("0.01")
_write_json = msgspec.json.Encoder(decimal_format="number").encode


def write_invoice(concept: Concept, guesses: AsperionGuesses, debtor: KnownDebtor | None) -> bytes:
    """A concept invoice for a debtor, named by what `guesses.debtor_field` says."""
    document: dict[str, Any] = {
        "date": write_moment(concept.day),
        "description": concept.description,
        "journalId": concept.journal_id,
        "lines": {
            "_data": [_write_line(line, guesses.line_amounts) for line in concept.lines],
            "_meta": {"totalCount": len(concept.lines)},
        },
    }
    if debtor is not None:
        is_number = guesses.debtor_field is DebtorField.NUMBER
        document[guesses.debtor_field] = debtor.customer_number if is_number else debtor.id
    if concept.payment_condition_id is not None:
        document["paymentConditionId"] = concept.payment_condition_id
    if guesses.status_sent is not StatusSent.NONE:
        document["status"] = int(guesses.status_sent)
    if guesses.sends_period:
        document |= {"bookyear": concept.day.year, "bookperiod": concept.day.month}
    return _write_json(document)


def write_debtor(debtor: Debtor, kind: str) -> bytes:
    """A debtor of a kind (empty: Asperion's own). A company is named by its name, with the person
    to whose attention; the address is the invoice's.
    """
    address = next((each for each in debtor.addresses if each.role == "invoice"), None)
    document = {
        "name": debtor.company or debtor.name,
        "emailAddress": debtor.email,
        "phoneNumber": debtor.phone,
        "vatNumber": debtor.vat_number,
        "cocNumber": debtor.coc_number,
        "debtorKindId": kind,
        "attentionTo": debtor.name if debtor.company else "",
        **(_list_address(address) if address else {}),
    }
    return _write_json({name: text for name, text in document.items() if text})


def write_moment(day: date) -> str:
    """A day as the API has it."""
    return f"{day.isoformat()}T00:00:00"


def _write_line(line: ConceptLine, amounts: LineAmounts) -> dict[str, Any]:
    amount = line.amount + line.vat_amount if amounts is LineAmounts.INCL else line.amount
    return {
        "description": line.description,
        "amount": _write_amount(amount),
        "vatAmount": _write_amount(line.vat_amount),
        "vatCode": line.vat_code,
        "ledgerAccountId": line.ledger_account_id,
    }


def _write_amount(amount: Decimal) -> Decimal:
    """Two decimals, and no sign before nothing. Raises ValueError for parts of cents."""
    exact = amount.quantize(_CENT) + 0
    if exact != amount:
        raise ValueError("an amount has two decimals")
    return exact


def _list_address(address: DebtorAddress) -> dict[str, str]:
    house = f"{address.number}{_join(address.suffix)}"
    return {
        "address": " ".join(filter(None, (address.street, house))),
        "addressLine2": address.line2,
        "postCode": address.postal_code,
        "city": address.city,
        "countryCode": address.country,
    }


def _join(suffix: str) -> str:
    """What follows a house number: a letter at once, anything else after a blank."""
    return suffix if len(suffix) == 1 and suffix.isalpha() else f" {suffix}" if suffix else ""
