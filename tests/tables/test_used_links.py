"""A link is for one session, whatever comes at the same time or gets lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.shop_records import UsedLinks
from chalicelib.domain.signatures import Callback
from chalicelib.errors import LedgerConflict, LinkUsed
from chalicelib.usecases.shop.links import find_user, use_link
from tests.tables.conftest import NOW, Ledger, after, losing_an_answer


def link_of(shop_id: int) -> Callback:
    """A link of the AppCenter, as it was verified."""
    return Callback(
        shop_id=shop_id, language="nl", timestamp=NOW, cluster="eu1", token="t", link="a" * 64
    )


def test_a_link_is_for_the_session_that_was_first(ledger: Ledger, shop_id: int) -> None:
    link = link_of(shop_id)
    assert find_user(ledger.shops, link) == ""

    use_link(ledger.shops, link, "first", now=NOW)
    use_link(ledger.shops, link, "first", now=after(10))
    with pytest.raises(LinkUsed):
        use_link(ledger.shops, link, "second", now=after(10))

    assert find_user(ledger.shops, link) == "first"
    assert find_user(ledger.shops, replace(link, link="b" * 64)) == ""


def test_of_many_sessions_at_once_one_has_the_link(tables: Tables, shop_id: int) -> None:
    link = link_of(shop_id)

    def use(number: int) -> str | None:
        try:
            use_link(tables.shops, link, f"session-{number}", now=NOW)
        except (LinkUsed, LedgerConflict):
            return None
        return f"session-{number}"

    with ThreadPoolExecutor(8) as hands:
        won = [name for name in hands.map(use, range(24)) if name]

    assert won == [find_user(tables.shops, link)]


def test_a_write_whose_answer_is_lost_is_not_taken_for_anothers(
    tables: Tables, shop_id: int
) -> None:
    link = link_of(shop_id)

    with losing_an_answer("PutItem") as lost:
        use_link(tables.shops, link, "first", now=NOW)

    assert lost == ["PutItem"]
    assert find_user(tables.shops, link) == "first"


def test_links_that_are_too_old_go_with_the_next(ledger: Ledger, shop_id: int) -> None:
    use_link(ledger.shops, link_of(shop_id), "first", now=NOW)
    later = replace(link_of(shop_id), timestamp=after(21), link="b" * 64)

    use_link(ledger.shops, later, "second", now=after(21))

    kept = ledger.shops.load(shop_id, UsedLinks)
    assert kept is not None
    assert set(kept.by_link) == {"b" * 64}
