"""Where the invoices go is changed by a step of its own: kept, in the audit, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.marks import as_plain
from chalicelib.domain.notified_changes import MOST_A_DAY, Telling
from chalicelib.domain.policy import Policy
from chalicelib.domain.sealed import SecretKind
from chalicelib.errors import (
    LedgerConflict,
    LicenceError,
    RequestError,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.usecases.connector import Post
from chalicelib.usecases.operating.fleet import shops
from chalicelib.usecases.shop.choosing import change_choices
from chalicelib.usecases.shop.installing import complete_installation
from chalicelib.usecases.shop.licence_change import (
    TooManyChanges,
    change_licence,
    propose_licence,
)
from chalicelib.usecases.shop.seals import renew_seals
from tests.fakes.open_vault import KEY, look_into, seal_licence, sealed_before
from tests.fakes.post import MemoryMailer, word_notice
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.stage import SHOP_ID, Stage

OLD, NEW = "LICENTIE-0042", "LICENTIE-0017"
MERCHANT = Actor.MERCHANT
OF_THE_CODE = (ShopStep.CHANGE_LICENCE, ShopStep.TELL_CONTACT, ShopStep.MISS_CONTACT)


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def stage(mailer: MemoryMailer) -> Stage:
    stage = Stage()
    stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=word_notice))
    stage.shops.update(
        SHOP_ID, lambda shop: replace(shop, licence=seal_licence(OLD), title="De Wilg")
    )
    return stage


def change(stage: Stage, code: str = NEW) -> LicenceChange | None:
    workspace = stage.workspace()
    proposal = propose_licence(workspace, code)
    return change_licence(workspace, code, by=MERCHANT, former_mark=proposal.former_mark)


def kept(stage: Stage) -> tuple[LicenceChange, ...]:
    return stage.connector.find_shop(SHOP_ID).licence_changes


def code_in_use(stage: Stage) -> str | None:
    return look_into(stage.connector.find_shop(SHOP_ID).licence)


def audited(stage: Stage, steps: Iterable[ShopStep] = OF_THE_CODE) -> list[tuple[str, str]]:
    audit = stage.shops.audit(SHOP_ID)
    return [(event.step.value, event.note) for event in audit if event.step in steps]


def test_a_proposal_changes_nothing_and_shows_endings_only(stage: Stage) -> None:
    proposal = propose_licence(stage.workspace(), f"  {NEW} ")

    assert (proposal.code, proposal.former, proposal.new) == (NEW, "••42", "••17")
    assert not proposal.is_same
    assert code_in_use(stage) == OLD
    assert NEW not in str(propose_licence(stage.workspace(), NEW).new_print)


def test_a_change_is_kept_audited_with_both_endings_and_notified(
    stage: Stage, mailer: MemoryMailer
) -> None:
    made = change(stage)

    shop = stage.connector.find_shop(SHOP_ID)
    assert made is not None
    assert look_into(shop.licence) == NEW
    [one] = shop.licence_changes
    assert (one.at, one.by, one.former, one.new) == (stage.now, MERCHANT, "••42", "••17")
    assert one.telling is Telling.NOTIFIED
    assert audited(stage) == [("licence changed", "••42 → ••17"), ("contact told", "notified")]
    [(address, mail)] = mailer.sent
    assert address == stage.api.contact
    assert mail.text == "••42 → ••17"
    assert stage.shops.audit(SHOP_ID)[0].by is MERCHANT


def test_neither_code_nor_address_is_anywhere_but_in_its_secret(stage: Stage) -> None:
    change(stage)

    said = str(stage.shops.audits) + str(stage.connector.find_shop(SHOP_ID))
    said += str(shops(stage.connector, {"shop_id": SHOP_ID}))
    for secret in (OLD, NEW, stage.api.contact):
        assert secret not in said


def test_short_codes_are_hidden_whole(stage: Stage) -> None:
    change(stage, "KORT-17")
    change(stage, "KORT-18")

    notes = [note for what, note in audited(stage) if what == "licence changed"]
    assert notes == ["••42 → ••", "•• → ••"]


def test_the_same_code_is_no_change(stage: Stage, mailer: MemoryMailer) -> None:
    before = stage.connector.find_shop(SHOP_ID)

    assert change(stage, OLD) is None
    assert stage.connector.find_shop(SHOP_ID) == before
    assert (audited(stage), mailer.sent) == ([], [])


def test_a_code_that_cannot_be_opened_any_more_is_typed_again(stage: Stage) -> None:
    stage.shops.update(
        SHOP_ID, lambda shop: replace(shop, licence=sealed_before(seal_licence(OLD)))
    )

    assert change(stage, OLD) is None

    sealed = stage.connector.find_shop(SHOP_ID).licence
    assert sealed is not None
    assert sealed.key == KEY
    assert kept(stage) == ()


def test_a_former_code_is_sealed_anew_with_the_others(stage: Stage) -> None:
    stage.shops.update(
        SHOP_ID, lambda shop: replace(shop, licence=sealed_before(seal_licence(OLD)))
    )
    change(stage)
    assert renew_seals(stage.workspace()) == 1
    [one] = kept(stage)
    assert one.code is not None
    assert (one.code.key, look_into(one.code)) == (KEY, OLD)
    assert renew_seals(stage.workspace()) == 0


def test_a_plain_code_of_an_earlier_version_is_sealed_when_it_becomes_the_former(
    stage: Stage,
) -> None:
    plain = as_plain(SecretKind.LICENCE, OLD)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=plain))
    change(stage)
    [one] = kept(stage)
    assert one.code is not None
    assert not one.code.is_plain
    assert audited(stage)[0] == ("licence changed", "••42 → ••17")


def test_confirming_twice_changes_once(stage: Stage, mailer: MemoryMailer) -> None:
    first = stage.workspace()
    seen = propose_licence(first, NEW).former_mark
    change_licence(first, NEW, by=MERCHANT, former_mark=seen)

    assert change_licence(stage.workspace(), NEW, by=MERCHANT, former_mark=seen) is None
    assert len(kept(stage)) == len(mailer.sent) == 1


def test_a_code_that_somebody_else_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    seen = propose_licence(stage.workspace(), NEW).former_mark
    change(stage, "LICENTIE-0099")

    with pytest.raises(LedgerConflict):
        change_licence(stage.workspace(), NEW, by=MERCHANT, former_mark=seen)

    assert code_in_use(stage) == "LICENTIE-0099"


@pytest.mark.parametrize("code", ["", "../0017", "a b", "x" * 65])
def test_what_cannot_be_a_code_is_refused(stage: Stage, code: str) -> None:
    with pytest.raises(LicenceError):
        change_licence(stage.workspace(), code, by=MERCHANT, former_mark="")
    assert kept(stage) == ()


def test_a_shop_that_is_gone_has_no_code_to_change(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.uninstall()

    with pytest.raises(RequestError):
        change_licence(workspace, NEW, by=MERCHANT, former_mark="")
    assert stage.connector.find_shop(SHOP_ID).licence is None


def test_ten_changes_a_day_are_enough(stage: Stage, mailer: MemoryMailer) -> None:
    for number in range(MOST_A_DAY):
        change(stage, f"LICENTIE-1{number:03}")
        stage.now += timedelta(minutes=1)

    with pytest.raises(TooManyChanges):
        change(stage)
    assert len(mailer.sent) == MOST_A_DAY
    stage.now += timedelta(days=1)
    assert change(stage) is not None


# ---- whom the mail does not reach ---------------------------------------------------------------


Trouble = Callable[[Stage, MemoryMailer], None]


def mail_is_down(stage: Stage, mailer: MemoryMailer) -> None:
    mailer.is_down = True


def shop_is_silent(stage: Stage, mailer: MemoryMailer) -> None:
    stage.api.fail(ShopUnavailable("no answer"), "contact_address")


def token_is_refused(stage: Stage, mailer: MemoryMailer) -> None:
    stage.api.fail(ShopUnauthorised("no", status=401), "contact_address")


@pytest.mark.parametrize("trouble", [mail_is_down, shop_is_silent, token_is_refused])
def test_a_mail_that_fails_loses_no_change_and_the_watch_tries_again(
    stage: Stage, mailer: MemoryMailer, trouble: Trouble
) -> None:
    trouble(stage, mailer)
    change(stage)

    assert code_in_use(stage) == NEW
    assert kept(stage)[0].telling is Telling.FAILED
    assert audited(stage)[1:] == [("contact not told", "failed")]
    assert stage.watch().untold == 1
    assert len(audited(stage)) == 2  # not once more every night

    mailer.is_down = False
    stage.api.recover()
    watched = stage.watch()
    assert watched.untold == 0
    assert audited(stage)[2:] == [("contact told", "notified")]
    stage.watch()
    assert len(mailer.sent) == 1


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "x y@z.example", "a@b.example, c@d.example", "a@\x00b.nl"]
)
def test_without_a_usable_address_nobody_is_mailed_and_that_is_said(
    stage: Stage, mailer: MemoryMailer, address: str
) -> None:
    stage.api.contact = address
    change(stage)

    assert mailer.sent == []
    assert kept(stage)[0].telling is Telling.NO_ADDRESS
    assert audited(stage)[1:] == [("contact not told", "no address")]
    assert stage.watch().untold == 1


def test_an_installation_that_sends_no_mail_says_so_and_is_not_tried_every_night(
    stage: Stage,
) -> None:
    stage.connector = replace(stage.connector, post=None)
    change(stage)

    assert kept(stage)[0].telling is Telling.NO_MAIL
    assert audited(stage)[1:] == [("contact not told", "no mail")]
    watched = stage.watch()
    assert watched.untold == 0
    assert stage.api.calls["contact_address"] == 0


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_whatever_a_crash_leaves_out_the_watch_makes_up_for(
    stage: Stage, mailer: MemoryMailer, writes: int
) -> None:
    with killed_after(stage, writes):
        change(stage)
    stage.watch()
    stage.watch()

    assert code_in_use(stage) == NEW
    changes = [event for event in stage.shops.audit(SHOP_ID) if _is_change(event)]
    assert [event.note for event in changes] == ["••42 → ••17"]
    assert kept(stage)[0].telling is Telling.NOTIFIED
    assert mailer.sent


def _is_change(event: AuditEvent) -> bool:
    return event.step is ShopStep.CHANGE_LICENCE


# ---- what is no change --------------------------------------------------------------------------


def test_choices_never_touch_the_code(stage: Stage) -> None:
    change_choices(stage.workspace(), Policy(on_account=True), by=Actor.MERCHANT)

    shop = stage.connector.find_shop(SHOP_ID)
    assert (look_into(shop.licence), shop.policy.on_account) == (OLD, True)
    assert audited(stage) == []


def test_the_button_of_the_first_form_changes_no_code_that_is_in_use(stage: Stage) -> None:
    with pytest.raises(LedgerConflict):
        complete_installation(stage.workspace(), licence=NEW, policy=Policy())
    assert code_in_use(stage) == OLD


def test_leaving_erases_codes_and_changes_and_the_audit_stays(stage: Stage) -> None:
    change(stage)
    stage.uninstall()

    shop = stage.connector.find_shop(SHOP_ID)
    assert (shop.licence, shop.licence_changes) == (None, ())
    assert audited(stage)[0] == ("licence changed", "")  # what it says of the codes goes too
