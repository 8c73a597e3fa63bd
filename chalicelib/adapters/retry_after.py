"""When another system wants to be asked again: the header ``Retry-After``."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)


def read_retry_after(header: str, now: datetime) -> datetime | None:
    """The moment that a ``Retry-After`` header names: seconds, an HTTP date or an ISO one (UTC
    unless it says otherwise), because systems disagree on which to send; a day from `now` at the
    most. None if it is none of them.
    """
    text = header.strip()
    if seconds := re.fullmatch(r"([0-9]{1,9})(\.[0-9]{1,9})?", text):
        whole = timedelta(seconds=int(seconds[1]) + bool(seconds[2]))
        return now + min(whole, LONGEST)
    iso = re.sub(r"\s*(UTC|GMT)$", "+00:00", text)
    for parse, given in ((parsedate_to_datetime, text), (datetime.fromisoformat, iso)):
        with suppress(ValueError, OverflowError):
            moment = parse(given)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            return min(moment, now + LONGEST)
    return None
