"""A merchant on the way to Asperion and back, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.connection import ApiChoices, AsperionTokens, Connection
from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import Actor, Event, FileStep, ShopStep
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.operating.changing_connection import (
    choose_administration,
    confirm_choices,
    turn_on,
)
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.shop.connecting import (
    Answer,
    Connected,
    begin_connecting,
    finish_connecting,
)
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import DE_WILG, MemoryAsperion
from tests.fakes.memory_identity import MERCHANT
from tests.unit.usecases.stage import SHOP_ID, Stage

SESSION = "session-of-the-merchant"


class ConnectingStage(Stage):
    """A stage with an Asperion that offers its connection."""

    def __init__(self) -> None:
        super().__init__()
        self.asperion = MemoryAsperion(clock=lambda: self.now)
        self.connector = replace(self.connector, front_door=self.asperion.front_door)

    @property
    def connection(self) -> Connection | None:
        """The shop's connection as it is stored."""
        return self.connector.find_shop(SHOP_ID).connection

    @property
    def tokens(self) -> AsperionTokens | None:
        """What is kept of the merchant's access."""
        return self.shops.load(SHOP_ID, AsperionTokens)

    def begin(self, session: str = SESSION) -> str:
        """The address of Asperion's sign-in page, with a new state."""
        return begin_connecting(self.workspace(), session)

    def consent(self, address: str, account: str = MERCHANT) -> Answer:
        """Somebody signs in there and consents: what his browser comes back with."""
        back = urlsplit(self.asperion.identity.consent(address, account))
        said = {name: values[0] for name, values in parse_qs(back.query).items()}
        return Answer(state=said["state"], code=said["code"])

    def finish(self, answer: Answer, session: str = SESSION) -> Connected:
        """The browser comes back."""
        return finish_connecting(self.workspace(), session, answer)

    def sign_in(self, account: str = MERCHANT) -> Connected:
        """There and back."""
        return self.finish(self.consent(self.begin(), account))


ME = Actor.MERCHANT


def choose(stage: ConnectingStage, administration_id: int = DE_WILG.id) -> Connection:
    kept = stage.connection
    seen = "" if kept is None else kept.version
    return choose_administration(stage.workspace(), administration_id, by=ME, seen=seen)


def confirm(stage: ConnectingStage, choices: ApiChoices = CHOICES) -> bool:
    assert stage.connection is not None
    return confirm_choices(stage.workspace(), choices, by=ME, seen=stage.connection.version)


def turn(stage: ConnectingStage) -> bool:
    assert stage.connection is not None
    return turn_on(stage.workspace(), by=ME, seen=stage.connection.version)


def connect(stage: ConnectingStage) -> None:
    """The whole path."""
    stage.sign_in()
    for step in (choose, confirm, turn):
        stage.now += timedelta(minutes=1)
        step(stage)


def way(stage: ConnectingStage) -> Way:
    return stage.connector.find_shop(SHOP_ID).way


def audit(stage: ConnectingStage) -> list[tuple[ShopStep, str]]:
    """What the audit says of the connection, and not of mails."""
    of_mail = (ShopStep.TELL_CONTACT, ShopStep.MISS_CONTACT)
    events = stage.shops.audit(SHOP_ID)
    return [(event.step, event.note) for event in events if event.step not in of_mail]


def changes(stage: ConnectingStage) -> list[ConnectionStep]:
    return [one.what for one in stage.connector.find_shop(SHOP_ID).connection_changes]


def obstacle(call: Callable[[], object]) -> ConnectObstacle:
    with pytest.raises(ConnectRefused) as refused:
        call()
    return refused.value.obstacle


def leave_undecided(stage: ConnectingStage) -> str:
    """A delivery into the administration of which nobody knows yet whether it is there."""
    files, now = stage.connector.files, stage.now
    file = files.create(SHOP_ID, now.date(), at=now, by=Actor.EXPORT, way=Way.API)
    note_open_file(stage.workspace(), file.name)
    return file.name


def finish(stage: ConnectingStage, name: str) -> None:
    """The delivery is proven not to be there."""
    file = stage.connector.files.get(SHOP_ID, name)
    assert file is not None
    event = Event(at=stage.now, step=FileStep.DISCARD, by=Actor.EXPORT)
    assert stage.connector.files.record(file, event) is not None
