"""Each change of the connection is told, counted, and made up for where its run was killed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.notified_changes import MOST_A_DAY, Telling
from chalicelib.ports import ConnectionNotice, Mail, Notice
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.connector import Post
from chalicelib.usecases.operating.changing_connection import (
    disconnect,
    turn_off,
)
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from tests.fakes.memory_asperion import DE_WILG, TESTING
from tests.fakes.post import MemoryMailer
from tests.unit.usecases.asperion_visits import (
    ME,
    ConnectingStage,
    audit,
    changes,
    choose,
    connect,
    obstacle,
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
