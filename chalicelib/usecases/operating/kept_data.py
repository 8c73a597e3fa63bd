"""What an operator asks about the data that is kept of a shop: to see it, or to erase it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.erase import erase_shop
from chalicelib.usecases.operating.extract import extract_order, extract_shop

_ONLY_FOR = {"order": "extract", "confirm": "erase"}


def answer_about_kept_data(
    connector: Connector, given: Mapping[str, Any], action: str | None
) -> dict[str, Any] | None:
    """The answer to ``{"shop_id": n, "action": "extract"}``, with an ``"order"`` or the page
    ``"after"`` another one, and to ``"action": "erase"``, with the shop's number as ``"confirm"``;
    None for any other action. Raises `RequestError`, `UnknownShop`, `UnknownOrder`.
    """
    for key in given.keys() & _ONLY_FOR.keys():
        if action != _ONLY_FOR[key]:
            raise RequestError(f"{key} goes with the action {_ONLY_FOR[key]}.")
    if action == "erase":
        confirmed = operator_input.shop_number(given, "confirm")
        return erase_shop(connector, operator_input.shop_id_of(given), confirmed=confirmed)
    if action != "extract":
        return None
    shop_id = operator_input.shop_id_of(given)
    number, after = operator_input.text(given, "order"), operator_input.text(given, "after")
    if number is None:
        return extract_shop(connector, shop_id, after=after)
    if after is not None:
        raise RequestError("after goes with the extract of a whole shop; an order is one answer.")
    return extract_order(connector, shop_id, number)
