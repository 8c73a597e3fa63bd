"""A person says what became of a file whose fate the connector cannot know."""

from __future__ import annotations

from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.ledger import FileState
from chalicelib.errors import RequestError, UnknownFile
from chalicelib.usecases.filing import placing
from chalicelib.usecases.workspace import Workspace

CONFIRM, AGAIN = "confirm", "again"


def decide_file(workspace: Workspace, name: str, verdict: str, *, dry_run: bool) -> None:
    """``confirm``: the file is in Asperion, its documents are placed. ``again``: it is not, they
    wait for another file. Raises `UnknownFile`, and `RequestError` for a file that is not
    `unknown` and for ``again`` while the upload may still be on its way.
    """
    connector = workspace.connector
    file = connector.files.get(workspace.shop_id, name)
    if file is None:
        raise UnknownFile(f"Shop {workspace.shop_id} has no file {name}; nothing was done.")
    if file.state is not FileState.UNKNOWN:
        raise RequestError(f"File {name} is {file.state.value}, not unknown; nothing was done.")
    arrived_by = file.since + connector.settings.proof_delay
    if verdict == AGAIN and connector.clock() < arrived_by:
        raise RequestError(
            f"File {name} may still arrive until {arrived_by:%H:%M:%S} UTC; nothing was done. "
            "Look in Asperion then."
        )
    if dry_run:
        return
    now = connector.clock()
    step = FileStep.CONFIRM if verdict == CONFIRM else FileStep.GIVE_UP
    moved = connector.files.record(file, Event(at=now, step=step, by=Actor.OPERATOR))
    if moved is None:
        raise RequestError(f"File {name} was changed by another run; look again.")
    finish = placing.finish_placed if verdict == CONFIRM else placing.finish_void
    finish(workspace, moved, Actor.OPERATOR)
