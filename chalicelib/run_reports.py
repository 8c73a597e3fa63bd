"""How an export and a watch ended: a line of the log, and the figures that are counted."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib import metrics
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.nights import SliceProgress
from chalicelib.usecases.filing.run import THE_SHOP, Run

if TYPE_CHECKING:  # exports start without the watch
    from chalicelib.usecases.afterwards.watch import Watched

log = logging.getLogger(__name__)


def log_run(run: Run) -> None:
    """One line a run: what it did, or what kept it from that."""
    level, said = _describe_end(run)
    log.log(
        level,
        said,
        extra={
            "shop_id": run.shop_id,
            "trouble": run.trouble and run.trouble.value,
            "stopped_by": run.stopped_by and run.stopped_by.value,
            "goes_on_at": run.resume_at and run.resume_at.isoformat(),
            "files": [file.name for file in run.files],
            "held": len(run.held),
            "skipped": len(run.skipped),
            "left": len(run.left),
            "waiting": run.count_waiting(),
        },
    )
    metrics.count_export(run)


def _describe_end(run: Run) -> tuple[int, str]:
    if run.trouble is not None:
        level = logging.WARNING if run.trouble.passes else logging.ERROR
        return level, f"export stopped: {run.trouble.value}"
    if run.stopped_by is ReleaseCause.HALTED:
        return logging.INFO, "export halted"
    if run.stopped_by is not None:
        return logging.WARNING, f"export goes on later: {run.stopped_by.value}"
    if why := next((one.reason for one in run.skipped if one.order == THE_SHOP), None):
        return logging.INFO, f"shop not exported: {why}"
    return logging.INFO, "shop exported"


def log_slice(progress: SliceProgress) -> None:
    """One line a slot of all shops: how far it is."""
    said = "slice goes on" if progress.done_at is None else "slice sent out"
    extra = {
        "task": progress.task.value,
        "slice": progress.slot,
        "part": progress.part.value,
        "shops": progress.sent,
        "run": progress.run,
    }
    log.info(said, extra=extra)


def log_watch(watched: Watched | None) -> None:
    """One line a shop that was watched over: what was found; none where nothing was to be done."""
    if watched is None:
        return
    if watched.is_fine:
        extra = {"shop_id": watched.shop_id, "resealed": watched.resealed}
        log.info("shop watched", extra=extra)
    else:
        extra = {**asdict(watched), "new_methods": len(watched.new_methods)}
        log.warning("shop needs a look", extra=extra)
    metrics.count_watch(watched)
