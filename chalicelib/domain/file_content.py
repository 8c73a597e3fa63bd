"""What a file, or a delivery by API, is fixed to: its documents, a hash, and what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_returns import FileReturns
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What a file is fixed to before its first byte is sent.

    `keys` maps each document to the fingerprint of what the file says of it; `sha256` is hex,
    `size` in bytes. `inbox` is the keyed hash of the address that it is sent to: a merchant may
    correct the licence code meanwhile, and another inbox's "not here" proves nothing. `cover` is
    the file's cover sheet, `returns` what it adds up to for the VAT returns; None when the merchant
    wants neither kept. `days` are the invoice dates of its documents, `sales` the orders by which
    SEOshop's invoices among them might have been booked, both as ledger keys. `refunded` are the
    keys of those that had a credit note nobody had dealt with when they were read. `profile` is the
    mark of the aXML profile that wrote the file, `terms` the keyed hash of the merchant's choices
    that its documents were judged by (see `fingerprint.terms_print`), `locked_until` the last day
    of the closed period at that time, if there was one.

    A delivery by API is fixed to these as well; its `sha256` and `size` are of what it sends, in
    order, and `sought` is what its one document is recognised by when it is in doubt.
    """

    keys: Mapping[str, str]
    sha256: str
    size: int
    inbox: str | None = None
    cover: CoverSheet | None = None
    refunded: tuple[str, ...] = ()
    profile: str | None = None
    terms: str | None = None
    returns: FileReturns | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    sales: Mapping[str, str] = field(default_factory=dict)
    locked_until: date | None = None
    sought: SoughtInvoice | None = None
