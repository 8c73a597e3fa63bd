"""The port `Seats`: one item a seat, by which all shops of its holder are found as well."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import boto3
import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.schema import SHOPS
from chalicelib.domain.seat_records import MailsToHolder, UsedSignIn
from chalicelib.domain.seats import Seat, name_holder
from chalicelib.usecases.operating.extract import NOT_SHOWN, extract_shop
from tests.fakes.open_vault import look_into, sealed_before
from tests.tables.conftest import NOW, Ledger, after, new_shop_id, shop
from tests.tables.seating import ADDRESS, HOLDER, OTHER, RENAMED, seat


def test_a_seat_comes_back_as_it_was_given(ledger: Ledger, shop_id: int) -> None:
    plain = replace(seat(shop_id, OTHER, rights=frozenset()), visited_on=None)
    assert ledger.shops.put_seat(seat(shop_id))
    assert ledger.shops.put_seat(plain)

    found = ledger.shops.seat(shop_id, HOLDER)

    assert found == seat(shop_id)
    assert found is not None
    assert look_into(found.address) == ADDRESS
    assert ledger.shops.seat(shop_id, OTHER) == plain
    assert ledger.shops.seat(new_shop_id(), HOLDER) is None
    in_order = sorted([seat(shop_id), plain], key=lambda one: one.holder)
    assert ledger.shops.seats(shop_id) == in_order


def test_a_holder_has_one_seat_in_a_shop(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.put_seat(seat(shop_id, rights=frozenset()))
    assert not ledger.shops.put_seat(seat(shop_id))
    assert ledger.shops.seat(shop_id, HOLDER) == seat(shop_id, rights=frozenset())


def test_all_shops_of_a_holder_are_found_and_nobody_elses(ledger: Ledger) -> None:
    holder = name_holder("alle@kantoor.example", "print-secret")
    first, second, third = new_shop_id(), new_shop_id(), new_shop_id()
    for number in (second, first):
        ledger.shops.put_seat(seat(number, holder))
        ledger.shops.add(shop(number))
    ledger.shops.put_seat(seat(third, OTHER))

    assert ledger.shops.seats_of(holder) == [seat(first, holder), seat(second, holder)]
    assert [*ledger.shops.get_all([second, first, third])] in ([second, first], [first, second])
    assert ledger.shops.get_all([first])[first] == ledger.shops.get(first)
    ledger.shops.remove_seat(first, holder)
    assert ledger.shops.seats_of(holder) == [seat(second, holder)]


def test_no_holder_has_a_seat_by_a_part_of_a_name(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.put_seat(seat(shop_id))
    assert ledger.shops.seat(shop_id, HOLDER[:-1]) is None
    assert ledger.shops.seats_of(HOLDER[:-1]) == []
    assert ledger.shops.seats_of(HOLDER.upper()) == []


def test_a_seat_is_changed_from_what_it_is(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.put_seat(seat(shop_id))

    changed = ledger.shops.change_seat(
        shop_id, HOLDER, lambda kept: replace(kept, rights=frozenset())
    )

    assert changed == ledger.shops.seat(shop_id, HOLDER) == seat(shop_id, rights=frozenset())


def test_the_same_address_sealed_anew_is_stored(ledger: Ledger, shop_id: int) -> None:
    anew = seat(shop_id).address
    ledger.shops.put_seat(replace(seat(shop_id), address=sealed_before(anew)))
    renewed = replace(anew, content=f"{anew.content} ")

    ledger.shops.change_seat(shop_id, HOLDER, lambda kept: replace(kept, address=renewed))

    found = ledger.shops.seat(shop_id, HOLDER)
    assert found is not None
    assert (found.address.key, found.address.content) == (renewed.key, renewed.content)


def test_a_seat_that_was_taken_away_is_not_made_again_by_a_change(
    ledger: Ledger, shop_id: int
) -> None:
    ledger.shops.put_seat(seat(shop_id))

    def meanwhile(kept: Seat) -> Seat:
        ledger.shops.remove_seat(shop_id, HOLDER)
        return replace(kept, rights=frozenset())

    if not hasattr(ledger.shops, "taken"):  # in memory nothing comes in between
        assert ledger.shops.change_seat(shop_id, HOLDER, meanwhile) is None
    ledger.shops.remove_seat(shop_id, HOLDER)
    assert ledger.shops.change_seat(shop_id, HOLDER, lambda kept: kept) is None
    assert ledger.shops.seat(shop_id, HOLDER) is None


def test_removing_says_whether_there_was_one(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.put_seat(seat(shop_id))
    assert ledger.shops.remove_seat(shop_id, HOLDER)
    assert not ledger.shops.remove_seat(shop_id, HOLDER)
    assert ledger.shops.seats(shop_id) == []


def test_a_holder_gets_another_name_in_one_write(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.put_seat(seat(shop_id))

    assert ledger.shops.move_seat(shop_id, HOLDER, RENAMED)

    assert ledger.shops.seats(shop_id) == [seat(shop_id, RENAMED)]
    assert [one.shop_id for one in ledger.shops.seats_of(RENAMED)] == [shop_id]
    assert shop_id not in [one.shop_id for one in ledger.shops.seats_of(HOLDER)]
    assert not ledger.shops.move_seat(shop_id, HOLDER, RENAMED)
    changed = ledger.shops.change_seat(
        shop_id, RENAMED, lambda kept: replace(kept, rights=frozenset())
    )
    assert changed is not None, "its last write is known"


def test_a_holder_of_two_names_keeps_both_seats(ledger: Ledger, shop_id: int) -> None:
    for holder in (HOLDER, RENAMED):
        ledger.shops.put_seat(seat(shop_id, holder))
    assert not ledger.shops.move_seat(shop_id, HOLDER, RENAMED)
    assert len(ledger.shops.seats(shop_id)) == 2


def test_a_shop_forgets_its_seats_and_no_others(ledger: Ledger, shop_id: int) -> None:
    other = new_shop_id()
    for number in (shop_id, other):
        ledger.shops.put_seat(seat(number))
    ledger.shops.forget_seats(shop_id)
    assert ledger.shops.seats(shop_id) == []
    assert ledger.shops.seats(other) == [seat(other)]


def test_what_is_erased_of_a_shop_are_its_seats_too(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.put_seat(seat(shop_id))
    assert [item.key for item in ledger.shops.extract(shop_id)] == [f"seat#{HOLDER}"]
    assert ledger.shops.erase(shop_id, limit=10) == 1
    assert ledger.shops.seats(shop_id) == []


def test_what_is_kept_of_a_seat_is_shown_without_the_address(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.put_seat(seat(shop_id))
    connector: Any = ledger  # the three tables are all that is read
    (shown,) = extract_shop(connector, shop_id, after=None)["shop"]
    assert ADDRESS not in str(shown)
    assert f"'address': '{NOT_SHOWN}'" in str(shown)


@pytest.mark.parametrize(
    "deed",
    [
        lambda shops, number: shops.put_seat(seat(number)),
        lambda shops, number: shops.move_seat(number, OTHER, RENAMED),
        lambda shops, number: shops.remove_seat(number, OTHER),
    ],
    ids=["put", "move", "remove"],
)
def test_of_many_at_once_one_succeeds(
    tables: Tables, shop_id: int, deed: Callable[[object, int], bool]
) -> None:
    tables.shops.put_seat(seat(shop_id, OTHER))
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(deed, tables.shops, shop_id) for _ in range(4)]
        assert sum(one.result() for one in done) == 1


def test_what_signing_in_remembers_ends_by_itself(tables: Tables, shop_id: int) -> None:
    for record in (
        UsedSignIn(needed_until=after(15)),
        MailsToHolder(asked_at=(NOW,), needed_until=after(60)),
    ):
        tables.shops.change(shop_id, type(record), partial(_become, record), "of-somebody")
        item = boto3.client("dynamodb", endpoint_url=tables.host).get_item(
            TableName=tables.prefix + SHOPS,
            Key={"shop_id": {"N": str(shop_id)}, "part": {"S": "note#of-somebody"}},
        )["Item"]
        assert item["expires"] == {"N": str(int(record.needed_until.timestamp()))}
        tables.shops.erase(shop_id, limit=10)


def _become(made: Any, _: object) -> Any:
    return made
