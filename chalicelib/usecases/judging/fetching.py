"""What SEOshop is asked before a document is judged: here, or for several documents at once."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from functools import partial
from typing import cast

from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.domain.policy import DateBasis, Policy, not_due
from chalicelib.errors import ShopError
from chalicelib.ports import ShopApi
from chalicelib.usecases.judging.read_once import ReadOnce
from chalicelib.usecases.workspace import Workspace


def fetch_document(api: ShopApi, kind: DocumentKind, document_id: int, policy: Policy) -> None:
    """Make the calls that judging a document takes. Raises `ShopError`."""
    order_id: int | None = document_id
    if kind is DocumentKind.INVOICE:
        order_id = api.invoice(document_id).order_id
        api.invoice_items(document_id)
    if order_id is None:
        return
    order = api.order(order_id)
    if policy.date_basis is not DateBasis.PAYMENT or order.paid_at is not None:
        return
    if kind is DocumentKind.INVOICE or (
        kind is DocumentKind.ORDER and not_due(order, policy) is None
    ):
        api.paid_at(order.id)


def read_ahead(workspace: Workspace, entries: Sequence[Entry]) -> Generator[Workspace, None, None]:
    """For each of these documents, in their order, the shop at work with what SEOshop answered of
    it: kept for its judgement, as is what was raised instead. While one is judged, those after it
    are read, a few at once: see `ShopApi.read_many`, also on how to stop that. The first is read
    alone while nothing is known of the allowance: its answer tells.
    """
    api, policy = workspace.api, workspace.shop.policy
    reads = [partial(_fetch, api, entry, policy) for entry in entries]
    alone = 1 if api.remaining_calls() is None else 0
    for some in (reads[:alone], reads[alone:]):
        with closing(api.read_many(some)) as answers:
            for reader in answers:
                if isinstance(reader, ShopError):
                    raise reader
                yield _work_with(workspace, reader)


def _fetch(api: ShopApi, entry: Entry, policy: Policy) -> ReadOnce:
    """Read one document. Nothing but SEOshop is asked: this may be beside other work."""
    reader = ReadOnce(api, keeps=(Exception,))
    if not entry.by_hand:
        with suppress(Exception):  # which is raised again where the answer is needed
            fetch_document(cast("ShopApi", reader), entry.kind, entry.document_id, policy)
    return reader


def _work_with(workspace: Workspace, reader: ReadOnce) -> Workspace:
    answered = Workspace(connector=workspace.connector, shop=workspace.shop)
    answered.api = cast("ShopApi", reader)
    return answered
