"""What an invoice is recognised by that is about to be sent, and whether it was sent before."""

from __future__ import annotations

from itertools import takewhile

from chalicelib.domain.code_totals import add_codes
from chalicelib.domain.concepts import Concept, SoughtInvoice
from chalicelib.domain.events import OrderStep
from chalicelib.domain.landing import (
    Sought,
    amounts_print,
    description_print,
    find_sought,
)
from chalicelib.domain.ledger import Entry
from chalicelib.usecases.filing.delivery_parts import require_connection
from chalicelib.usecases.filing.run import Run


def describe_sought(run: Run, concept: Concept, debtor_id: int, entry: Entry) -> SoughtInvoice:
    """What the concept invoice of a document is recognised by once it is sent. Of one that was
    booked before, the earlier invoices are not it. Raises `ConnectionRefused`, and what
    `AsperionApi` may raise.
    """
    print_key = run.prints_keys[0]
    return SoughtInvoice(
        administration_id=require_connection(run).administration.id,
        day=concept.day,
        debtor_id=debtor_id,
        description_print=description_print(concept.description, print_key),
        amounts_print=amounts_print(add_codes(concept.lines), concept.day, print_key),
        others=_list_others(run, concept, entry),
    )


def is_sent_before(run: Run, concept: Concept, sought: SoughtInvoice, entry: Entry) -> bool:
    """Whether a document that was in doubt before is in Asperion just as it would be sent now,
    though the list, or a person, said that it was not. Raises what `AsperionApi` may raise.
    """
    if all(event.step is not OrderStep.MOVE for event in entry.history):
        return False
    alike = run.asperion.list_invoices(description=concept.description)
    found = find_sought(sought, alike, run.prints_keys, known_ids=sought.others)
    return found.sought is Sought.SAME


def _list_others(run: Run, concept: Concept, entry: Entry) -> tuple[int, ...]:
    """Asperion's ids of the earlier invoices of a document. Once it was in doubt they are those of
    then: what came since may be what was in doubt.
    """
    if not entry.revision:
        return ()
    since = takewhile(lambda event: event.step is not OrderStep.PLACE, reversed(entry.history))
    name = next((event.file for event in since if event.step is OrderStep.MOVE), None)
    doubtful = run.connector.files.get(run.shop_id, name) if name else None
    if doubtful is not None and doubtful.sought is not None:
        return doubtful.sought.others
    alike = run.asperion.list_invoices(description=concept.description)
    return tuple(sorted(each.id for each in alike))
