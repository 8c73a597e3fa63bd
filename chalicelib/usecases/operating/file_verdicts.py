"""A person settles a file whose fate the connector cannot know."""

from __future__ import annotations

from chalicelib.domain.ledger import Actor, FileState
from chalicelib.errors import RequestError, UnknownFile
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting import placing

CONFIRM, AGAIN = "confirm", "again"


def settle_file(connector: Connector, shop_id: int, name: str, verdict: str, dry_run: bool) -> None:
    """``confirm``: the file is in Asperion, its documents are placed. ``again``: it is not, they
    wait for another file. Raises `UnknownFile`, and `RequestError` for a file that is not
    `unknown` and for ``again`` while the upload may still be on its way.
    """
    file = connector.files.get(shop_id, name)
    if file is None:
        raise UnknownFile(f"Shop {shop_id} has no file {name}; nothing was done.")
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
    to = FileState.PLACED if verdict == CONFIRM else FileState.VOID
    moved = connector.files.move(file, to, at=now, by=Actor.OPERATOR, detail=verdict)
    if moved is None:
        raise RequestError(f"File {name} was changed by another run; look again.")
    settle = placing.settle_placed if verdict == CONFIRM else placing.settle_void
    settle(connector, moved, now, Actor.OPERATOR)
