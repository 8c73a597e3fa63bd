"""The due documents that a list shows, put away until the day is checked.

A run keeps those of a whole day while it makes its files. As records they take half a kilobyte
each; so they are packed page by page, and unpacked likewise.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator

from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.ports import PAGE

Listed = OrderSummary | ShopInvoice


class DueDocuments:
    """Documents by ledger key, in the order in which they are put in. Lists show each once."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._last: dict[str, Listed] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count + len(self._last)

    def put(self, key: str, listed: Listed) -> None:
        """Put a document in, as the list shows it."""
        self._last[key] = listed
        if len(self._last) == PAGE:
            self._packed.append(zlib.compress(pickle.dumps(self._last), 1))
            self._count += PAGE
            self._last = {}

    def read_pages(self) -> Iterator[dict[str, Listed]]:
        """All of them, so many at once as a list shows."""
        yield from map(_unpack, self._packed)
        if self._last:
            yield dict(self._last)

    def list_keys(self) -> set[str]:
        """The keys of all of them."""
        return {key for page in self.read_pages() for key in page}


def _unpack(packed: bytes) -> dict[str, Listed]:
    """A page that this very process packed, and that never left it."""
    page: dict[str, Listed] = pickle.loads(zlib.decompress(packed))  # noqa: S301
    return page
