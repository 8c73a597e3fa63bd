"""What Asperion's API answers to a write, held against what was written.

A good answer that is not the object promised proves nothing: it is `AsperionUnknown`, and for a
check that stores nothing `AsperionUnavailable`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from chalicelib.adapters.asperion.invoice_shapes import InvoiceShape
from chalicelib.adapters.asperion.rest_refusals import RestAnswer
from chalicelib.adapters.asperion.rest_shapes import DebtorShape
from chalicelib.adapters.asperion.rest_values import Unusable, plain
from chalicelib.asperion_guesses import LineAmounts
from chalicelib.domain.administrations import KnownDebtor
from chalicelib.domain.code_totals import add_codes
from chalicelib.domain.concepts import CodeTotal, Concept, ShownInvoice
from chalicelib.errors import AsperionUnavailable, AsperionUnknown

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, Unusable)


class _Checked(msgspec.Struct):
    """What is looked at of an answer to a check: whether there is an object all the same."""

    id: Any = None


def read_made_debtor(answer: RestAnswer, email: str) -> KnownDebtor:
    """The debtor that was made. Raises `AsperionUnknown`."""
    try:
        debtor = msgspec.json.decode(answer.body, type=DebtorShape).read()
    except _UNREADABLE:
        pass
    else:
        if debtor.email.casefold() == email.casefold():
            return debtor
    raise _make_unknown("a debtor", answer)


def read_made_invoice(
    answer: RestAnswer, concept: Concept, amounts: LineAmounts, debtors: Mapping[str, int]
) -> ShownInvoice:
    """The invoice that was stored, with the date, the description and to the cent the amounts that
    were sent; `debtors` are the ids of known debtors by their numbers. Raises `AsperionUnknown`.
    """
    try:
        shown = msgspec.json.decode(answer.body, type=InvoiceShape).read(amounts, debtors)
    except _UNREADABLE:
        pass
    else:
        if _is_same(shown, concept):
            return shown
    raise _make_unknown("an invoice", answer)


def check_validated(answer: RestAnswer) -> None:
    """Raises `AsperionUnavailable` for an answer to a check that says nothing, and
    `AsperionUnknown` for one with an id: it looks as if the object had been stored.
    """
    if not answer.body.strip():
        return
    found: _Checked | None = None
    with suppress(*_UNREADABLE):
        found = msgspec.json.decode(answer.body, type=_Checked)
    if found is None:
        raise AsperionUnavailable(
            "Asperion's answer to a check cannot be read.", status=answer.status
        )
    if found.id:
        raise AsperionUnknown(
            "Asperion gave an id to what was only to be checked: it may be stored.",
            status=answer.status,
        )


def _is_same(shown: ShownInvoice, concept: Concept) -> bool:
    codes = add_codes(concept.lines)
    excl = sum(total.excl for total in codes.values())
    vat = sum(total.vat for total in codes.values())
    return (
        shown.day == concept.day
        and plain(shown.description) == plain(concept.description)
        and (shown.excl, shown.vat, shown.incl) == (excl, vat, excl + vat)
        and _leave_out_nothing(shown.codes) == _leave_out_nothing(codes)
    )


def _leave_out_nothing(codes: Mapping[str, CodeTotal]) -> dict[str, CodeTotal]:
    """Without the codes under which everything is 0.00."""
    return {code: total for code, total in codes.items() if total.excl or total.vat}


def _make_unknown(what: str, answer: RestAnswer) -> AsperionUnknown:
    return AsperionUnknown(
        f"Asperion answered {what} that was posted with something else: whether it is stored as "
        "it was sent is not known.",
        status=answer.status,
    )
