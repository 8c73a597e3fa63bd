"""What the small records beside a shop are named by."""

from __future__ import annotations

from collections.abc import Collection


def is_of_kind(name: str, kinds: Collection[str]) -> bool:
    """Whether the record of this name is of one of these kinds (their `NAME`). A kind of which a
    shop has several is named with a dash and more.
    """
    return name in kinds or name.startswith(tuple(f"{kind}-" for kind in kinds))
