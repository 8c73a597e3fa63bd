"""What the nightly watch notes for the overview."""

from __future__ import annotations

from types import MappingProxyType

from chalicelib.domain.orders import PaymentMethod
from chalicelib.usecases.operating.overview import read_overview
from tests.unit.usecases.stage import Stage

METHODS = [
    PaymentMethod(key="ideal", title="iDEAL"),
    PaymentMethod(key="wero", title="Wero"),
    PaymentMethod(key="klarna", title="Klarna\nachteraf"),
]


def seen(**policy: object) -> tuple[str, ...]:
    stage = Stage(**policy)
    stage.api.methods = METHODS
    stage.watch()
    return read_overview(stage.workspace()).new_methods


def test_only_a_method_that_nobody_decided_on_is_new() -> None:
    mapped = MappingProxyType({"ideal": "IDEAL"})

    assert seen(payments=mapped) == ("Klarna achteraf",)
    assert seen(payments=mapped, ideal_is_wero=False) == ("Klarna achteraf", "Wero")
    assert seen(payments=mapped, default_payment=None) == ("Klarna achteraf",)


def test_a_default_that_was_chosen_decides_on_every_method() -> None:
    assert seen(payments=MappingProxyType({"ideal": "IDEAL"}), default_payment="Op factuur") == ()


def test_a_shop_that_leaves_every_method_to_asperion_is_warned_of_none() -> None:
    assert seen() == ()
