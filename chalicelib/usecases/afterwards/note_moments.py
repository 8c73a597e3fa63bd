"""Credit notes as explanations: making one changes its order as well.

The watch lists them anyway, for refunds, so an order that was credited need not be read to know why
it changed. An invoice explains nothing: it may be made anew because its order was edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.orders import ShopInvoice

MAKING_ONE = timedelta(seconds=5)
"""SEOshop stamps a credit note and its order within so long of each other."""


class NoteMoments:
    """When the listed credit notes of orders were made."""

    def __init__(self, listed: Iterable[ShopInvoice] = ()) -> None:
        self._moments = defaultdict[int, list[datetime]](list)
        for each in listed:
            if each.is_credit_note and each.order_id is not None:
                self._moments[each.order_id].append(each.created_at)

    def explain(self, order_id: int, changed_at: datetime) -> bool:
        """Whether one of them is why an order changed at that moment."""
        moments = self._moments.get(order_id, ())
        return any(abs(changed_at - moment) <= MAKING_ONE for moment in moments)
