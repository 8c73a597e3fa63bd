"""What is missing of the last changes of where a shop's invoices go is made up for at night."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from chalicelib.domain.connection_changes import ConnectionChange
from chalicelib.domain.events import ShopStep
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.notified_changes import Telling, list_shown
from chalicelib.usecases.shop.contact import tell_contact
from chalicelib.usecases.workspace import Workspace

C = TypeVar("C", LicenceChange, ConnectionChange)


def make_up_for(
    workspace: Workspace,
    changes: Iterable[C],
    steps: Collection[ShopStep],
    append_audit: Callable[[Workspace, C], None],
) -> tuple[C, ...]:
    """Write the lines that are missing in the audit, which are of these `steps`, and send the mails
    that were not sent. Returns the changes of which the contact could not be told this time either;
    none in an installation that sends no mail.
    """
    shown = list_shown(changes, workspace.now())
    if not shown:
        return ()
    audit = workspace.connector.shops.audit(workspace.shop_id)
    written = {event.at for event in audit if event.step in steps}
    for one in shown:
        if one.at not in written:
            append_audit(workspace, one)
    if workspace.connector.post is None:
        return ()
    untold = [one for one in shown if one.telling is not Telling.NOTIFIED]
    return tuple(one for one in untold if tell_contact(workspace, one) is not Telling.NOTIFIED)
