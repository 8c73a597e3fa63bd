"""What is still open of a period that a person is about to close: counted, by the documents' own
days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.ledger import EntryState, FileEntry
from chalicelib.usecases.operating.closing_periods import list_unsure_files
from chalicelib.usecases.operating.overview_lists import MOST_ASKING, MOST_WAITING, read_lists
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocuments:
    """How many documents of days up to a last one wait for a file or are under way (`waiting`), are
    held, or changed after they were booked; with `has_more` there are more than were counted.
    `unsure` are the files of which nobody knows whether they arrived.
    """

    waiting: int
    held: int
    changed: int
    has_more: bool
    unsure: tuple[FileEntry, ...]


def count_open_documents(workspace: Workspace, until: date) -> OpenDocuments:
    """Count what is open of the days up to and including `until`. Two queries."""
    listed, asking = read_lists(workspace)
    early = [entry for entry in asking if entry.day <= until]
    return OpenDocuments(
        waiting=sum(entry.day <= until for entry in listed),
        held=sum(entry.state is EntryState.HELD for entry in early),
        changed=sum(entry.change is not None for entry in early),
        has_more=len(listed) > MOST_WAITING or len(asking) > MOST_ASKING,
        unsure=tuple(list_unsure_files(workspace, until)),
    )
