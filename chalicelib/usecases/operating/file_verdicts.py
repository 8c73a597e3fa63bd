"""A person says what became of a file whose fate the connector cannot know.

Saying it again changes nothing, and is no error: a caller repeats what got no answer.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.errors import RequestError, UnknownFile
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.late_arrivals import record_arrival
from chalicelib.usecases.workspace import Workspace


class FileVerdict(StrEnum):
    """What a person says of a file."""

    CONFIRM = "confirm"  # it is in Asperion
    AGAIN = "again"  # it is not
    RESOLVED = "resolved"  # its invoices are in Asperion twice no longer


_SAID = {
    FileVerdict.CONFIRM: (FileState.PLACED, FileState.DOUBLE),
    FileVerdict.AGAIN: (FileState.VOID,),
    FileVerdict.RESOLVED: (FileState.PLACED,),
}
"""The states in which a verdict is what is known already."""


def decide_file(
    workspace: Workspace, name: str, verdict: FileVerdict, *, by: Actor, dry_run: bool
) -> tuple[FileEntry, datetime | None]:
    """``confirm``: the file is in Asperion, its documents are placed; those of one that was given
    up are so twice if another file took them along. ``again``: it is not, they wait for another
    file. ``resolved``: a double is one no longer.

    Returns the file as it is then, and since when it was so already, if it was. Raises
    `UnknownFile`, and `RequestError` for a file of which that cannot be said and for ``again``
    while the upload may still be on its way.
    """
    file = workspace.connector.files.get(workspace.shop_id, name)
    if file is None:
        raise UnknownFile(f"Shop {workspace.shop_id} has no file {name}; nothing was done.")
    if _is_known(file, verdict):
        return file, file.since
    if not _may_be_said(file, verdict):
        raise RequestError(
            f"File {name} is {file.state.value}; {verdict.value} cannot be said of it. "
            "Nothing was done."
        )
    arrived_by = file.since + workspace.connector.settings.proof_delay
    if verdict is FileVerdict.AGAIN and workspace.now() < arrived_by:
        raise RequestError(
            f"File {name} may still arrive until {arrived_by:%H:%M:%S} UTC; nothing was done. "
            "Look in Asperion then."
        )
    if dry_run:
        return file, None
    decided = _decide(workspace, file, verdict, by)
    if decided is None:
        raise RequestError(f"File {name} was changed by another run; look again.")
    return decided, None


def _is_known(file: FileEntry, verdict: FileVerdict) -> bool:
    if verdict is FileVerdict.RESOLVED:
        steps = {event.step for event in file.history}
        return file.state in _SAID[verdict] and FileStep.RESOLVE in steps
    return file.state in _SAID[verdict] and file.sha256 is not None


def _may_be_said(file: FileEntry, verdict: FileVerdict) -> bool:
    if verdict is FileVerdict.RESOLVED:
        return file.state is FileState.DOUBLE
    # A delivery by API that came to nothing has no one fate that could be another after all.
    is_sent = file.sha256 is not None and file.shares_fate
    is_given_up = file.state is FileState.VOID and is_sent
    return file.state is FileState.UNKNOWN or (verdict is FileVerdict.CONFIRM and is_given_up)


def _decide(
    workspace: Workspace, file: FileEntry, verdict: FileVerdict, by: Actor
) -> FileEntry | None:
    now, record = workspace.now(), workspace.connector.files.record
    if verdict is FileVerdict.RESOLVED:
        return record(file, Event(at=now, step=FileStep.RESOLVE, by=by))
    if file.state is FileState.VOID:
        return record_arrival(workspace, file, by)
    step = FileStep.CONFIRM if verdict is FileVerdict.CONFIRM else FileStep.GIVE_UP
    moved = record(file, Event(at=now, step=step, by=by))
    if moved is not None:
        finish = placing.finish_placed if verdict is FileVerdict.CONFIRM else placing.finish_void
        finish(workspace, moved, by)
    return moved
