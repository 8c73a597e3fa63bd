"""Which administration orders go to."""

from __future__ import annotations

import pytest

from chalicelib.domain.ledger import FileState
from chalicelib.domain.ways import Way
from tests.edge.web.connect.connect_deeds import find, press, sign_in
from tests.edge.web.filled_forms import read_filled_form
from tests.edge.web.markup import read_text
from tests.edge.web.stored_orders import place
from tests.fakes.memory_asperion import DE_WILG, TESTING, MemoryAsperion
from tests.fakes.web import PUBLIC_URL, Browser, World


def test_several_administrations_are_chosen_from(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    page = merchant.follow(sign_in(merchant, asperion))
    assert DE_WILG.name in page.body
    assert TESTING.name in page.body
    assert "checked" not in page.body.partition("<form method")[2].partition("submit")[0]

    answer = press(merchant, "/connect/administration", administration=str(TESTING.id))
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/proposal"
    assert find(world).administration == TESTING
    assert not find(world).is_on


def test_the_only_one_is_chosen_already(merchant: Browser, asperion: MemoryAsperion) -> None:
    del asperion.administrations[TESTING.id]
    page = merchant.follow(sign_in(merchant, asperion))
    assert read_filled_form(page.body).values["administration"] == str(DE_WILG.id)


@pytest.mark.parametrize("typed", ["", "404", "-1", "7001; DROP", "9" * 40])
def test_one_that_is_not_there_is_refused(
    merchant: Browser, world: World, asperion: MemoryAsperion, typed: str
) -> None:
    sign_in(merchant, asperion)
    page = merchant.post("/connect/administration", {"administration": typed})

    assert page.status == 400
    assert "<title>Fout: " in page.body
    assert 'href="#administration-1"' in page.body
    assert 'id="administration-1"' in page.body
    assert "Kies een van deze administraties." in page.body
    assert world.shop.connection is None


def test_another_one_says_what_follows_and_counts_from_then(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops)
    place(world, "ORD1", way=Way.API, state=FileState.UNKNOWN)
    text = read_text(merchant.get("/connect/administration").body)
    assert f"Wat in {DE_WILG.name} staat, blijft daar" in text
    assert "Van 1 factuur wordt nog nagegaan" in text

    press(merchant, "/connect/administration", administration=str(TESTING.id))
    connection = find(world)
    assert (connection.administration, connection.is_on, connection.choices) == (
        TESTING,
        False,
        None,
    )


def test_a_form_of_before_a_change_changes_nothing(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops)
    answer = merchant.post(
        "/connect/administration", {"administration": str(TESTING.id), "seen": "of another tab"}
    )
    assert answer.status == 409
    assert "in een ander tabblad" in read_text(answer.body)
    assert find(world).administration == DE_WILG


def test_a_step_before_its_turn_leads_to_the_one_whose_turn_it_is(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    assert merchant.get("/connect/try").headers["Location"] == f"{PUBLIC_URL}/connect"
    sign_in(merchant, asperion)
    for path in ("proposal", "try", "done"):
        for answer in (merchant.get(f"/connect/{path}"), merchant.post(f"/connect/{path}")):
            assert answer.status in (303, 405)
            if answer.status == 303:
                assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/administration"
    assert world.shop.connection is None
