"""The seats beside the shops, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.seats import Seat


class MemorySeats:
    """Port `Seats`."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[tuple[int, str], Seat] = {}

    def seat(self, shop_id: int, holder: str) -> Seat | None:
        return self.taken.get((shop_id, holder))

    def seats(self, shop_id: int) -> list[Seat]:
        return [seat for (of, _), seat in sorted(self.taken.items()) if of == shop_id]

    def seats_of(self, holder: str) -> list[Seat]:
        return [seat for (_, by), seat in sorted(self.taken.items()) if by == holder]

    def has_seat(self, holder: str) -> bool:
        return bool(self.seats_of(holder))

    def put_seat(self, seat: Seat) -> bool:
        key = (seat.shop_id, seat.holder)
        return self.taken.setdefault(key, seat) is seat

    def change_seat(self, shop_id: int, holder: str, change: Callable[[Seat], Seat]) -> Seat | None:
        seat = self.taken.get((shop_id, holder))
        if seat is None:
            return None
        self.taken[shop_id, holder] = change(seat)
        return self.taken[shop_id, holder]

    def move_seat(self, shop_id: int, former: str, holder: str) -> bool:
        seat = self.taken.get((shop_id, former))
        if seat is None or (shop_id, holder) in self.taken:
            return False
        del self.taken[shop_id, former]
        self.taken[shop_id, holder] = replace(seat, holder=holder)
        return True

    def remove_seat(self, shop_id: int, holder: str) -> bool:
        return self.taken.pop((shop_id, holder), None) is not None

    def forget_seats(self, shop_id: int) -> None:
        for seat in self.seats(shop_id):
            del self.taken[shop_id, seat.holder]
