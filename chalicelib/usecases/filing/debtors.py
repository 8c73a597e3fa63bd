"""Which of Asperion's debtors an invoice is for: the one with the customer's e-mail address, or a
new one.
"""

from __future__ import annotations

import logging

from chalicelib.domain.concepts import Concept
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.errors import AsperionUnavailable
from chalicelib.usecases.filing.run import Run

log = logging.getLogger(__name__)


def find_debtor(run: Run, concept: Concept) -> int:
    """Asperion's id of the debtor of a concept invoice: of several with the address the oldest that
    is not blocked; one that is made when there is none. An address is looked up once in a run.

    Raises `HeldBack` when all are blocked, `AsperionInvalid` when Asperion refuses the customer,
    `AsperionUnavailable` when nobody knows whether the debtor was made: it is looked for again
    before another is; and what `AsperionApi` may raise besides.
    """
    address = concept.debtor.email.casefold()
    known = run.debtors.get(address)
    if known is None:
        known = run.debtors[address] = _look_up(run, concept)
    return known


def _look_up(run: Run, concept: Concept) -> int:
    found = run.asperion.find_debtors(concept.debtor.email)
    open_ones = sorted(each.id for each in found if not each.is_blocked)
    if found and not open_ones:
        raise HeldBack(HoldReason.ASPERION_REFUSED, RefusedField.DEBTOR)
    if len(found) > 1:
        extra = {"shop_id": run.shop_id, "debtor": open_ones[0], "debtors": len(found)}
        log.warning("several debtors have one address", extra=extra)
        run.shared_debtors.add(open_ones[0])
    if open_ones:
        return open_ones[0]
    made = run.asperion.add_debtor(concept.debtor, concept.debtor_kind)
    if made is None:
        raise AsperionUnavailable("Asperion does not say which debtor it made.")
    return made
