"""Where a document stands in the indexes of the orders table."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint

ASKING = EntryState.HELD.value
"""Under this name stands what asks for somebody. What earlier versions put there is held."""

CHANGED = "changed"
"""Where versions before 1.4.0 put what changed after it was placed."""


def name_dropped(day: date) -> str:
    """The name under which stands what was dropped on a day."""
    return f"dropped-{day.isoformat()}"


def make_number_key(shop_id: int, hint: Hint) -> str:
    """By it versions before 1.7.0 find a document by its number."""
    return f"{shop_id}#{hint.number}"


def make_day_key(day: date, kind: DocumentKind, document_id: int) -> str:
    """Sorts by day, then by document number (which only ever grow)."""
    return f"{day.isoformat()}#{document_id:015d}#{kind.value}"


def sort_listed(entry: Entry) -> str:
    """The key by which an index sorts this document, to join two lists as one."""
    return make_day_key(entry.day, entry.kind, entry.document_id)
