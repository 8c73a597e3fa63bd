"""Which of Asperion's debtors an invoice is for: the one with the customer's e-mail address, or a
new one.
"""

from __future__ import annotations

import logging

from chalicelib.domain.administrations import choose_debtor
from chalicelib.domain.concepts import Concept
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
    chosen = choose_debtor(found)
    if chosen is not None:
        if len(found) > 1:
            extra = {"shop_id": run.shop_id, "debtor": chosen.id, "debtors": len(found)}
            log.warning("several debtors have one address", extra=extra)
            run.shared_debtors.add(chosen.id)
        return chosen.id
    made = run.asperion.add_debtor(concept.debtor, concept.debtor_kind)
    if made is None:
        raise AsperionUnavailable("Asperion does not say which debtor it made.")
    return made
