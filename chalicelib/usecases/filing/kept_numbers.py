"""The VAT numbers that a file's list of intra-Community supplies needs: kept, sealed, before the
file that refers to them is fixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from chalicelib.domain.days import local_day
from chalicelib.domain.eu_supplies import find_number_to_prove, has_eu_supplies
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat import may_be_asked
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.domain.vat_numbers import VatNumber, find_end, name_number, note_sales
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing.number_proofs import Answers
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.judging.number_questions import mark_number
from chalicelib.usecases.judging.reading import Reading


@dataclass(slots=True)
class _Customer:
    """What a file supplies to the customer with one number."""

    last: date = date.min  # the latest day of its documents
    months: set[date] = field(default_factory=set)  # of its sales
    sales: list[str] = field(default_factory=list)  # their ledger keys


def keep_numbers(run: Run, readings: Mapping[str, Reading], answers: Answers) -> dict[str, str]:
    """Keep the number of each customer that these documents supply in another member state, with
    the answer that the register gave. Of a merchant who wants no totals kept there is no list: then
    only those are kept about which it is still to be asked. Returns the marks that they are kept
    under, by number. Raises `VaultError`.
    """
    policy = run.shop.policy
    marks: dict[str, str] = {}
    for number, customer in _list_customers(readings).items():
        answer = answers.get(number)
        is_asked = policy.vies is not UnansweredNumbers.OFF and may_be_asked(number, run.now())
        keys = customer.sales if is_asked and answer is None else []
        if policy.keep_totals or keys:
            marks[number] = _keep(run, number, customer, answer, keys)
    return marks


def _list_customers(readings: Mapping[str, Reading]) -> dict[str, _Customer]:
    found: dict[str, _Customer] = defaultdict(_Customer)
    for key, reading in readings.items():
        verdict = reading.verdict
        if not isinstance(verdict, Invoice) or not has_eu_supplies(verdict):
            continue
        customer = found[verdict.debtor.vat_number]
        customer.last = max(customer.last, verdict.day)
        if find_number_to_prove(verdict):
            customer.months.add(verdict.day.replace(day=1))
            customer.sales.append(key)
    found.pop("", None)
    return found


def _keep(
    run: Run, number: str, customer: _Customer, answer: VatAnswer | None, keys: list[str]
) -> str:
    """Keep one number. Returns its mark."""
    mark = mark_number(run, number)
    until = find_end(max(customer.last, local_day(run.now())))

    def add(kept: VatNumber | None) -> VatNumber:
        record = kept or VatNumber(
            mark=mark,
            country=number[:2],
            sealed_number=run.connector.vault.seal(run.shop_id, SecretKind.VAT_NUMBER, number),
            kept_until=until,
        )
        longer = replace(record, kept_until=max(record.kept_until, until))
        return note_sales(longer, customer.months, answer, keys)

    run.connector.shops.change(run.shop_id, VatNumber, add, name_number(mark))
    return mark
