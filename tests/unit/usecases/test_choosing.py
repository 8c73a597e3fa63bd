"""A merchant chooses anew: what is stored, and what is kept of the change."""

from __future__ import annotations

import pytest

from chalicelib.domain.choice_history import ChoiceHistory
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.policy import DateBasis, Policy
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.errors import RequestError, ShopUnavailable
from chalicelib.usecases.shop.choosing import change_choices, read_history
from chalicelib.usecases.shop.installing import complete_installation
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def policy_of(stage: Stage) -> Policy:
    return stage.connector.find_shop(SHOP_ID).policy


def titles(stage: Stage) -> list[str]:
    """The names in the last change."""
    return [edit.title for edit in read_history(stage.workspace()).changes[-1].edits]


def test_a_change_is_kept_with_when_who_and_what(stage: Stage) -> None:
    change_choices(stage.workspace(), Policy(on_account=True), by=Actor.OPERATOR)

    (change,) = read_history(stage.workspace()).changes
    assert (change.number, change.at, change.by) == (1, stage.now, Actor.OPERATOR)
    assert [(edit.field, edit.before, edit.after) for edit in change.edits] == [
        ("on_account", False, True)
    ]
    last = stage.shops.audit(SHOP_ID)[-1]
    assert (last.step, last.by) == (ShopStep.CHANGE_SETTINGS, Actor.OPERATOR)


def test_what_changes_nothing_is_no_change(stage: Stage) -> None:
    version = stage.connector.find_shop(SHOP_ID).version

    change_choices(stage.workspace(), Policy(), by=Actor.MERCHANT)

    assert stage.shops.load(SHOP_ID, ChoiceHistory) is None
    assert stage.connector.find_shop(SHOP_ID).version == version


def test_what_somebody_else_changed_meanwhile_stays(stage: Stage) -> None:
    opened = stage.workspace()
    change_choices(stage.workspace(), Policy(on_account=True), by=Actor.MERCHANT)

    change_choices(opened, Policy(date_basis=DateBasis.PAYMENT), by=Actor.MERCHANT)

    assert policy_of(stage) == Policy(on_account=True, date_basis=DateBasis.PAYMENT)
    changes = read_history(stage.workspace()).changes
    assert [[edit.field for edit in each.edits] for each in changes] == [
        ["on_account"],
        ["date_basis"],
    ]


def test_two_changes_that_fit_one_by_one_and_not_together_are_refused(stage: Stage) -> None:
    opened = stage.workspace()
    many = frozenset(f"A-{number}" for number in range(400))
    change_choices(stage.workspace(), Policy(service_articles=many), by=Actor.MERCHANT)

    others = frozenset(f"B-{number}" for number in range(400))
    with pytest.raises(RequestError):
        change_choices(opened, Policy(service_articles=others), by=Actor.MERCHANT)

    assert policy_of(stage).service_articles == many


def test_a_change_is_kept_when_the_shop_does_not_answer(stage: Stage) -> None:
    stage.api.fail(ShopUnavailable("no answer"))

    with pytest.raises(ShopUnavailable):
        change_choices(stage.workspace(), Policy(payments={"klarna": "IDEAL"}), by=Actor.MERCHANT)

    assert policy_of(stage).payments == {"klarna": "IDEAL"}
    assert titles(stage) == [""]


def test_methods_have_the_names_that_the_shop_gives_them(stage: Stage) -> None:
    stage.api.methods = [PaymentMethod(key="klarna", title="Klarna – achteraf")]

    change_choices(
        stage.workspace(), Policy(payments={"klarna": "IDEAL", "gone": ""}), by=Actor.MERCHANT
    )

    assert titles(stage) == ["", "Klarna – achteraf"]


def test_a_name_that_the_watch_found_is_not_asked_for_again(stage: Stage) -> None:
    stage.shops.save(SHOP_ID, WatchFindings(at=stage.now, new_methods={"klarna": "Klarna"}))
    stage.api.fail(ShopUnavailable("no answer"), "payment_methods")

    change_choices(stage.workspace(), Policy(payments={"klarna": "IDEAL"}), by=Actor.MERCHANT)

    assert titles(stage) == ["Klarna"]


def test_the_form_of_an_installation_that_is_sent_again_is_a_change(stage: Stage) -> None:
    complete_installation(stage.workspace(), licence="", policy=Policy(on_account=True))

    assert len(read_history(stage.workspace()).changes) == 1


def test_the_history_goes_with_the_shop(stage: Stage) -> None:
    change_choices(stage.workspace(), Policy(on_account=True), by=Actor.MERCHANT)

    stage.uninstall()

    assert stage.shops.load(SHOP_ID, ChoiceHistory) is None
