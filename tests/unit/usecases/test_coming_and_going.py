"""A shop comes, leaves and comes back: what it is then, and from when on its orders count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.errors import SignatureError, UnknownShop
from chalicelib.usecases.intake.hints import record_delivery
from chalicelib.usecases.shop import installing, leaving, uninstalling
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import SHOP_ID, Stage

OTHER_TOKEN = "f" * 32


@pytest.fixture
def stage() -> Stage:
    return Stage()


def arrive(stage: Stage, token: str = "t" * 32) -> Shop:
    stamp = stage.now.replace(microsecond=0)
    callback = Callback(shop_id=SHOP_ID, language="nl", timestamp=stamp, cluster="eu1", token=token)
    return installing.admit_shop(stage.connector, callback)


def press(stage: Stage) -> Shop:
    return installing.complete_installation(stage.workspace(), licence="ASP-1", policy=Policy())


def new(stage: Stage) -> Stage:
    """Nobody has installed anything yet."""
    stage.shops.records.clear()
    return stage


def be(stage: Stage, state: ShopState, resume: ShopState | None = None) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=state, resume_state=resume))


def sold(stage: Stage, number: int) -> None:
    """An order is made and paid at this moment."""
    made = order(id=number, number=f"ORD{number}", created_at=stage.now, paid_at=stage.now)
    stage.api.put(made)


@pytest.mark.parametrize(
    ("state", "resume", "then", "resumes"),
    [
        (ShopState.ACTIVE, None, ShopState.CANCELLED, None),
        (ShopState.CANCELLED, None, ShopState.CANCELLED, None),
        (ShopState.INSTALLING, None, ShopState.INSTALLING, None),
        (ShopState.PAUSED, ShopState.ACTIVE, ShopState.PAUSED, ShopState.CANCELLED),
        (ShopState.DISCONNECTED, ShopState.ACTIVE, ShopState.DISCONNECTED, ShopState.CANCELLED),
        (ShopState.UNINSTALLED, None, ShopState.UNINSTALLED, None),
    ],
)
def test_only_a_shop_that_works_becomes_cancelled(
    stage: Stage, state: ShopState, resume: ShopState | None, then: ShopState, resumes: object
) -> None:
    be(stage, state, resume)
    shop = leaving.cancel_shop(stage.workspace(), called_at=stage.now)
    assert (shop.state, shop.resume_state) == (then, resumes)


def test_a_paused_shop_is_cancelled_once_it_goes_on(stage: Stage) -> None:
    leaving.pause_shop(stage.workspace(), by=Actor.MERCHANT)
    leaving.cancel_shop(stage.workspace(), called_at=stage.now)
    assert not stage.connector.find_shop(SHOP_ID).state.exports
    assert leaving.resume_shop(stage.workspace(), by=Actor.MERCHANT)
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.CANCELLED


@pytest.mark.parametrize("state", [ShopState.CANCELLED, ShopState.DISCONNECTED])
def test_a_new_installation_ends_a_cancellation(stage: Stage, state: ShopState) -> None:
    be(stage, state, ShopState.CANCELLED if state is ShopState.DISCONNECTED else None)
    assert arrive(stage, OTHER_TOKEN).state is ShopState.ACTIVE


def test_a_new_installation_ends_the_cancellation_of_a_paused_shop(stage: Stage) -> None:
    be(stage, ShopState.PAUSED, ShopState.CANCELLED)
    shop = arrive(stage, OTHER_TOKEN)
    assert (shop.state, shop.resume_state) == (ShopState.PAUSED, ShopState.ACTIVE)


def test_opening_the_app_ends_no_cancellation(stage: Stage) -> None:
    be(stage, ShopState.DISCONNECTED, ShopState.CANCELLED)
    assert arrive(stage).state is ShopState.CANCELLED


def test_a_late_call_about_a_former_installation_erases_nothing(stage: Stage) -> None:
    called_at = stage.now
    stage.now += timedelta(minutes=2)
    arrive(stage, OTHER_TOKEN)
    stage.now += timedelta(minutes=3)
    for call in (uninstalling.uninstall_shop, leaving.cancel_shop):
        with pytest.raises(SignatureError, match="before the present installation"):
            call(stage.workspace(), called_at=called_at)
    shop = stage.connector.find_shop(SHOP_ID)
    assert shop.state is ShopState.ACTIVE
    assert (look_into(shop.token), look_into(shop.licence)) == (OTHER_TOKEN, "ASP-1")


def test_a_call_that_comes_between_reading_and_erasing_is_seen(stage: Stage) -> None:
    called_at = stage.now
    stage.now += timedelta(minutes=2)
    update = stage.shops.update

    def reinstalled_meanwhile(shop_id: int, change: object) -> Shop:
        stage.shops.update = update  # type: ignore[method-assign]
        arrive(stage, OTHER_TOKEN)
        return update(shop_id, change)  # type: ignore[arg-type]

    stage.shops.update = reinstalled_meanwhile  # type: ignore[method-assign]
    with pytest.raises(SignatureError):
        stage.uninstall(called_at)
    assert look_into(stage.connector.find_shop(SHOP_ID).token) == OTHER_TOKEN


def test_opening_the_app_is_no_new_installation(stage: Stage) -> None:
    arrive(stage, OTHER_TOKEN)
    called_at = stage.now + timedelta(minutes=1)
    stage.now += timedelta(minutes=2)
    arrive(stage, OTHER_TOKEN)
    shop = stage.uninstall(called_at)
    assert (shop.state, shop.token, shop.token_since) == (ShopState.UNINSTALLED, None, None)


def test_the_days_of_an_abandoned_form_are_not_exported(stage: Stage) -> None:
    arrive(new(stage))
    stage.now += timedelta(days=4)
    sold(stage, 1)
    with pytest.raises(UnknownShop):  # and nobody hears of it meanwhile
        record_delivery(stage.connector, SHOP_ID, "orders-paid", b'{"order": {"id": 1}}')
    stage.now += timedelta(days=5)
    arrive(stage)
    shop = press(stage)
    assert shop.installed_at == shop.swept_until == stage.now
    stage.now += timedelta(hours=1)
    sold(stage, 2)
    stage.night()
    assert [one.number for one in stage.booked()] == ["ORD2"]
    assert stage.entries.get(SHOP_ID, "order-1") is None


def test_an_order_paid_while_the_button_is_pressed_is_not_lost(stage: Stage) -> None:
    arrive(new(stage))
    stage.now += timedelta(days=9)

    def slowly(call: Call) -> None:
        if call.name != "create_webhook":
            return
        stage.now += timedelta(seconds=5)
        sold(stage, 1)
        with pytest.raises(UnknownShop):  # its webhook comes before the shop is active
            record_delivery(stage.connector, SHOP_ID, "orders-paid", b'{"order": {"id": 1}}')

    stage.api.before_call = slowly
    press(stage)
    stage.night()
    assert stage.entry("order-1").state is EntryState.PLACED


def test_pressing_again_does_not_install_again(stage: Stage) -> None:
    arrive(new(stage))
    installed = press(stage).installed_at
    stage.now += timedelta(days=3)
    sold(stage, 1)
    shop = press(stage)
    assert (shop.installed_at, shop.swept_until) == (installed, installed)
    stage.night()
    assert stage.entry("order-1").state is EntryState.PLACED


def test_a_shop_that_comes_back_goes_on_where_it_was(stage: Stage) -> None:
    before = stage.connector.find_shop(SHOP_ID)
    leaving.disconnect_shop(stage.workspace())
    sold(stage, 1)
    stage.now += timedelta(days=5)
    arrive(stage, OTHER_TOKEN)
    shop = press(stage)
    assert (shop.installed_at, shop.swept_until) == (before.installed_at, before.swept_until)
    stage.night()
    assert stage.entry("order-1").state is EntryState.PLACED
