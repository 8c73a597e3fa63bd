"""The way to Asperion's sign-in page and back; whatever goes wrong leaves a connection as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.connect_requests import MOST_REQUESTS, WITHIN, ConnectRequests
from chalicelib.domain.connection import Connection
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.errors import AsperionUnavailable, ConnectionRefused
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.shop.connecting import Answer
from chalicelib.usecases.shop.erasing import finish_uninstallation, leave_what_is_kept
from chalicelib.usecases.shop.trouble import note_trouble, read_trouble
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.fakes.memory_asperion import DE_WILG, TESTING
from tests.unit.usecases.asperion_visits import SESSION, ConnectingStage
from tests.unit.usecases.stage import SHOP_ID

OTHER_ACCOUNT = "boekhouder"


@pytest.fixture
def stage() -> ConnectingStage:
    return ConnectingStage()


def refusal(stage: ConnectingStage, answer: Answer, session: str = SESSION) -> ConnectObstacle:
    """Why coming back came to nothing; nothing else was changed by it."""
    before = (stage.connection, stage.tokens)
    with pytest.raises(ConnectRefused) as refused:
        stage.finish(answer, session)
    assert (stage.connection, stage.tokens) == before
    return refused.value.obstacle


def connect(stage: ConnectingStage) -> Connection:
    return stage.asperion.connect(stage.shops)


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_there_and_back_opens_the_administrations_of_the_account(stage: ConnectingStage) -> None:
    connected = stage.sign_in()
    assert (connected.administrations, connected.is_again) == ((DE_WILG, TESTING), False)
    assert stage.tokens is not None
    assert stage.connection is None, "none is chosen yet"


def test_the_browser_goes_with_a_challenge_and_comes_back_to_our_own_address(
    stage: ConnectingStage,
) -> None:
    said = asked(stage.begin())
    assert said["redirect_uri"] == "https://koppeling.example/connect/callback"
    assert (said["code_challenge_method"], len(said["code_challenge"])) == ("S256", 43)


def test_nothing_is_kept_with_which_a_code_could_be_exchanged(stage: ConnectingStage) -> None:
    said = asked(stage.begin())
    kept = str(stage.shops.load(SHOP_ID, ConnectRequests))
    assert said["state"] not in kept
    assert SESSION not in kept
    assert said["code_challenge"] not in kept


@pytest.mark.parametrize("state", ["", "x", "0" * 43])
def test_a_state_that_was_never_given_is_refused(stage: ConnectingStage, state: str) -> None:
    connect(stage)
    answer = replace(stage.consent(stage.begin()), state=state)
    assert refusal(stage, answer) is ConnectObstacle.NOT_BEGUN


def test_a_state_of_another_shop_is_refused(stage: ConnectingStage) -> None:
    """Signed in to another shop meanwhile, the merchant comes back: that one stays as it is."""
    answer = stage.consent(stage.begin())
    stage.shops.forget_if(SHOP_ID, ConnectRequests, lambda kept: True)  # as another shop has none
    assert refusal(stage, answer) is ConnectObstacle.NOT_BEGUN


def test_a_link_that_somebody_else_began_connects_nothing(stage: ConnectingStage) -> None:
    """Nobody can lead a merchant's shop into his own administration by a link back; and who began
    it can still use it.
    """
    answer = stage.consent(stage.begin("session-of-another-browser"))
    assert refusal(stage, answer) is ConnectObstacle.OTHER_SESSION
    stage.finish(answer, "session-of-another-browser")


def test_a_state_is_good_once(stage: ConnectingStage) -> None:
    answer = stage.consent(stage.begin())
    stage.finish(answer)
    assert refusal(stage, answer) is ConnectObstacle.USED
    again = replace(answer, code=stage.consent(stage.begin()).code)
    assert refusal(stage, again) is ConnectObstacle.USED


def test_two_tabs_both_come_back(stage: ConnectingStage) -> None:
    one, other = stage.begin(), stage.begin()
    stage.finish(stage.consent(one))
    stage.finish(stage.consent(other))


def test_a_code_of_one_tab_does_not_go_with_the_state_of_another(stage: ConnectingStage) -> None:
    """The verifier of the other does not fit the challenge that the code was given for."""
    connect(stage)
    one, other = stage.consent(stage.begin()), stage.consent(stage.begin())
    mixed = Answer(state=one.state, code=other.code)
    assert refusal(stage, mixed) is ConnectObstacle.CODE_REFUSED


def test_coming_back_too_late_is_refused(stage: ConnectingStage) -> None:
    address = stage.begin()
    stage.now += WITHIN
    assert refusal(stage, stage.consent(address)) is ConnectObstacle.TOO_LATE
    stage.now += WITHIN
    stage.begin()
    assert refusal(stage, stage.consent(address)) is ConnectObstacle.NOT_BEGUN, "it is forgotten"


def test_who_starts_again_and_again_leaves_few_behind(stage: ConnectingStage) -> None:
    for _ in range(3 * MOST_REQUESTS):
        stage.begin()
    kept = stage.shops.load(SHOP_ID, ConnectRequests)
    assert kept is not None
    assert len(kept.by_state) == MOST_REQUESTS


@pytest.mark.parametrize(
    ("error", "obstacle"),
    [
        ("access_denied", ConnectObstacle.DENIED),
        ("server_error", ConnectObstacle.NO_CODE),
        ("", ConnectObstacle.NO_CODE),
    ],
)
def test_without_consent_everything_stays(
    stage: ConnectingStage, error: str, obstacle: ConnectObstacle
) -> None:
    connect(stage)
    answer = replace(stage.consent(stage.begin()), code="", error=error)
    assert refusal(stage, answer) is obstacle
    assert refusal(stage, answer) is ConnectObstacle.USED


def test_an_error_with_a_code_is_an_error(stage: ConnectingStage) -> None:
    answer = replace(stage.consent(stage.begin()), error="access_denied")
    assert refusal(stage, answer) is ConnectObstacle.DENIED


@pytest.mark.parametrize("call", ["exchange_code", "list_administrations"])
def test_when_asperion_does_not_answer_the_former_connection_stays(
    stage: ConnectingStage, call: str
) -> None:
    connect(stage)
    before = stage.tokens
    answer = stage.consent(stage.begin())
    stage.asperion.fail(Fault.UNAVAILABLE, call)
    with pytest.raises(AsperionUnavailable):
        stage.finish(answer)
    assert stage.tokens == before


def test_an_account_without_an_administration_connects_nothing(stage: ConnectingStage) -> None:
    assert refusal(stage, stage.consent(stage.begin(), OTHER_ACCOUNT)) is (
        ConnectObstacle.NO_ADMINISTRATION
    )


def test_the_same_administration_is_opened_by_another_account(stage: ConnectingStage) -> None:
    connection = connect(stage)
    stage.asperion.books.accounts.add(OTHER_ACCOUNT)
    assert stage.sign_in(OTHER_ACCOUNT).is_again
    assert stage.connection is not None
    assert stage.connection.choices == connection.choices
    assert stage.connection.is_on


def test_an_account_that_does_not_open_the_administration_takes_nothing_over(
    stage: ConnectingStage,
) -> None:
    """Signed in at Asperion as somebody else by mistake: what works goes on."""
    connect(stage)
    stage.asperion.administrations[TESTING.id].accounts.add(OTHER_ACCOUNT)
    answer = stage.consent(stage.begin(), OTHER_ACCOUNT)
    assert refusal(stage, answer) is ConnectObstacle.OTHER_ACCOUNT


@pytest.mark.parametrize("cause", [TroubleCause.CONNECT_AGAIN, TroubleCause.ADMINISTRATION_CLOSED])
def test_connecting_again_ends_the_trouble_and_lets_a_run_begin(
    stage: ConnectingStage, cause: TroubleCause
) -> None:
    connect(stage)
    stage.asperion.identity.revoke()
    stage.now += timedelta(hours=2)
    with pytest.raises(ConnectionRefused):
        list(stage.workspace().asperion.list_administrations())
    note_trouble(stage.workspace(), cause)
    stage.sign_in()
    assert stage.tokens is not None
    assert stage.tokens.refused_since is None
    assert read_trouble(stage.workspace()) is None
    assert len(stage.queue.sent) == 1
    assert stage.shops.audit(SHOP_ID)[-1].step is ShopStep.CONNECT_AGAIN


def test_connecting_again_ends_no_other_trouble(stage: ConnectingStage) -> None:
    connect(stage)
    note_trouble(stage.workspace(), TroubleCause.SHOP_UNAVAILABLE)
    stage.sign_in()
    assert read_trouble(stage.workspace()) is not None
    assert not stage.queue.sent


def test_a_turned_secret_spoils_no_way_back(stage: ConnectingStage) -> None:
    answer = stage.consent(stage.begin())
    stage.secrets.prints = ("another-secret-of-the-tests-0123456789", *stage.secrets.prints)
    stage.finish(answer)


def test_a_shop_that_is_not_installed_is_not_connected(stage: ConnectingStage) -> None:
    answer = stage.consent(stage.begin())
    shops = stage.shops
    shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.INSTALLING))
    assert refusal(stage, answer) is ConnectObstacle.NOT_INSTALLED
    with pytest.raises(ConnectRefused):
        stage.begin()


def test_an_app_that_is_removed_meanwhile_keeps_no_access(stage: ConnectingStage) -> None:
    answer = stage.consent(stage.begin())

    def leave(call: ApiCall) -> None:
        workspace, now = stage.workspace(), stage.now
        workspace.update_shop(lambda shop: leave_what_is_kept(shop, Actor.PLATFORM, at=now))
        finish_uninstallation(workspace, Actor.PLATFORM)

    stage.asperion.before_call = leave
    with pytest.raises(ConnectRefused):
        stage.finish(answer)
    assert stage.tokens is None


def test_an_installation_without_a_client_id_offers_no_connection(stage: ConnectingStage) -> None:
    connect(stage)
    stage.connector = replace(stage.connector, front_door=None)
    with pytest.raises(AsperionUnavailable):
        stage.begin()
    with pytest.raises(AsperionUnavailable):
        _ = stage.workspace().asperion
