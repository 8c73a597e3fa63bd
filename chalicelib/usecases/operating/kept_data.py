"""What an operator asks about the data that is kept of a shop: to see it, or to erase it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.erase import erase_shop, rehearse_erasure
from chalicelib.usecases.operating.extract import extract_order, extract_shop


def erase(connector: Connector, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to ``{"shop_id": n, "action": "erase"}``, with the shop's number as ``"confirm"``;
    with ``"dry_run": true`` what would be erased. Raises `RequestError`, `UnknownShop`.
    """
    shop_id = operator_input.shop_id_of(given)
    confirmed = operator_input.shop_number(given, "confirm")
    if operator_input.flag(given, "dry_run"):
        return rehearse_erasure(connector, shop_id, confirmed=confirmed)
    return erase_shop(connector, shop_id, confirmed=confirmed)


def extract(connector: Connector, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to ``{"shop_id": n, "action": "extract"}``, with an ``"order"`` or the page
    ``"after"`` another one. Raises `RequestError`, `UnknownShop`, `UnknownOrder`.
    """
    shop_id = operator_input.shop_id_of(given)
    number, after = operator_input.text(given, "order"), operator_input.text(given, "after")
    if number is None:
        return extract_shop(connector, shop_id, after=after)
    if after is not None:
        raise RequestError("after goes with the extract of a whole shop; an order is one answer.")
    return extract_order(connector, shop_id, number)
