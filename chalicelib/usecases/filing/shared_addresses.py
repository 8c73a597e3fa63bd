"""Companies that differ under one e-mail address: booked as the promise says, and told of once.

By the promise the e-mail address is the customer, so a marketplace's address makes one customer of
all its companies. What one run puts into its files is compared; across nights nothing of a customer
is known. Of an address a keyed hash is kept, so that it is told of once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from chalicelib.domain.companies import are_other_companies
from chalicelib.domain.fingerprint import email_print
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.shop_records import SharedAddresses
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.workspace import Workspace

MOST_REPORTED = 1000  # addresses: what a record has room for; the oldest are told of again
MOST_NAMED = 10  # documents of an address


def tell_shared_addresses(run: Run) -> None:
    """Put the addresses in front of the merchant under which the run books several companies, by
    the documents that they are on; those he was told of before are not told of again.
    """
    found = [
        ([email_print(email, key) for key in run.prints_keys], keys)
        for email, keys in find_shared_addresses(run.booked).items()
    ]
    if not found:
        return

    def add(kept: SharedAddresses | None) -> SharedAddresses | None:
        kept = kept or SharedAddresses()
        told = set(kept.reported)
        new = {prints[0]: keys for prints, keys in found if told.isdisjoint(prints)}
        if not new:
            return None
        reported = (*kept.reported, *new)[-MOST_REPORTED:]
        return replace(kept, reported=reported, shown={**kept.shown, **new})

    run.connector.shops.change(run.shop_id, SharedAddresses, add)


def find_shared_addresses(booked: Mapping[str, Invoice]) -> dict[str, tuple[str, ...]]:
    """By e-mail address, the ledger keys of one document of each company, where there are several
    companies.
    """
    by_email: dict[str, list[tuple[str, Debtor]]] = defaultdict(list)
    for key, invoice in booked.items():
        known = by_email[invoice.debtor.email]
        if _is_news(invoice.debtor, (debtor for _, debtor in known)):
            known.append((key, invoice.debtor))
    return {
        email: tuple(key for key, _ in companies[:MOST_NAMED])
        for email, companies in by_email.items()
        if len(companies) > 1
    }


def _is_news(debtor: Debtor, known: Iterable[Debtor]) -> bool:
    is_company = bool(debtor.company or debtor.vat_number)
    return is_company and all(are_other_companies(debtor, each) for each in known)


def put_away_addresses(workspace: Workspace, addresses: Collection[str]) -> int:
    """The merchant has seen these addresses, given by their keyed hashes. Returns how many he had
    not put away before.
    """
    put_away: list[str] = []

    def put(kept: SharedAddresses | None) -> SharedAddresses | None:
        put_away[:] = [each for each in addresses if kept is not None and each in kept.shown]
        if kept is None or not put_away:
            return None
        left = {print_: keys for print_, keys in kept.shown.items() if print_ not in put_away}
        return replace(kept, shown=left)

    workspace.connector.shops.change(workspace.shop_id, SharedAddresses, put)
    return len(put_away)
