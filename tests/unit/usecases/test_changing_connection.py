"""The merchant chooses an administration, confirms, turns on and off, and ends the connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.choice_problems import ProblemKind
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import ShopStep
from chalicelib.domain.notified_changes import MOST_A_DAY, Telling
from chalicelib.domain.policy import VatClass
from chalicelib.domain.shops import ShopState
from chalicelib.domain.ways import Way
from chalicelib.errors import AsperionUnavailable, ShopBusy
from chalicelib.ports import ConnectionNotice, Mail, Notice
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.connector import Post
from chalicelib.usecases.operating.changing_connection import (
    choose_administration,
    confirm_choices,
    disconnect,
    turn_off,
    turn_on,
)
from chalicelib.usecases.operating.connection_reading import ChoicesRefused, read_lists
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES, LISTS
from tests.fakes.memory_asperion import DE_WILG, TESTING
from tests.fakes.post import MemoryMailer
from tests.unit.usecases.asperion_visits import (
    ME,
    ConnectingStage,
    audit,
    changes,
    choose,
    confirm,
    connect,
    obstacle,
    turn,
    way,
)
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.stage import SHOP_ID

DAY = timedelta(days=1)


@pytest.fixture
def stage() -> ConnectingStage:
    return ConnectingStage()


@pytest.fixture
def mailer(stage: ConnectingStage) -> MemoryMailer:
    mailer = MemoryMailer()
    stage.connector = replace(stage.connector, post=Post(mailer=mailer, word=word_change))
    return mailer


def word_change(notice: Notice) -> Mail:
    """What the notice of a changed connection says, in a line."""
    assert isinstance(notice, ConnectionNotice)
    return Mail(subject=notice.what.value, text=f"{notice.former} → {notice.new}")


def test_the_path_leads_straight_into_the_administration(stage: ConnectingStage) -> None:
    connect(stage)
    assert way(stage) is Way.API
    assert audit(stage) == [
        (ShopStep.CONNECT, DE_WILG.name),
        (ShopStep.CONFIRM_API_CHOICES, ""),
        (ShopStep.TURN_ON_API, DE_WILG.name),
    ]
    assert changes(stage) == [ConnectionStep.CONNECT, ConnectionStep.TURN_ON]


def test_each_step_taken_twice_is_taken_once(stage: ConnectingStage) -> None:
    connect(stage)
    stale = "of-the-page-before"
    workspace = stage.workspace
    choose_administration(workspace(), DE_WILG.id, by=ME, seen=stale)
    assert not turn_on(workspace(), by=ME, seen=stale)
    assert not confirm_choices(workspace(), CHOICES, by=ME, seen=stale)
    assert len(audit(stage)) == 3


def test_an_administration_that_the_account_does_not_open_is_not_chosen(
    stage: ConnectingStage,
) -> None:
    stage.sign_in()
    assert obstacle(lambda: choose(stage, 4711)) is ConnectObstacle.UNKNOWN_ADMINISTRATION
    assert stage.connection is None


def test_without_a_confirmed_proposal_nothing_is_turned_on(stage: ConnectingStage) -> None:
    stage.sign_in()
    choose(stage)
    assert obstacle(lambda: turn(stage)) is ConnectObstacle.NO_CHOICES
    assert way(stage) is Way.FILE


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        (replace(CHOICES, journal_id="WEG"), ProblemKind.JOURNAL_GONE),
        (replace(CHOICES, payment_condition_id=4711), ProblemKind.CONDITION_GONE),
        (
            replace(CHOICES, ledger_accounts={**CHOICES.ledger_accounts, VatClass.HIGH: 1}),
            ProblemKind.ACCOUNT_GONE,
        ),
        (replace(CHOICES, article_accounts={"KAAS": 1}), ProblemKind.ACCOUNT_GONE),
    ],
)
def test_what_the_administration_does_not_have_is_not_confirmed(
    stage: ConnectingStage, choices: ApiChoices, problem: ProblemKind
) -> None:
    stage.sign_in()
    choose(stage)
    with pytest.raises(ChoicesRefused) as refused:
        confirm(stage, choices)
    assert {one.kind for one in refused.value.problems} == {problem}
    assert stage.connection is not None
    assert stage.connection.choices is None


def test_what_needs_a_second_look_is_confirmed_on_purpose(stage: ConnectingStage) -> None:
    stage.sign_in()
    choose(stage)
    left = replace(CHOICES, ledger_accounts={})
    with pytest.raises(ChoicesRefused):
        confirm(stage, left)
    seen = stage.connection.version if stage.connection else ""
    missing = [ProblemKind.ACCOUNT_MISSING]
    assert confirm_choices(stage.workspace(), left, by=ME, seen=seen, confirmed=missing)


def test_a_code_that_has_ended_is_not_chosen_but_one_that_was_chosen_before_stays(
    stage: ConnectingStage,
) -> None:
    """Documents of the time in which it counted may still come."""
    stage.sign_in()
    choose(stage)
    codes, books = LISTS.vat_codes, stage.asperion.books
    ended = tuple(replace(one, valid_until=stage.now.date() - DAY) for one in codes)
    books.lists = replace(LISTS, vat_codes=ended)
    with pytest.raises(ChoicesRefused):
        confirm(stage)
    books.lists = LISTS
    confirm(stage)
    books.lists = replace(LISTS, vat_codes=ended)
    assert confirm(stage, replace(CHOICES, debtor_kind="ANDERS"))
    assert turn(stage)


def test_a_code_that_is_gone_by_now_is_not_turned_on(stage: ConnectingStage) -> None:
    stage.sign_in()
    choose(stage)
    confirm(stage)
    stage.asperion.books.lists = replace(LISTS, daybooks=())
    with pytest.raises(ChoicesRefused):
        turn(stage)
    assert way(stage) is Way.FILE


def test_a_form_for_another_state_of_the_connection_changes_nothing(
    stage: ConnectingStage,
) -> None:
    """Two tabs: in the other one another administration was chosen meanwhile."""
    stage.sign_in()
    seen = choose(stage).version
    stage.now += timedelta(minutes=1)
    choose(stage, TESTING.id)
    workspace = stage.workspace
    for call in (
        lambda: confirm_choices(workspace(), CHOICES, by=ME, seen=seen),
        lambda: turn_on(workspace(), by=ME, seen=seen),
        lambda: choose_administration(workspace(), DE_WILG.id, by=ME, seen=seen),
    ):
        assert obstacle(call) is ConnectObstacle.STALE
    assert stage.connection is not None
    assert stage.connection.administration == TESTING


def test_another_administration_is_confirmed_anew(stage: ConnectingStage) -> None:
    """What was confirmed are codes of the former one; until then invoices go by file."""
    connect(stage)
    stage.now += timedelta(minutes=1)
    choose(stage, TESTING.id)
    assert stage.connection is not None
    assert (stage.connection.choices, way(stage)) == (None, Way.FILE)
    assert audit(stage)[-1] == (
        ShopStep.CHANGE_ADMINISTRATION,
        f"{DE_WILG.name} → {TESTING.name}",
    )


def test_back_to_files_takes_a_licence_code(stage: ConnectingStage) -> None:
    connect(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    assert obstacle(lambda: turn_off(stage.workspace(), by=ME)) is ConnectObstacle.NO_LICENCE
    assert way(stage) is Way.API


def test_back_to_files_keeps_what_was_confirmed(stage: ConnectingStage) -> None:
    connect(stage)
    assert turn_off(stage.workspace(), by=ME)
    assert not turn_off(stage.workspace(), by=ME)
    assert (way(stage), audit(stage)[-1][0]) == (Way.FILE, ShopStep.TURN_OFF_API)
    stage.now += timedelta(minutes=1)
    assert turn(stage)
    assert way(stage) is Way.API


@pytest.mark.parametrize("call", [turn, choose, confirm])
def test_when_asperion_does_not_answer_nothing_changes(
    stage: ConnectingStage, call: Callable[[ConnectingStage], object]
) -> None:
    stage.sign_in()
    choose(stage)
    confirm(stage)
    before = stage.connection
    stage.asperion.fail(Fault.UNAVAILABLE)
    with pytest.raises(AsperionUnavailable):
        call(stage)
    assert stage.connection == before


def test_nothing_changes_while_a_run_is_at_work(stage: ConnectingStage) -> None:
    connect(stage)
    before, workspace = stage.connection, stage.workspace
    stage.shops.lease(SHOP_ID, "a-run", now=stage.now, until=stage.now + timedelta(minutes=1))
    other = replace(CHOICES, debtor_kind="ANDERS")
    for call in (
        lambda: turn_off(workspace(), by=ME),
        lambda: disconnect(workspace(), by=ME),
        lambda: choose(stage, TESTING.id),
        lambda: confirm(stage, other),
    ):
        with pytest.raises(ShopBusy):
            call()
    assert stage.connection == before
    stage.now += timedelta(minutes=1)
    assert disconnect(workspace(), by=ME)


def test_the_contact_is_notified_each_time(stage: ConnectingStage, mailer: MemoryMailer) -> None:
    connect(stage)
    turn_off(stage.workspace(), by=ME)
    disconnect(stage.workspace(), by=ME)
    subjects = [mail.subject for _, mail in mailer.sent]
    assert subjects == ["connect", "turn on", "turn off", "disconnect"]
    tellings = {one.telling for one in stage.connector.find_shop(SHOP_ID).connection_changes}
    assert tellings == {Telling.NOTIFIED}


def other_one(stage: ConnectingStage) -> int:
    """The administration that is not chosen."""
    assert stage.connection is not None
    return TESTING.id if stage.connection.administration == DE_WILG else DE_WILG.id


def test_changes_are_counted_but_ending_and_going_back_are_always_possible(
    stage: ConnectingStage,
) -> None:
    connect(stage)
    while len(changes(stage)) < MOST_A_DAY:
        stage.now += timedelta(seconds=1)
        choose(stage, other_one(stage))
    assert obstacle(lambda: choose(stage, other_one(stage))) is ConnectObstacle.TOO_OFTEN
    assert disconnect(stage.workspace(), by=ME)


def test_what_was_killed_on_its_way_to_the_audit_is_made_up_for(
    stage: ConnectingStage, mailer: MemoryMailer
) -> None:
    stage.sign_in()
    with killed_after(stage, 2):  # the lease, and the change itself
        choose(stage)
    assert (audit(stage), mailer.sent) == ([], [])
    watch_shop(stage.connector, SHOP_ID)
    assert (ShopStep.CONNECT, DE_WILG.name) in audit(stage)
    assert len(mailer.sent) == 1
    watch_shop(stage.connector, SHOP_ID)
    assert len(mailer.sent) == 1, "and once only"


def test_a_mail_that_fails_is_sent_the_next_night(
    stage: ConnectingStage, mailer: MemoryMailer
) -> None:
    stage.sign_in()
    mailer.is_down = True
    choose(stage)
    assert stage.shops.audit(SHOP_ID)[-1].step is ShopStep.MISS_CONTACT
    mailer.is_down = False
    watch_shop(stage.connector, SHOP_ID)
    assert len(mailer.sent) == 1


def test_a_shop_that_is_not_installed_has_no_connection(stage: ConnectingStage) -> None:
    connect(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.INSTALLING))
    assert obstacle(lambda: turn(stage)) is ConnectObstacle.NOT_INSTALLED


def test_the_lists_are_those_of_the_chosen_administration(stage: ConnectingStage) -> None:
    stage.sign_in()
    assert obstacle(lambda: read_lists(stage.workspace())) is ConnectObstacle.NOT_CONNECTED
    choose(stage)
    assert read_lists(stage.workspace()).vat_codes == LISTS.vat_codes
