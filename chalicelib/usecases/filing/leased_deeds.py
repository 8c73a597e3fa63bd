"""What a person does under the shop's lease, so that no run is at work meanwhile: a run that has
lost the lease looks at the shop once more before it sends anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.errors import ShopBusy
from chalicelib.usecases.filing.shop_lease import take_lease
from chalicelib.usecases.filing.wishes import let_go
from chalicelib.usecases.workspace import Workspace


@contextmanager
def lease_shop(workspace: Workspace, owner: str, *, otherwise: str) -> Iterator[None]:
    """Have the shop's lease, in the name of `owner`, while the block lasts; then a run begins that
    was wished for meanwhile. Raises `ShopBusy`, which says what is `otherwise`, while a run has it.
    """
    connector, shop_id = workspace.connector, workspace.shop_id
    if take_lease(connector, shop_id, owner, receipt="", serves_wish=False) is None:
        raise ShopBusy(f"Shop {shop_id} has a run at work; {otherwise}.")
    try:
        yield
    finally:
        let_go(connector, shop_id, owner)
