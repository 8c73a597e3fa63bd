"""The files that a shop had made since a day, a few at a time: a full day has dozens, and each
record holds what is kept of some 250 documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.ledger import FileEntry
from chalicelib.usecases.workspace import Workspace

FILES_AT_ONCE = 10


def list_files_since(workspace: Workspace, day: date) -> Iterator[FileEntry]:
    """All files made on that day or later, oldest first, read consistently."""
    files, shop_id, after = workspace.connector.files, workspace.shop_id, ""
    while True:
        found = files.list_since(shop_id, day, after=after, limit=FILES_AT_ONCE)
        yield from found
        if len(found) < FILES_AT_ONCE:
            return
        after = found[-1].name
