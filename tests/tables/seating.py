"""A bookkeeper's seat, as the tests of the tables give it."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seats import Seat, SeatRight, name_holder
from tests.fakes.open_vault import seal
from tests.tables.conftest import NOW, after

ADDRESS = "boekhouder@kantoor.example"
HOLDER = name_holder(ADDRESS, "print-secret")
RENAMED = name_holder(ADDRESS, "new-print-secret")
OTHER = name_holder("ander@kantoor.example", "print-secret")
BOTH = frozenset(SeatRight)


def seat(shop_id: int, holder: str = HOLDER, *, rights: frozenset[SeatRight] = BOTH) -> Seat:
    address = seal(ADDRESS, SecretKind.SEAT_ADDRESS, shop_id)
    return Seat(
        shop_id=shop_id,
        holder=holder,
        address=address,
        rights=rights,
        installed_at=NOW,
        since=after(1),
        visited_on=date(2026, 1, 24),
    )
