"""Whose seat in which shop counts, and what it allows.

A seat counts in the installation in which it was given. It is read anew, consistently, for every
page: one that was revoked is over with the next click.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.seats import Seat, SeatRight
from chalicelib.domain.shops import Shop
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A shop in which a bookkeeper has a seat, with that seat."""

    shop: Shop
    seat: Seat


def find_seats(connector: Connector, holder: str) -> list[Client]:
    """The shops, still installed, in which the holder has a seat, by number. One query, and reads
    by key.
    """
    raise NotImplementedError


def find_seat(connector: Connector, holder: str, shop_id: int) -> Client | None:
    """The shop, still installed, with the holder's seat in it; None when he has none there. Two
    consistent reads by key.
    """
    raise NotImplementedError


def note_visit(connector: Connector, client: Client) -> None:
    """Keep with the seat that it was used today; one write a day at most."""
    raise NotImplementedError


def change_rights(workspace: Workspace, holder: str, rights: frozenset[SeatRight]) -> bool:
    """Let a seat allow this from now on. Whether that changed anything."""
    raise NotImplementedError


def revoke_seat(workspace: Workspace, holder: str) -> bool:
    """Take a seat away, at once, and tell its holder by mail. Whether there was one."""
    raise NotImplementedError
