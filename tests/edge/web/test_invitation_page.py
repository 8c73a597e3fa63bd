"""What somebody can do with an invitation, and what nobody can."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.seat_records import MOST_CLAIMS, MOST_MAILS_AN_HOUR, Invitations
from chalicelib.domain.seats import Seat, SeatRight
from chalicelib.errors import LedgerThrottled, SealBroken, VaultError, VaultUnavailable
from chalicelib.usecases.shop.accepting import accept_invitation
from chalicelib.usecases.shop.invitation_links import read_invitation
from chalicelib.usecases.shop.invitations import revoke_invitation
from chalicelib.usecases.shop.seat_holders import revoke_seat
from chalicelib.usecases.workspace import open_workspace
from tests.fakes.interrupting import act_before_write
from tests.fakes.mailbox import Mailbox, open_link, press_button, split_link
from tests.fakes.office import ADDRESS, OTHER, Office
from tests.fakes.open_vault import look_into
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, cookies_of

ELSE = "ander@kantoor.example"


@pytest.fixture
def mailed(merchant: Browser, mailbox: Mailbox) -> str:
    """The link of an invitation by mail, with the right to solve."""
    merchant.post("/seats", {"action": "invite", "address": ADDRESS, "right-solve": "yes"})
    return mailbox.find_link(ADDRESS)


@pytest.fixture
def copied(merchant: Browser) -> str:
    """The link of an invitation that the merchant sends himself."""
    said = merchant.post("/seats", {"action": "link", "right-solve": "yes"})
    found = re.search(r'class="code" value="([^"]+)"', said.body)
    assert found is not None
    return found[1]


@pytest.fixture
def stranger(world: World) -> Browser:
    return Browser(world)


def seats(world: World) -> list[str | None]:
    """The addresses that have a seat."""
    return [look_into(seat.address) for seat in world.shops.seats(SHOP_ID)]


def test_opening_a_link_uses_nothing_up(world: World, stranger: Browser, mailed: str) -> None:
    """Programs that look mail through, browsers that look ahead, and HEAD open it first."""
    prefetched: list[dict[str, str]] = [{}, {"sec_purpose": "prefetch"}, {"purpose": "preview"}]
    for headers in prefetched:
        path, query = split_link(mailed)
        answer = stranger.get(path, query, **headers)
        assert answer.status == 200
        assert "Kaasboerderij De Wilg nodigt u uit" in answer.body
        assert ADDRESS in answer.body
        assert stranger.head(path, query).status == 200
    assert seats(world) == []
    assert stranger.cookies == {}
    assert press_button(stranger, mailed).status == 303
    assert seats(world) == [ADDRESS]


def test_accepting_signs_in_and_leads_to_the_shop(
    world: World, stranger: Browser, mailed: str
) -> None:
    answer = press_button(stranger, mailed)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/clients/{SHOP_ID}"
    assert stranger.get("/clients").status == 200
    assert stranger.get(f"/clients/{SHOP_ID}").status == 200
    (line,) = cookies_of(answer)
    assert line.startswith("__Host-bookkeeper=")
    for part in ("Path=/;", "HttpOnly", "SameSite=Lax", "Secure"):
        assert part in line


def test_an_invitation_is_good_once(world: World, stranger: Browser, mailed: str) -> None:
    assert press_button(stranger, mailed).status == 303
    thief = Browser(world)
    for answer in (open_link(thief, mailed), press_button(thief, mailed)):
        assert answer.status == 400
        assert "niet meer geldig" in answer.body
    assert thief.cookies == {}
    assert seats(world) == [ADDRESS]


def test_a_used_invitation_brings_no_revoked_seat_back(
    world: World, stranger: Browser, mailed: str
) -> None:
    press_button(stranger, mailed)
    (seat,) = world.shops.seats(SHOP_ID)
    revoke_seat(open_workspace(world.connector, SHOP_ID), seat.holder)
    assert press_button(stranger, mailed).status == 400
    assert seats(world) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
        lambda token: token.upper(),
        lambda token: f"{OTHER}.{token.partition('.')[2]}",
        lambda token: token.partition(".")[2],
        lambda token: f"{SHOP_ID}.",
        lambda token: f"0{token}",
        lambda token: f"{'9' * 400}.{token}",
        lambda token: "٣" + token,
        lambda token: "",
    ],
)
def test_a_guessed_invitation_is_worth_nothing(
    world: World, stranger: Browser, mailed: str, change: Callable[[str], str]
) -> None:
    path, query = split_link(mailed)
    wrong = change(query["invitation"])
    assert stranger.get(path, {"invitation": wrong}).status in (400, 404)
    assert stranger.post(path, query={"invitation": wrong}).status in (400, 404)
    assert seats(world) == []


def test_a_kept_hash_is_no_token(world: World, stranger: Browser, mailed: str) -> None:
    kept = world.shops.load(SHOP_ID, Invitations)
    assert kept is not None
    (name,) = kept.by_hash
    for token in (name, f"{SHOP_ID}.{name}"):
        answer = stranger.post("/clients/invitation", query={"invitation": token})
        assert answer.status == 400


def test_another_site_cannot_accept(world: World, stranger: Browser, mailed: str) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ):
        assert press_button(stranger, mailed, headers=headers).status == 403
    assert seats(world) == []
    assert stranger.cookies == {}


def test_behind_a_link_to_copy_an_address_is_proven_first(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str
) -> None:
    page = open_link(stranger, copied)
    assert 'name="address"' in page.body
    before = len(mailbox.sent)

    said = press_button(stranger, copied, {"address": f" {ADDRESS.upper()} "})

    assert said.status == 200
    assert "Kijk in uw mailbox" in said.body
    assert seats(world) == []
    assert stranger.cookies == {}
    assert [to for to, _ in mailbox.sent[before:]] == [ADDRESS]
    proof = mailbox.find_link(ADDRESS)
    assert open_link(stranger, proof).status == 200
    assert press_button(stranger, proof).status == 303
    (seat,) = world.shops.seats(SHOP_ID)
    assert look_into(seat.address) == ADDRESS
    assert seat.rights == {SeatRight.SOLVE}
    for link in (copied, proof):
        assert press_button(Browser(world), link, {"address": ELSE}).status == 400
    assert seats(world) == [ADDRESS]


def test_the_first_of_two_who_prove_their_address_has_the_seat(
    world: World, mailbox: Mailbox, copied: str
) -> None:
    for address in (ADDRESS, ELSE):
        press_button(Browser(world), copied, {"address": address})
    assert press_button(Browser(world), mailbox.find_link(ELSE)).status == 303
    assert press_button(Browser(world), mailbox.find_link(ADDRESS)).status == 400
    assert seats(world) == [ELSE]


def test_a_proof_is_of_its_own_address_and_invitation(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str, mailed: str
) -> None:
    """A sign-in link, a token and a proof do not stand for each other."""
    press_button(stranger, copied, {"address": ELSE})
    _, query = split_link(mailbox.find_link(ELSE))
    proof = query["proof"]
    _, named = split_link(mailed)
    for wrong in (
        {"proof": named["invitation"]},
        {"proof": proof[:-2]},
        {"proof": ""},
        {"invitation": proof},
    ):
        assert stranger.post("/clients/invitation", query=wrong).status == 400
    assert stranger.post("/clients/enter", query={"ticket": proof}).status == 400
    assert stranger.post("/confirm-address", query={"ticket": proof}).status == 400
    assert seats(world) == []


def test_a_mailed_invitation_asks_for_no_other_address(
    world: World, stranger: Browser, mailbox: Mailbox, mailed: str
) -> None:
    press_button(stranger, mailed, {"address": ELSE})
    assert seats(world) == [ADDRESS]
    assert mailbox.list_for(ELSE) == []


@pytest.mark.parametrize("typed", ["", "geen adres", f"{ADDRESS}\r\nBcc: {ELSE}", "é@kantoor.nl"])
def test_no_mail_goes_to_what_is_no_address(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str, typed: str
) -> None:
    before = len(mailbox.sent)
    said = press_button(stranger, copied, {"address": typed})
    assert said.status == 400
    assert "<title>Fout: " in said.body
    assert len(mailbox.sent) == before


def test_a_link_to_copy_mails_few_addresses(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str
) -> None:
    for n in range(MOST_CLAIMS):
        assert press_button(stranger, copied, {"address": f"b{n}@k.example"}).status == 200
    assert press_button(stranger, copied, {"address": "b9@k.example"}).status == 400
    assert mailbox.list_for("b9@k.example") == []


def test_one_address_is_mailed_seldom_by_strangers(
    world: World, merchant: Browser, stranger: Browser, mailbox: Mailbox
) -> None:
    links = []
    for _ in range(2):
        said = merchant.post("/seats", {"action": "link"})
        links += re.findall(r'class="code" value="([^"]+)"', said.body)
    answers = [
        press_button(stranger, link, {"address": ADDRESS}).status
        for link in links
        for _ in range(4)
    ]
    assert answers.count(200) == MOST_MAILS_AN_HOUR == len(mailbox.list_for(ADDRESS))


def test_a_mail_that_fails_is_said(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str
) -> None:
    mailbox.is_down = True
    assert press_button(stranger, copied, {"address": ADDRESS}).status == 400


def test_a_link_with_a_parameter_twice_is_none(stranger: Browser, mailed: str) -> None:
    path, query = split_link(mailed)
    answer = stranger._send("POST", path, query=query, repeated=frozenset({"invitation"}))
    assert answer.status in (400, 403)


def test_whoever_has_a_seat_already_keeps_it_as_it_is(
    world: World, merchant: Browser, mailbox: Mailbox, copied: str
) -> None:
    """An older link to copy gives no right back that the merchant took."""
    merchant.post("/seats", {"action": "invite", "address": ADDRESS})
    press_button(Browser(world), mailbox.find_link(ADDRESS))
    press_button(Browser(world), copied, {"address": ADDRESS})
    answer = press_button(Browser(world), mailbox.find_link(ADDRESS))
    assert answer.status == 303
    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.rights == frozenset()


def test_an_address_with_a_plus_sign_is_another_one(
    world: World, merchant: Browser, mailbox: Mailbox
) -> None:
    plus = ADDRESS.replace("@", "+wilg@")
    for address in (ADDRESS, plus):
        merchant.post("/seats", {"action": "invite", "address": address})
        press_button(Browser(world), mailbox.find_link(address))
    assert {*seats(world)} == {ADDRESS, plus}


def test_two_who_accept_at_once_get_one_seat(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str
) -> None:
    """The second one comes when the first has taken the invitation, and has no seat yet."""
    for address in (ADDRESS, ELSE):
        press_button(stranger, copied, {"address": address})
    second = mailbox.find_link(ELSE)
    answers = act_before_write(
        world, "put_seat", lambda: press_button(Browser(world), second).status
    )
    assert press_button(stranger, mailbox.find_link(ADDRESS)).status == 303
    assert answers == [400]
    assert seats(world) == [ADDRESS]


def test_a_button_pressed_twice_gives_one_seat_and_one_line(
    world: World, stranger: Browser, mailbox: Mailbox, mailed: str
) -> None:
    """The second press comes while the first is at work."""
    answers = act_before_write(world, "put_seat", lambda: press_button(stranger, mailed).status)
    mails = len(mailbox.sent)
    assert press_button(stranger, mailed).status == 303
    assert answers == [303]
    assert seats(world) == [ADDRESS]
    assert len(mailbox.sent) == mails + 1, "to the merchant, once"
    steps = [event.step.value for event in world.shops.audit(SHOP_ID)]
    assert steps.count("seat accepted") == 1


def test_an_invitation_taken_back_while_it_is_accepted_gives_no_seat(
    world: World, stranger: Browser, mailed: str
) -> None:
    workspace = open_workspace(world.connector, SHOP_ID)
    kept = world.shops.load(SHOP_ID, Invitations)
    assert kept is not None
    (name,) = kept.by_hash
    act_before_write(world, "put_seat", lambda: revoke_invitation(workspace, name))
    assert press_button(stranger, mailed).status == 400
    assert seats(world) == []
    assert stranger.cookies == {}


def test_a_shop_uninstalled_while_an_invitation_is_accepted_keeps_no_seat(
    world: World, merchant: Browser, stranger: Browser, mailed: str
) -> None:
    act_before_write(world, "put_seat", merchant.uninstall)
    assert press_button(stranger, mailed).status == 400
    assert world.shops.taken == {}


@pytest.mark.parametrize("step", ["put_seat", "change"])
def test_whoever_was_interrupted_goes_on(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str, step: str
) -> None:
    """A process that stops between two writes leaves the invitation to the same holder."""
    for address in (ADDRESS, ELSE):
        press_button(stranger, copied, {"address": address})
    ours, others = mailbox.find_link(ADDRESS), mailbox.find_link(ELSE)

    def stop() -> None:
        raise LedgerThrottled("the table is busy")

    act_before_write(world, step, stop, skip=1 if step == "change" else 0)
    assert press_button(stranger, ours).status == 503
    assert press_button(Browser(world), others).status == 400
    assert press_button(stranger, ours).status == 303
    assert seats(world) == [ADDRESS]


def test_a_seat_that_was_revoked_in_between_is_not_given_by_going_on(
    world: World, stranger: Browser, mailed: str
) -> None:
    def stop() -> None:
        raise LedgerThrottled("the table is busy")

    act_before_write(world, "change", stop, skip=1)
    assert press_button(stranger, mailed).status == 503
    (seat,) = world.shops.seats(SHOP_ID)
    revoke_seat(open_workspace(world.connector, SHOP_ID), seat.holder)
    assert press_button(stranger, mailed).status == 400
    assert seats(world) == []


@pytest.mark.parametrize("had_seat", [False, True])
def test_an_invitation_taken_back_after_an_interruption_leaves_the_seat_of_before_alone(
    world: World, merchant: Browser, stranger: Browser, mailbox: Mailbox, had_seat: bool
) -> None:
    """The process stopped when the seat was stored and the invitation not yet used up."""
    if had_seat:
        Office(world).take_seat(SHOP_ID)
        world.clock.advance(seconds=1)
    said = merchant.post("/seats", {"action": "link", "right-solve": "yes"})
    (link,) = re.findall(r'class="code" value="([^"]+)"', said.body)
    press_button(stranger, link, {"address": ADDRESS})
    proof = mailbox.find_link(ADDRESS)

    def stop() -> None:
        raise LedgerThrottled("the table is busy")

    act_before_write(world, "change", stop, skip=1)
    assert press_button(stranger, proof).status == 503
    assert seats(world) == [ADDRESS]
    (name,) = (world.shops.load(SHOP_ID, Invitations) or Invitations()).by_hash

    merchant.post("/seats", {"action": "take-back", "invitation": name})

    assert seats(world) == ([ADDRESS] if had_seat else [])
    assert press_button(stranger, proof).status == 400


def test_without_the_vault_nothing_is_given_and_the_link_stays_good(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str
) -> None:
    press_button(stranger, copied, {"address": ADDRESS})
    link = mailbox.find_link(ADDRESS)
    world.vault.trouble = VaultUnavailable("not now")
    assert press_button(stranger, link).status == 503
    world.vault.trouble = None
    assert press_button(stranger, link).status == 303


def test_an_invitation_is_good_after_its_secrets_were_turned(
    world: World, stranger: Browser, mailbox: Mailbox, copied: str
) -> None:
    press_button(stranger, copied, {"address": ADDRESS})
    world.secrets.prints = ("another-print-secret-of-32-characters", *world.secrets.prints)
    world.secrets.session = ("another-session-secret", *world.secrets.session)
    assert press_button(stranger, mailbox.find_link(ADDRESS)).status == 303
    assert stranger.get(f"/clients/{SHOP_ID}").status == 200


def test_a_turned_secret_makes_no_second_seat_of_one_holder(
    world: World, merchant: Browser, mailbox: Mailbox, copied: str
) -> None:
    merchant.post("/seats", {"action": "invite", "address": ADDRESS})
    press_button(Browser(world), mailbox.find_link(ADDRESS))
    press_button(Browser(world), copied, {"address": ADDRESS})
    world.secrets.prints = ("another-print-secret-of-32-characters", *world.secrets.prints)
    again = merchant.post("/seats", {"action": "invite", "address": ADDRESS})
    assert again.status == 400, "has access already"
    office = Browser(world)
    assert press_button(office, mailbox.find_link(ADDRESS)).status == 303
    (seat,) = world.shops.seats(SHOP_ID)
    assert seat.rights == frozenset()
    assert office.get(f"/clients/{SHOP_ID}").status == 200


def test_an_invitation_of_one_shop_opens_no_other(
    world: World, stranger: Browser, mailbox: Mailbox, mailed: str
) -> None:
    Office(world).install(OTHER, "Andere winkel")
    press_button(stranger, mailed)
    assert stranger.get(f"/clients/{SHOP_ID}").status == 200
    assert stranger.get(f"/clients/{OTHER}").status == 404


@pytest.mark.parametrize(
    ("trouble", "status", "title"),
    [
        (SealBroken("for another shop"), 400, "Deze uitnodiging is niet meer geldig"),
        (VaultUnavailable("not now"), 503, "De koppeling heeft op dit moment een storing"),
    ],
)
def test_an_address_that_cannot_be_opened_makes_no_link_to_copy_of_it(
    world: World, stranger: Browser, mailed: str, trouble: VaultError, status: int, title: str
) -> None:
    """Else whoever found the link could type an address of his own. A vault that is out of reach
    does not make the invitation look like one that is over.
    """
    world.vault.trouble = trouble
    for page in (open_link(stranger, mailed), press_button(stranger, mailed)):
        assert page.status == status
        assert f"<h1>{title}</h1>" in page.body
        assert 'name="address"' not in page.body
    world.vault.trouble = None
    assert press_button(stranger, mailed).status == 303


def test_a_merchant_in_the_same_browser_stays_signed_in(
    world: World, merchant: Browser, mailed: str
) -> None:
    assert press_button(merchant, mailed).status == 303
    assert merchant.get("/").status == 200
    assert merchant.get(f"/clients/{SHOP_ID}").status == 200


def test_use_cases_say_the_same(world: World, mailed: str) -> None:
    _, query = split_link(mailed)
    found = read_invitation(world.connector, query["invitation"])
    assert found is not None
    assert found.address == ADDRESS
    seat = accept_invitation(found)
    assert isinstance(seat, Seat)
    assert accept_invitation(found) is None
    other = replace(found, address=ELSE)
    assert accept_invitation(other) is None
