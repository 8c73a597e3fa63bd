"""Companies that differ under one e-mail address are booked as promised, and told of once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain import bounds
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shop_records import SharedAddresses
from chalicelib.errors import InboxRefused
from chalicelib.usecases.filing.shared_addresses import put_away_addresses
from chalicelib.usecases.operating.overview import read_overview
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.stage import SHOP_ID, Stage

MARKET = "orders@market.example"


def buy(stage: Stage, number: int, company: str, email: str = MARKET) -> None:
    stage.receive(
        replace(
            order(company_name=company, email=email),
            id=number,
            number=f"ORD{number}",
            created_at=stage.now,
        )
    )


def reported(stage: Stage) -> list[list[str]]:
    """The orders that the overview names, by address."""
    shown = read_overview(stage.workspace()).shared
    return [[entry.number for entry in entries] for entries in shown.values()]


def put_away(stage: Stage) -> int:
    return put_away_addresses(stage.workspace(), tuple(read_overview(stage.workspace()).shared))


def test_both_are_booked_and_the_merchant_is_reported_once() -> None:
    stage = Stage()
    buy(stage, 1, "De Wilg B.V.")
    buy(stage, 2, "De Eik")
    stage.night()
    assert len(stage.booked()) == 2
    assert reported(stage) == [["ORD1", "ORD2"]]
    stage.night()
    assert reported(stage) == [["ORD1", "ORD2"]], "it is shown until it is put away"
    assert [put_away(stage), put_away(stage)] == [1, 0]
    assert reported(stage) == []

    buy(stage, 3, "De Beuk", MARKET.upper())
    buy(stage, 4, "De Eik")
    stage.night()
    assert len(stage.booked()) == 4
    assert reported(stage) == [], "of an address once, not each night"
    buy(stage, 5, "De Wilg", "other@market.example")
    buy(stage, 6, "De Eik", "other@market.example")
    stage.night()
    assert reported(stage) == [["ORD5", "ORD6"]]


@pytest.mark.parametrize(
    ("one", "other", "email"),
    [
        ("De Wilg B.V.", "DE WILG bv", MARKET),
        ("De Wilg", "", MARKET),
        ("", "", MARKET),
        ("De Wilg", "De Eik", "eik@example.nl"),
    ],
)
def test_what_is_no_second_company_under_an_address_is_not_reported(
    one: str, other: str, email: str
) -> None:
    stage = Stage()
    buy(stage, 1, one)
    buy(stage, 2, other, email)
    stage.night()
    assert len(stage.booked()) == 2
    assert reported(stage) == []
    assert stage.shops.load(SHOP_ID, SharedAddresses) is None


def test_two_files_of_one_run_are_compared() -> None:
    stage = Stage()
    settings = replace(stage.connector.settings, orders_per_file=1)
    stage.connector = replace(stage.connector, settings=settings)
    buy(stage, 1, "De Wilg")
    buy(stage, 2, "De Eik")
    stage.night()
    assert len(stage.inbox.files) == 2
    assert reported(stage) == [["ORD1", "ORD2"]]


@pytest.mark.parametrize("writes", range(4, 12))
def test_a_run_that_is_killed_tells_as_well(writes: int) -> None:
    stage = Stage()
    buy(stage, 1, "De Wilg")
    buy(stage, 2, "De Eik")
    with killed_after(stage, writes):
        stage.night()
    stage.night()
    stage.night()
    assert stage.entry("order-1").state is EntryState.PLACED
    assert reported(stage) == [["ORD1", "ORD2"]]


def test_a_file_that_was_refused_is_not_reported_twice() -> None:
    stage = Stage()
    buy(stage, 1, "De Wilg")
    buy(stage, 2, "De Eik")
    stage.inbox.fail(InboxRefused("full"), times=1)
    stage.night()
    put_away(stage)
    stage.night()
    assert len(stage.booked()) == 2
    assert reported(stage) == []


def test_neither_a_name_nor_an_address_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_ADDRESSES_REPORTED", 2)
    stage = Stage()
    for place in range(3):
        buy(stage, 2 * place + 1, "De Wilg", f"{place}@market.example")
        buy(stage, 2 * place + 2, "De Eik", f"{place}@market.example")
    stage.night()
    kept = stage.shops.load(SHOP_ID, SharedAddresses)
    assert kept is not None
    assert len(kept.reported) == 2
    assert len(kept.shown) == 3
    assert "market" not in repr(kept)
    assert "Eik" not in repr(kept)
