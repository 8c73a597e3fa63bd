"""The life of a shop: every transition, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import Enum

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.lazy_dataclass import dataclass

INSTALLING, ACTIVE, PAUSED = ShopState.INSTALLING, ShopState.ACTIVE, ShopState.PAUSED
CANCELLED, DISCONNECTED = ShopState.CANCELLED, ShopState.DISCONNECTED
UNINSTALLED = ShopState.UNINSTALLED

FIRST_STATE = INSTALLING
"""Where a shop begins, with the step `ARRIVE`."""


class Relative(Enum):
    """A state that depends on where the shop was."""

    SAME = "the same"
    RESUMED = "where it goes back to"  # its `resume_state`, or `active`
    FORMER = "where it was"
    NONE = "nowhere"


SAME, RESUMED, FORMER, NONE = Relative.SAME, Relative.RESUMED, Relative.FORMER, Relative.NONE


@dataclass(frozen=True, slots=True)
class ShopTransition:
    """One step of a shop: from which states to which, where it goes back to afterwards (its
    `resume_state`), and who may take it. A step that has no row for a state changes nothing there.
    """

    step: ShopStep
    sources: tuple[ShopState, ...]
    to: ShopState | Relative
    back_to: ShopState | Relative
    by: frozenset[Actor]


EXPORTING = (ACTIVE, CANCELLED)
INSTALLED = (INSTALLING, *EXPORTING, PAUSED, DISCONNECTED)
PLATFORM = frozenset({Actor.PLATFORM})
CONNECTOR = frozenset({Actor.CONNECTOR})
MERCHANT = frozenset({Actor.MERCHANT})
OWNERS = frozenset({Actor.MERCHANT, Actor.OPERATOR})  # a bookkeeper's seat stops no exports
LEAVERS = frozenset({Actor.PLATFORM, Actor.CONNECTOR, Actor.OPERATOR})
OPERATOR = frozenset({Actor.OPERATOR})

SHOP_LIFE: tuple[ShopTransition, ...] = (
    # The merchant comes from the AppCenter with the token that is stored …
    ShopTransition(ShopStep.OPEN, (UNINSTALLED,), INSTALLING, NONE, PLATFORM),
    ShopTransition(ShopStep.OPEN, (DISCONNECTED,), RESUMED, NONE, PLATFORM),
    # … or with another one: a new installation, which also ends a cancellation.
    ShopTransition(ShopStep.REINSTALL, (UNINSTALLED,), INSTALLING, NONE, PLATFORM),
    ShopTransition(ShopStep.REINSTALL, (DISCONNECTED, CANCELLED), ACTIVE, NONE, PLATFORM),
    ShopTransition(ShopStep.REINSTALL, (PAUSED,), SAME, ACTIVE, PLATFORM),
    ShopTransition(ShopStep.COMPLETE, (INSTALLING,), ACTIVE, NONE, MERCHANT),
    ShopTransition(ShopStep.CANCEL, (ACTIVE,), CANCELLED, NONE, PLATFORM),
    ShopTransition(ShopStep.CANCEL, (PAUSED, DISCONNECTED), SAME, CANCELLED, PLATFORM),
    ShopTransition(ShopStep.UNINSTALL, INSTALLED, UNINSTALLED, NONE, LEAVERS),
    ShopTransition(ShopStep.DISCONNECT, EXPORTING, DISCONNECTED, FORMER, CONNECTOR),
    ShopTransition(ShopStep.RECONNECT, (DISCONNECTED,), RESUMED, NONE, OPERATOR),
    ShopTransition(ShopStep.PAUSE, EXPORTING, PAUSED, FORMER, OWNERS),
    ShopTransition(ShopStep.RESUME, (PAUSED,), RESUMED, NONE, OWNERS),
)
"""A shop. Every write is guarded by the version of the record that was read."""


def take_step(shop: Shop, step: ShopStep, by: Actor, *, at: datetime) -> Shop:
    """The shop after a step taken at `at`; the same one when the table has none for its state, or
    it leads nowhere else. Raises `ValueError` for somebody who may not take it.
    """
    if not any(t.step is step and by in t.by for t in SHOP_LIFE):
        raise ValueError(f"{by.value} may not take the step {step.value}")
    found = next((t for t in SHOP_LIFE if t.step is step and shop.state in t.sources), None)
    if found is None:
        return shop
    moved = replace(
        shop,
        state=_resolved(found.to, shop) or ACTIVE,
        resume_state=_resolved(found.back_to, shop),
    )
    if moved == shop:
        return shop
    return replace(moved, changed_at=at, exports_since=_find_start(shop, moved, at))


def _find_start(shop: Shop, moved: Shop, at: datetime) -> datetime | None:
    if not moved.state.exports:
        return None
    return shop.exports_since if shop.state.exports else at


def _resolved(state: ShopState | Relative, shop: Shop) -> ShopState | None:
    if isinstance(state, ShopState):
        return state
    if state is Relative.RESUMED:
        return shop.resume_state
    return None if state is Relative.NONE else shop.state
