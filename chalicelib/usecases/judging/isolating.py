"""One bad document never stops its shop: what is wrong with it alone becomes its own verdict."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.ledger import Entry
from chalicelib.domain.shops import Shop
from chalicelib.errors import ConnectorError, ShopRefused, ShopUnreadable
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.reading import Reading, read

log = logging.getLogger(__name__)

_OF_ITS_DATA = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What code raises when it meets data that nobody foresaw. Anything else is not the document's."""


def read_alone(connector: Connector, shop: Shop, api: ShopApi, entry: Entry) -> Reading:
    """Read and judge one document. One that cannot be read for reasons of its own is held as
    `UNREADABLE`: a field of the wrong shape, a refusal that SEOshop gives to it alone, an error
    that nobody foresaw.

    Raises `ShopRateLimited`, `ShopNotFound`, `ShopUnavailable` for what may be gone later, and
    whatever concerns more than this document: other `ShopError`, `LedgerError`, `ProfileError`.
    """
    try:
        return read(connector, shop, api, entry)
    except ShopUnreadable as error:
        told = {"cause": str(error)}
    except ShopRefused as refusal:
        api.profile()  # raises when SEOshop refuses the shop, and not just this document
        told = {"cause": f"refused ({refusal.status})"}
    except ConnectorError:
        raise
    except _OF_ITS_DATA as error:
        # Its message may hold a piece of the order: kind and place are enough.
        told = {"error": type(error).__name__, "place": _place(error)}
    log.error("unreadable", extra={"shop_id": shop.shop_id, "document": entry.key, **told})
    return Reading(verdict=Hold(HoldReason.UNREADABLE), summary="")


def _place(error: Exception) -> str:
    """Where it was raised: ``lines.py:41``."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
