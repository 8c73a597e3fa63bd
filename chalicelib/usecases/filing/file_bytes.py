"""The bytes of an import file, read back before they are sent."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.axml import find_unwritable, render, verify
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.errors import RenderedWrong
from chalicelib.usecases.filing.claimed_documents import take_out
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.judging.reading import Reading, list_invoices
from chalicelib.usecases.workspace import Workspace


def render_file(run: Run, readings: dict[str, Reading]) -> bytes | None:
    """The file's bytes; None for no orders. Raises as `render_invoices`."""
    invoices = list_invoices(readings)
    return render_invoices(run, invoices) if invoices else None


def render_invoices(workspace: Workspace, invoices: Sequence[Invoice]) -> bytes:
    """A file of these invoices, read back and found to say what was judged.

    Raises `ProfileError`, `RenderedWrong`.
    """
    profile = workspace.profile
    content = render(profile, invoices)
    verify(profile, content, invoices)
    return content


def render_or_hold(
    run: Run, file: FileEntry, claimed: Sequence[Entry], readings: dict[str, Reading]
) -> bytes | None:
    """The file's bytes. An order that the profile cannot write is held, and what credits it; the
    others go on.
    """
    try:
        return render_file(run, readings)
    except RenderedWrong:
        held = _culprits(run, readings)
        if not held:
            raise
    take_out(run, file, claimed, readings, held)
    return render_file(run, readings)


def _culprits(run: Run, readings: dict[str, Reading]) -> dict[str, Hold]:
    """The documents that cannot be written even alone, held (no values, only fields)."""
    found = {}
    for key, reading in readings.items():
        try:
            render_file(run, {key: reading})
        except RenderedWrong as error:
            alone = isinstance(reading.verdict, Invoice) and find_unwritable(
                run.profile, reading.verdict
            )
            found[key] = Hold(HoldReason.UNWRITABLE, (alone or error).field)
    return found
