"""The record of how far a delivery by API has come, kept beside the shop; see `SendingProgress`.

It is opened before the delivery is fixed, so that one without it is never sent from; closed by
whoever ends the delivery, and forgotten once that is over.
"""

from __future__ import annotations

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.sending_progress import SendingProgress, name_progress
from chalicelib.usecases.filing.run import Run


def open_progress(run: Run, file: FileEntry) -> SendingProgress:
    """Begin the record of a delivery from which nothing was sent yet."""
    progress = SendingProgress(at=run.now())
    run.connector.shops.change(
        run.shop_id, SendingProgress, lambda kept: kept or progress, name_progress(file.name)
    )
    return progress


def note_progress(
    run: Run, file: FileEntry, known: SendingProgress, next_: SendingProgress
) -> bool:
    """Replace the record, as this run wrote it last, by the next one. False when somebody else has
    the delivery in hand: then nothing may be sent any more.
    """

    def replace_known(kept: SendingProgress | None) -> SendingProgress | None:
        return next_ if kept == known else None

    kept = run.connector.shops.change(
        run.shop_id, SendingProgress, replace_known, name_progress(file.name)
    )
    return kept == next_


def forget_progress(run: Run, file: FileEntry) -> None:
    """Delete the record of a delivery that is over."""
    shops, name = run.connector.shops, name_progress(file.name)
    shops.forget_if(run.shop_id, SendingProgress, lambda kept: True, name)
