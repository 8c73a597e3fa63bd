"""What keeps a judged invoice from going out, whatever the shop's way into Asperion."""

from __future__ import annotations

from chalicelib.domain.concept_making import find_concept_obstacle
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ways import Way
from chalicelib.usecases.workspace import Workspace


def find_obstacle(workspace: Workspace, invoice: Invoice, *, held_for: str | None) -> Hold | None:
    """What keeps the invoice of a document that was `held_for` a reason (its code) from going out;
    None for nothing. Whether the aXML profile can write it is asked of what was held for that.
    """
    if workspace.shop.way is Way.API:
        return find_choice_obstacle(workspace, invoice)
    if held_for != HoldReason.UNWRITABLE:
        return None
    from chalicelib.axml import find_unwritable  # with Jinja2, which few that ask need

    still = find_unwritable(workspace.profile, invoice)
    return Hold(HoldReason.UNWRITABLE, still.field) if still else None


def find_choice_obstacle(workspace: Workspace, invoice: Invoice) -> Hold | None:
    """What the merchant has not confirmed for Asperion and the invoice needs; None for nothing, and
    before anything was confirmed.
    """
    connection = workspace.shop.connection
    choices = None if connection is None else connection.choices
    return None if choices is None else find_concept_obstacle(invoice, choices)
