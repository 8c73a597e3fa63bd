"""The slots that a night is cut into: each shop has one, the same one every night.

A slot is also where a shop is found: shops are indexed by their slots, which spreads them over the
partitions of the table, and lets each slot be read by itself.
"""

from __future__ import annotations

from zlib import crc32

SLOTS = 64
"""How many slots there are. Stored with every shop: it never changes."""


def slot_of(shop_id: int) -> str:
    """A shop's slot, ``slot-00`` to ``slot-63``. Stored: the same for ever."""
    return name_slot(crc32(str(shop_id).encode()) % SLOTS)


def name_slot(number: int) -> str:
    """The slot of that number, counted from 0."""
    return f"slot-{number:02d}"


EVERY_SLOT = tuple(name_slot(number) for number in range(SLOTS))
"""All slots, in the order in which they come in the night."""
