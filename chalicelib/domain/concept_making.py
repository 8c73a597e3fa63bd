"""A concept invoice made of a judged one: the same lines to the cent, each with the VAT code and
the ledger account that the merchant confirmed for it.
"""

from __future__ import annotations

from chalicelib.domain import bounds
from chalicelib.domain.concepts import Concept, ConceptLine
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.holds import HeldBack, Hold, HoldReason
from chalicelib.domain.invoices import Invoice, InvoiceLine
from chalicelib.domain.money import EURO
from chalicelib.domain.treatment_details import write_treatment

LONGEST_DESCRIPTION = 255
"""Characters of a line's description; Asperion's own limit is not known."""


def make_concept(invoice: Invoice, choices: ApiChoices) -> Concept:
    """Make the concept invoice of a judged one.

    It has a line for each line of the invoice, those of 0.00 included, with the same amount and VAT
    and its description, cut where it is too long; a credit note's are negative.

    Raises `HeldBack`: `VAT_CODE_MISSING` (see `treatment_details.write_treatment`) or
    `LEDGER_ACCOUNT_MISSING` (the VAT class) for what the merchant has not confirmed,
    `CURRENCY_BY_API` for amounts in another currency than euro, which the API cannot name and would
    book as euros.
    """
    if invoice.currency != EURO:
        raise HeldBack(HoldReason.CURRENCY_BY_API, invoice.currency)
    return Concept(
        day=invoice.day,
        description=invoice.description,
        journal_id=choices.journal_id,
        payment_condition_id=choices.find_condition(invoice.payment_code),
        debtor=invoice.debtor,
        debtor_kind=choices.debtor_kind,
        lines=tuple(_make_line(line, choices) for line in invoice.lines),
    )


def find_concept_obstacle(invoice: Invoice, choices: ApiChoices) -> Hold | None:
    """Why no concept invoice can be made of an invoice, or None."""
    try:
        make_concept(invoice, choices)
    except HeldBack as held:
        return held.hold
    return None


def _make_line(line: InvoiceLine, choices: ApiChoices) -> ConceptLine:
    return ConceptLine(
        description=bounds.cut(line.description, LONGEST_DESCRIPTION),
        amount=line.excl,
        vat_amount=line.vat,
        vat_code=_find_code(line, choices),
        ledger_account_id=_find_account(line, choices),
    )


def _find_code(line: InvoiceLine, choices: ApiChoices) -> str:
    code = choices.find_code(line.treatment)
    if not code:
        raise HeldBack(HoldReason.VAT_CODE_MISSING, write_treatment(line.treatment))
    return code


def _find_account(line: InvoiceLine, choices: ApiChoices) -> int:
    """The account of the line's article, else that of its VAT class."""
    if line.article_code and line.article_code in choices.article_accounts:
        return choices.article_accounts[line.article_code]
    vat_class = line.treatment.vat_class
    if vat_class not in choices.ledger_accounts:
        raise HeldBack(HoldReason.LEDGER_ACCOUNT_MISSING, vat_class.value)
    return choices.ledger_accounts[vat_class]
