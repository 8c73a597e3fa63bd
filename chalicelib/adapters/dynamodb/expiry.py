"""Until when DynamoDB keeps an item: it deletes those whose moment has passed, within days."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from pynamodb.attributes import Attribute


class ExpiryAttribute(Attribute[datetime]):
    """The moment after which DynamoDB deletes an item, in whole seconds since 1970, as it asks."""

    attr_type = "N"

    def serialize(self, value: datetime) -> str:
        """Write as a number; a part of a second more, rather than less."""
        return str(math.ceil(value.timestamp()))

    def deserialize(self, value: str) -> datetime:
        """Read the number back as aware UTC."""
        return datetime.fromtimestamp(int(value), UTC)
