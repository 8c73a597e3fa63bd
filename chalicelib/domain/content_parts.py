"""A part of what a delivery by API was fixed to, as content of its own."""

from __future__ import annotations

from collections.abc import Collection

from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.sending_progress import SentPart


def describe_part(file: FileEntry) -> SentPart:
    """What all of a fixed delivery comes to."""
    return SentPart(
        sha256=file.sha256 or "", size=file.size or 0, cover=file.cover, returns=file.returns
    )


def reduce_content(
    file: FileEntry,
    keys: Collection[str],
    part: SentPart,
    *,
    sought: SoughtInvoice | None = None,
) -> FileContent:
    """What the delivery of these documents of a fixed one is fixed to; they come to `part`."""
    return FileContent(
        keys={key: file.keys[key] for key in keys},
        sha256=part.sha256,
        size=part.size,
        inbox=file.inbox,
        cover=part.cover,
        refunded=tuple(key for key in file.refunded if key in keys),
        profile=file.profile,
        terms=file.terms,
        returns=part.returns,
        days={key: file.days[key] for key in keys},
        sales={key: order for key, order in file.sales.items() if key in keys},
        locked_until=file.locked_until,
        sought=sought,
    )
