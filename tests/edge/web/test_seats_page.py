"""A merchant lets a bookkeeper look along, says what he may do, and takes the access away."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.seat_records import (
    INVITED_FOR,
    MOST_INVITED_A_DAY,
    MOST_OPEN,
    Invitations,
)
from chalicelib.domain.seats import SeatRight
from chalicelib.errors import VaultUnavailable
from chalicelib.usecases.shop.seat_holders import find_seats, note_visit
from chalicelib.web.http.http_messages import Response
from tests.fakes.mailbox import Mailbox, open_link, press_button
from tests.fakes.office import ADDRESS
from tests.fakes.open_vault import look_into
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World

OTHER = "ander@kantoor.example"


def invite(merchant: Browser, address: str = ADDRESS, **rights: str) -> Response:
    return merchant.post("/seats", {"action": "invite", "address": address, **rights})


def accept(world: World, mailbox: Mailbox, address: str = ADDRESS) -> Browser:
    bookkeeper = Browser(world)
    answer = press_button(bookkeeper, mailbox.find_link(address))
    assert answer.status == 303, answer.body
    return bookkeeper


def invitations(world: World) -> Invitations:
    return world.shops.load(SHOP_ID, Invitations) or Invitations()


def list_steps(world: World) -> list[tuple[ShopStep, Actor, str]]:
    return [(event.step, event.by, event.note) for event in world.shops.audit(SHOP_ID)]


def test_the_settings_lead_to_the_page(merchant: Browser) -> None:
    assert f'href="{PUBLIC_URL}/seats"' in merchant.get("/settings").body
    assert "Er heeft nog geen boekhouder toegang." in merchant.get("/seats").body


def test_without_mail_there_are_no_seats(world: World) -> None:
    merchant = Browser(world)
    merchant.install()
    assert "/seats" not in merchant.get("/settings").body
    assert "Hier is geen toegang voor boekhouders" in merchant.get("/seats").body
    assert invite(merchant).status == 404
    for path in ("/clients/sign-in", "/clients/enter", "/clients/invitation"):
        assert merchant.get(path).status == 404
        assert merchant.post(path, {"address": ADDRESS}).status == 404


def test_an_invitation_goes_to_its_address_alone(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    said = merchant.follow(invite(merchant, f"  {ADDRESS.upper()} ", **{"right-solve": "yes"}))

    assert "De uitnodiging is onderweg" in said.body
    assert ADDRESS in said.body, "open"
    ((to, mail),) = mailbox.sent
    assert to == ADDRESS
    assert "Kaasboerderij De Wilg" in mail.subject
    assert list_steps(world)[-1] == (ShopStep.INVITE, Actor.MERCHANT, "solve")


def test_no_token_is_kept_nor_shown_to_the_merchant(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    said = merchant.follow(invite(merchant))
    token = re.search(r"invitation=\d+\.([\w-]+)", mailbox.find_link(ADDRESS))
    assert token is not None
    assert len(token[1]) >= 32
    assert token[1] not in said.body
    assert token[1] not in str(world.shops.kept)
    assert ADDRESS not in str([audit.note for audit in world.shops.audit(SHOP_ID)])
    (kept,) = invitations(world).by_hash.values()
    assert look_into(kept.address) == ADDRESS


def test_an_accepted_invitation_gives_the_seat_and_says_so(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant, **{"right-lock": "yes"})
    accept(world, mailbox)

    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.rights == {SeatRight.LOCK}
    assert look_into(seat.address) == ADDRESS
    page = merchant.get("/seats").body
    assert ADDRESS in page
    assert "Open uitnodigingen" not in page
    assert list_steps(world)[-1] == (ShopStep.ACCEPT_SEAT, Actor.BOOKKEEPER, "lock")
    (report,) = [text for to, mail in mailbox.sent if to != ADDRESS for text in [mail.text]]
    assert f"{PUBLIC_URL}/seats" in report
    assert ADDRESS not in report


def test_the_page_says_the_day_of_the_last_visit_and_no_moment(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    assert "Nog geen bezoek." in merchant.get("/seats").body
    (client,) = find_seats(world.connector, seat.holder)
    note_visit(world.connector, client)
    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.visited_on == local_day(world.clock())
    assert "Laatste bezoek: 23 november 2026." in merchant.get("/seats").body


def test_rights_are_given_and_taken(world: World, merchant: Browser, mailbox: Mailbox) -> None:
    invite(merchant)
    accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    both = {"right-solve": "yes", "right-lock": "yes"}

    for rights, kept, note in ((both, {*SeatRight}, "lock, solve"), ({}, set(), "read")):
        fields = {"action": "rights", "seat": seat.holder, **rights}
        said = merchant.follow(merchant.post("/seats", fields))
        assert "is gewijzigd" in said.body
        (now,) = world.shops.seats(SHOP_ID)
        assert now.rights == kept
        assert list_steps(world)[-1] == (ShopStep.CHANGE_SEAT, Actor.MERCHANT, note)
    count = len(list_steps(world))
    merchant.post("/seats", {"action": "rights", "seat": seat.holder})
    assert len(list_steps(world)) == count, "nothing changed"


def test_a_revoked_seat_is_over_at_once_and_its_holder_is_mailed(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    bookkeeper = accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    assert bookkeeper.get(f"/clients/{SHOP_ID}").status == 200

    said = merchant.follow(merchant.post("/seats", {"action": "revoke", "seat": seat.holder}))

    assert "De toegang is ingetrokken" in said.body
    assert bookkeeper.get(f"/clients/{SHOP_ID}").status == 404
    assert "Kaasboerderij De Wilg" in mailbox.list_for(ADDRESS)[-1]
    assert find_seats(world.connector, seat.holder) == []
    assert list_steps(world)[-1] == (ShopStep.REVOKE_SEAT, Actor.MERCHANT, "")
    merchant.post("/seats", {"action": "revoke", "seat": seat.holder})
    assert list_steps(world)[-2][0] is not ShopStep.REVOKE_SEAT, "twice is harmless"


def test_a_revoked_seat_is_revoked_though_nobody_can_be_mailed(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    mailbox.is_down = True
    world.vault.trouble = VaultUnavailable("not now")
    merchant.post("/seats", {"action": "revoke", "seat": seat.holder})
    assert world.shops.seats(SHOP_ID) == []


def test_when_an_office_changes_one_goes_and_the_other_comes(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    former = accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    invite(merchant, OTHER)
    new = accept(world, mailbox, OTHER)
    merchant.post("/seats", {"action": "revoke", "seat": seat.holder})

    assert former.get(f"/clients/{SHOP_ID}").status == 404
    assert new.get(f"/clients/{SHOP_ID}").status == 200


@pytest.mark.parametrize(
    "typed",
    [
        *("", "geen adres", "a@b@c", "twee@a.nl,drie@b.nl", "boek\r\nBcc: x@y.nl@kantoor.nl"),
        *("naam@kantoor.nl\nBcc: x@y.nl", "<b@kantoor.nl>", "é@kantoor.nl", "b@kantοor.nl"),
        *("boe\u212aouder@kantoor.nl", "\u202eb@kantoor.nl", "b@kantoor.nl\x00", "b c@d.nl"),
        *(f"{'a' * 300}@kantoor.nl", "a@" + "b" * 250),
    ],
)
def test_what_is_no_plain_address_is_refused(
    world: World, merchant: Browser, mailbox: Mailbox, typed: str
) -> None:
    """Lines of a mail's head, letters that look alike, and a Kelvin sign that becomes a k."""
    said = invite(merchant, typed)
    assert said.status == 400
    assert "<title>Fout: " in said.body
    assert 'href="#address"' in said.body
    assert mailbox.sent == []
    assert invitations(world).by_hash == {}


def test_an_address_with_access_is_not_invited_once_more(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    accept(world, mailbox)
    said = invite(merchant, ADDRESS.title(), **{"right-solve": "yes"})
    assert said.status == 400
    assert "heeft al toegang" in said.body
    assert 'id="new-solve" name="right-solve" value="yes" aria-describedby' in said.body
    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.rights == frozenset()


def test_of_two_invitations_to_one_address_the_last_counts(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant, **{"right-solve": "yes"})
    first = mailbox.find_link(ADDRESS)
    invite(merchant, ADDRESS.upper())
    assert open_link(Browser(world), first).status == 400
    assert press_button(Browser(world), first).status == 400
    accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.rights == frozenset()


def test_an_invitation_that_could_not_be_mailed_leaves_nothing(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    mailbox.is_down = True
    said = invite(merchant)
    assert said.status == 400
    assert "kon geen e-mail" in said.body
    assert invitations(world).by_hash == {}
    assert ShopStep.INVITE not in [step for step, _, _ in list_steps(world)]


def test_invitations_are_bounded(world: World, merchant: Browser, mailbox: Mailbox) -> None:
    for n in range(MOST_OPEN):
        assert invite(merchant, f"b{n}@kantoor.example").status == 303
    assert "zoveel boekhouders" in invite(merchant).body
    assert merchant.post("/seats", {"action": "link"}).status == 400
    sent = MOST_OPEN
    while sent < MOST_INVITED_A_DAY:
        (name, *_) = invitations(world).by_hash
        merchant.post("/seats", {"action": "take-back", "invitation": name})
        assert invite(merchant, f"b{sent}@kantoor.example").status == 303
        sent += 1
    (name, *_) = invitations(world).by_hash
    merchant.post("/seats", {"action": "take-back", "invitation": name})
    assert "Probeer het morgen" in invite(merchant).body
    assert len(mailbox.sent) == MOST_INVITED_A_DAY


def test_an_invitation_is_taken_back(world: World, merchant: Browser, mailbox: Mailbox) -> None:
    invite(merchant)
    link = mailbox.find_link(ADDRESS)
    (name,) = invitations(world).by_hash
    said = merchant.follow(merchant.post("/seats", {"action": "take-back", "invitation": name}))
    assert "ingetrokken" in said.body
    assert list_steps(world)[-1][0] is ShopStep.REVOKE_INVITATION
    assert press_button(Browser(world), link).status == 400
    assert world.shops.seats(SHOP_ID) == []


def test_an_invitation_ends_after_seven_days(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    link = mailbox.find_link(ADDRESS)
    world.clock.now += INVITED_FOR
    assert open_link(Browser(world), link).status == 200
    world.clock.advance(seconds=1)
    assert press_button(Browser(world), link).status == 400
    merchant.arrive()
    assert ADDRESS not in merchant.get("/seats").body


def test_a_link_to_copy_is_shown_once_and_kept_nowhere(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    said = merchant.post("/seats", {"action": "link", "right-solve": "yes"})
    link = re.search(r'id="link" class="code" value="([^"]+)"', said.body)
    assert link is not None
    assert mailbox.sent == []
    again = merchant.get("/seats").body
    assert "Een link om te kopiëren" in again
    assert link[1] not in again
    assert link[1].rpartition(".")[2] not in str(world.shops.kept)


def test_another_site_cannot_press_the_buttons(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        fields = {"action": "invite", "address": ADDRESS}
        assert merchant.post("/seats", fields, headers=headers).status == 403
    assert mailbox.sent == []


def test_whoever_is_not_signed_in_sees_and_changes_nothing(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    bookkeeper = accept(world, mailbox)
    for browser in (Browser(world), bookkeeper):
        assert browser.get("/seats").status == 401
        assert invite(browser, OTHER).status == 401
    assert bookkeeper.get(f"/clients/{SHOP_ID}/seats").status == 404
    assert mailbox.list_for(OTHER) == []


@pytest.mark.parametrize("action", ["", "nothing"])
def test_an_unknown_action_does_nothing(merchant: Browser, action: str) -> None:
    assert merchant.post("/seats", {"action": action}).status == 400


def test_a_seat_of_no_shop_of_ours_is_not_changed(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    """Another shop's bookkeeper is found by no holder that a form names."""
    invite(merchant)
    accept(world, mailbox)
    (seat,) = world.shops.seats(SHOP_ID)
    elsewhere = replace(seat, shop_id=SHOP_ID + 1)
    world.shops.remove_seat(SHOP_ID, seat.holder)
    world.shops.put_seat(elsewhere)
    merchant.post("/seats", {"action": "revoke", "seat": seat.holder})
    merchant.post("/seats", {"action": "rights", "seat": seat.holder, "right-solve": "yes"})
    assert world.shops.seats(SHOP_ID + 1) == [elsewhere]


def test_uninstalling_takes_seats_and_invitations_along(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    bookkeeper = accept(world, mailbox)
    invite(merchant, OTHER)
    link = mailbox.find_link(OTHER)

    merchant.uninstall()

    assert world.shops.seats(SHOP_ID) == []
    assert invitations(world) == Invitations()
    assert bookkeeper.get(f"/clients/{SHOP_ID}").status == 404
    assert open_link(Browser(world), link).status == 400
    assert press_button(Browser(world), link).status == 400


def test_whoever_installs_the_shop_anew_has_no_bookkeeper_of_before(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    """Also when a seat came back after the erasure, by a write that was on its way."""
    invite(merchant)
    bookkeeper = accept(world, mailbox)
    invite(merchant, OTHER)
    link = mailbox.find_link(OTHER)
    (seat,), kept = world.shops.seats(SHOP_ID), invitations(world)
    merchant.uninstall()
    world.clock.advance(minutes=5)
    other = Browser(world)
    other.arrive(token="f" * 32)
    other.post("/install", {"licence": "ASP-2026-9999"})
    world.shops.put_seat(seat)
    world.shops.save(SHOP_ID, kept)

    assert bookkeeper.get(f"/clients/{SHOP_ID}").status == 404
    assert find_seats(world.connector, seat.holder) == []
    assert press_button(Browser(world), link).status == 400
    assert ADDRESS not in other.get("/seats").body


def test_a_new_token_of_the_same_installation_changes_no_seat(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    invite(merchant)
    bookkeeper = accept(world, mailbox)
    world.clock.advance(minutes=5)
    merchant.arrive(token="f" * 32)
    assert bookkeeper.get(f"/clients/{SHOP_ID}").status == 200
