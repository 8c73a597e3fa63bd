"""The seats of bookkeepers: items of the shops table, one beside the shop for each seat.

An item is the only record of a seat, and the index by which all shops of a holder are found has no
items of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.seats import Seat


class Seats(Protocol):
    """The part of the shops table that is about seats. All is read consistently, but for which
    shops a holder has a seat in: a seat that was given a moment ago may be missing there.
    """

    def seat(self, shop_id: int, holder: str) -> Seat | None:
        """The holder's seat in a shop, or None."""

    def seats(self, shop_id: int) -> list[Seat]:
        """All seats of a shop. One query."""

    def seats_of(self, holder: str) -> list[Seat]:
        """The holder's seats in all shops, by shop. One query, and reads by key: one that was
        removed is never among them.
        """

    def has_seat(self, holder: str) -> bool:
        """Whether the holder has a seat in any shop, as far as the index knows. One query, and the
        same work whether he has or not.
        """

    def put_seat(self, seat: Seat) -> bool:
        """Store a seat; False, with nothing stored, when its holder has one in that shop."""

    def change_seat(self, shop_id: int, holder: str, change: Callable[[Seat], Seat]) -> Seat | None:
        """Replace a seat by what `change` makes of it, retrying when it was changed in between:
        `change` may run more than once. None, with nothing stored, when there is none (any more).
        Raises `LedgerConflict` when it never stands still.
        """

    def move_seat(self, shop_id: int, former: str, holder: str) -> bool:
        """Let a seat be that of `holder`, who is `former` by another name, in one write. False,
        with nothing stored, when there is none, or he has one by both names.
        """

    def remove_seat(self, shop_id: int, holder: str) -> bool:
        """Remove a seat; whether there was one."""

    def forget_seats(self, shop_id: int) -> None:
        """Remove all seats of a shop."""
