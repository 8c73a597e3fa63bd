"""Companies that differ under one e-mail address: booked as the promise says, and told of once.

By the promise the e-mail address is the customer, so a marketplace's address makes one customer of
all its companies. What one run puts into its files is compared; across nights nothing of a customer
is known. Of an address a keyed hash is kept, so that it is told of once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from chalicelib.domain import bounds
from chalicelib.domain.companies import are_other_companies
from chalicelib.domain.fingerprint import email_print
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.shop_records import SharedAddresses
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

MOST_NAMED = 10  # documents of an address


def tell_shared_addresses(run: Run, booked: Mapping[str, Invoice]) -> None:
    """Put the addresses in front of the merchant under which the run books several companies, now
    that it books these invoices too, by the documents that they are on; those he was told of before
    are not told of again. While as many are shown as there is room for, no further ones are: they
    are told of when they come again.
    """
    _note_companies(run, booked)
    found = [
        ([email_print(email, key) for key in run.prints_keys], keys)
        for email, keys in _find_shared_addresses(run).items()
    ]
    if not found:
        return

    def add(kept: SharedAddresses | None) -> SharedAddresses | None:
        kept = kept or SharedAddresses()
        known = set(kept.reported)
        unknown = [(prints[0], keys) for prints, keys in found if known.isdisjoint(prints)]
        room = max(bounds.MOST_ADDRESSES_SHOWN - len(kept.shown), 0)
        new = dict(unknown[:room])
        if len(unknown) > room:
            extra = {"shop_id": run.shop_id, "addresses": len(unknown) - room}
            log.warning("more shared addresses than can be shown", extra=extra)
        if not new:
            return None
        reported = (*kept.reported, *new)[-bounds.MOST_ADDRESSES_REPORTED :]
        return replace(kept, reported=reported, shown={**kept.shown, **new})

    run.connector.shops.change(run.shop_id, SharedAddresses, add)


def _note_companies(run: Run, booked: Mapping[str, Invoice]) -> None:
    for key, invoice in booked.items():
        debtor = invoice.debtor
        known = run.companies.get(debtor.email, [])
        if _is_news(debtor, (each for _, each in known)):
            run.companies[debtor.email] = [*known, (key, replace(debtor, addresses=()))]


def _find_shared_addresses(run: Run) -> dict[str, tuple[str, ...]]:
    """By e-mail address, the ledger keys of one document of each company, where there are several
    companies.
    """
    return {
        email: tuple(key for key, _ in companies[:MOST_NAMED])
        for email, companies in run.companies.items()
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
