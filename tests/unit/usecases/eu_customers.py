"""Orders of businesses in other member states, for tests of what is asked about their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.domain.orders import Order
from chalicelib.domain.vat_numbers import VatNumber, VatStanding
from tests.fakes.documents_of_shop import HOME, order, order_line
from tests.fakes.open_vault import look_into
from tests.unit.usecases.stage import SHOP_ID, Stage

BELGIAN, GERMAN, AUSTRIAN = "BE0403019261", "DE136695976", "ATU13585627"
OTHER_BELGIAN = "BE0403170701"
OWN = "NL123456782B12"


def sell(
    stage: Stage, number: str, order_id: int, *, price: str = "100.00", **changes: Any
) -> Order:
    """A webhook brings an order without VAT of the business with that VAT number."""
    address = replace(HOME, country=number[:2], postal_code="1000", city="Elders")
    sold = order(
        order_line(price, "0"),
        id=order_id,
        number=f"ORD{order_id:05}",
        company_name=f"Firma {number[-4:]}",
        company_vat_number=number,
        email=f"inkoop@{number.lower()}.example",
        billing=address,
        shipping=address,
        **changes,
    )
    stage.receive(sold)
    return sold


def kept(stage: Stage) -> dict[str, VatNumber]:
    """What is kept of each number, by the number itself."""
    found = stage.shops.load_each(SHOP_ID, VatNumber).values()
    return {look_into(record.sealed_number) or "": record for record in found}


def standing(stage: Stage) -> VatStanding:
    return stage.shops.load(SHOP_ID, VatStanding) or VatStanding()
