"""The proposal of how a shop's invoices are booked in its administration in Asperion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.days import local_day
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.invoices import VatTreatment
from chalicelib.domain.needed_codes import Trade
from chalicelib.domain.proposals import Proposal
from chalicelib.domain.proposing import propose
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.usecases.operating.connection_reading import find_connection
from chalicelib.usecases.workspace import Workspace

_NOTHING = ApiChoices(journal_id="")
_FILES_SEEN = 60
_HELD_SEEN = 200


def read_proposal(
    workspace: Workspace, lists: AdministrationLists, also: Sequence[str] = ()
) -> Proposal:
    """Propose how invoices are booked in the shop's administration, of which these are the lists.

    What was booked lately, by the totals of the last deliveries, and what is held for the lack of a
    VAT code, has to have one; so has what is asked for `also`, each as the detail of such a hold.
    What the merchant confirmed before is proposed again. Two queries.
    Raises `ConnectRefused` where no administration was chosen.
    """
    shop, day = workspace.shop, local_day(workspace.now())
    holds = workspace.connector.entries.list_held(workspace.shop_id, limit=_HELD_SEEN)
    return propose(
        lists,
        Trade(policy=shop.policy, home=shop.country or NETHERLANDS, day=day),
        seen=list(_list_seen(workspace)),
        held=[
            *(each.hold_detail for each in holds if each.hold == HoldReason.VAT_CODE_MISSING),
            *also,
        ],
        former=find_connection(shop).choices or _NOTHING,
    )


def _list_seen(workspace: Workspace) -> Iterator[VatTreatment]:
    """The treatments of what was delivered lately, as far as totals are kept."""
    for file in workspace.connector.files.list_recent(workspace.shop_id, _FILES_SEEN):
        if file.cover is not None:
            yield from (each.treatment for each in file.cover.totals)
