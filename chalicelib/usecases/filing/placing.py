"""Put a file into the inbox and tell its documents what came of it.

Name, order set and hash are fixed by then. Every step here may be done again without harm.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from chalicelib.domain.ledger import (
    Actor,
    EntryState,
    FileEntry,
    FileState,
    Outcome,
    ReleaseCause,
)
from chalicelib.errors import InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.run import FileResult, Run

log = logging.getLogger(__name__)

BEGINS_WITHIN = timedelta(seconds=30)
"""How long after a file was fixed its sending may begin. Later another run may have asked the
inbox, heard that it is not there, and put its orders into another file."""


def send(run: Run, file: FileEntry, content: bytes) -> None:
    """Put a file that is `placing` into the inbox, and tell its documents what came of it. A run
    that was held up since it fixed the file leaves it to `recovery`.
    """
    if run.now() - file.since > BEGINS_WITHIN:
        log.error("held up, nothing was sent", extra={"shop_id": run.shop_id, "file": file.name})
        resume_at = run.now() + run.connector.settings.proof_delay
        run.stop(ReleaseCause.HELD_UP, resume_at=resume_at)
        return
    try:
        run.inbox.place(file.name, content)
    except InboxUnknown as error:
        log.error("the inbox's answer was lost", extra={"shop_id": run.shop_id, "file": file.name})
        _move(run, file, FileState.UNKNOWN, str(error))
        # Asked as soon as its answer proves anything: not tomorrow night.
        resume_at = run.now() + run.connector.settings.proof_delay
        run.stop(ReleaseCause.INBOX_UNKNOWN, resume_at=resume_at)
    except (InboxRefused, InboxNotSent) as error:
        log.error("the inbox took no file", extra={"shop_id": run.shop_id, "file": file.name})
        run.stop(ReleaseCause.INBOX_REFUSED)
        void(run, file, str(error))
    else:
        placed(run, file, "accepted")


def placed(run: Run, file: FileEntry, detail: str) -> None:
    """The file is in the inbox: say so of the file first, then of every document in it."""
    moved = _move(run, file, FileState.PLACED, detail)
    if moved is not None:
        settle_placed(run.connector, moved, run.now())


def void(run: Run, file: FileEntry, detail: str) -> None:
    """The file is proven not to be in the inbox: its documents wait for another one."""
    moved = _move(run, file, FileState.VOID, detail)
    if moved is not None:
        settle_void(run.connector, moved, run.now())


def settle_placed(
    connector: Connector, file: FileEntry, now: datetime, by: str = Actor.EXPORT
) -> None:
    """Mark every document of a placed file; doing it again changes nothing."""
    for key, print_ in file.keys.items():
        outcome = Outcome(fingerprint=print_)
        connector.entries.settle(
            file.shop_id, key, file=file.name, to=EntryState.PLACED, outcome=outcome, at=now, by=by
        )
    connector.files.settle(file)


def settle_void(
    connector: Connector, file: FileEntry, now: datetime, by: str = Actor.EXPORT
) -> None:
    """Give every document of a void file back; doing it again changes nothing."""
    outcome = Outcome(code=ReleaseCause.FILE_NOT_SENT)
    for key in file.keys:
        connector.entries.settle(
            file.shop_id, key, file=file.name, to=EntryState.WAITING, outcome=outcome, at=now, by=by
        )
    connector.files.settle(file)


def _move(run: Run, file: FileEntry, to: FileState, detail: str) -> FileEntry | None:
    moved = run.connector.files.move(file, to, at=run.now(), by=run.by, detail=detail)
    if moved is not None:
        run.files.append(FileResult(file.name, len(file.keys), to))
    return moved
