"""Back to files, disconnecting, and connecting again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.ledger import FileState
from chalicelib.domain.ways import Way
from tests.edge.web.connect.connect_deeds import find, notice, settings_line, sign_in
from tests.edge.web.markup import read, read_text
from tests.edge.web.stored_orders import place
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.web import SHOP_ID, Browser, World


def test_back_to_files_keeps_the_connection(connected: Browser, world: World) -> None:
    page = read_text(connected.get("/connect/off").body)
    assert "Er is nog niets gewijzigd." in page
    answer = connected.post("/connect/off", {"action": "turn_off"})
    assert "Er wordt weer elke nacht een bestand gemaakt" in notice(connected.follow(answer))
    assert world.shop.way is Way.FILE
    assert find(world).choices == CHOICES
    assert "Staat uit" in settings_line(connected)
    body = connected.get("/connect").body
    assert "U bent op weg" not in read_text(body)
    assert read(body).link("Uitproberen en weer aanzetten").href.endswith("/connect/try")


def test_without_a_licence_code_there_are_no_files_to_go_back_to(
    connected: Browser, world: World
) -> None:
    world.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    page = connected.get("/connect/off").body
    assert not read(page).says("Ja, terug naar bestanden")
    assert connected.post("/connect/off", {"action": "turn_off"}).status == 409
    assert find(world).is_on


def test_disconnected_nothing_opens_the_account_any_more(connected: Browser, world: World) -> None:
    answer = connected.post("/connect/off", {"action": "disconnect"})
    assert "De koppeling met Asperion is beëindigd" in notice(connected.follow(answer))
    assert world.shops.load(SHOP_ID, AsperionTokens) is None
    assert world.shop.way is Way.FILE
    assert "Niet gekoppeld" in settings_line(connected)


def test_while_an_invoice_is_in_doubt_the_page_says_what_becomes_of_it(
    connected: Browser, world: World
) -> None:
    place(world, "ORD1", way=Way.API, state=FileState.UNKNOWN)
    page = read_text(connected.get("/connect/off").body)
    assert "Van 1 factuur wordt nog nagegaan of die in Asperion staat" in page
    connected.post("/connect/off", {"action": "disconnect"})
    assert "Niet gekoppeld" in settings_line(connected)
    assert connected.get("/connect").status == 200


def test_a_way_out_is_chosen_by_name(connected: Browser, world: World) -> None:
    assert connected.post("/connect/off", {"action": "explode"}).status == 400
    assert connected.post("/connect/off").status == 400
    assert find(world).is_on


def test_connecting_again_keeps_what_was_chosen(
    connected: Browser, world: World, asperion: MemoryAsperion
) -> None:
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    assert tokens is not None
    world.shops.save(SHOP_ID, replace(tokens, refused_since=world.clock()))
    page = connected.get("/connect")
    assert "Tot dan wachten uw bestellingen" in read_text(page.body)
    assert connected.get("/connect/proposal").status == 303
    answer = sign_in(connected, asperion)
    assert "U bent opnieuw gekoppeld" in notice(connected.follow(answer))
    assert find(world).is_on
    assert "gaan uw bestellingen rechtstreeks naar" in settings_line(connected)


def test_another_account_that_does_not_open_it_changes_nothing(
    connected: Browser, world: World, asperion: MemoryAsperion
) -> None:
    connection = replace(find(world), administration=Administration(id=9, name="Elders B.V."))
    world.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    page = connected.follow(sign_in(connected, asperion))
    assert "opent de administratie niet" in notice(page)
    assert world.shops.load(SHOP_ID, AsperionTokens) == tokens


def test_while_a_run_is_at_work_nothing_is_changed(connected: Browser, world: World) -> None:
    until = world.clock() + timedelta(minutes=5)
    world.shops.lease(SHOP_ID, "run", now=world.clock(), until=until, serves_wish=False)
    answer = connected.post("/connect/off", {"action": "disconnect"})
    assert answer.status == 409
    assert "aan het werk" in read_text(answer.body)
    assert find(world).is_on
