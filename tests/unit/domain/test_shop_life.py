"""The life of a shop: every state and every step give what they always gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shop_life import SHOP_LIFE, take_step
from chalicelib.domain.shops import Shop, ShopState
from tests.fakes.open_vault import seal_licence, seal_token

BEFORE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AT = BEFORE + timedelta(days=14)

INSTALLING, ACTIVE, PAUSED = ShopState.INSTALLING, ShopState.ACTIVE, ShopState.PAUSED
CANCELLED, DISCONNECTED = ShopState.CANCELLED, ShopState.DISCONNECTED
UNINSTALLED = ShopState.UNINSTALLED

Place = tuple[ShopState, ShopState | None]
"""A shop's state, and where it goes back to."""

PLACES: tuple[Place, ...] = (
    *((state, None) for state in ShopState),
    *((state, back) for state in (PAUSED, DISCONNECTED) for back in (ACTIVE, CANCELLED)),
)

WHO = {
    ShopStep.OPEN: {Actor.PLATFORM},
    ShopStep.REINSTALL: {Actor.PLATFORM},
    ShopStep.COMPLETE: {Actor.MERCHANT},
    ShopStep.CANCEL: {Actor.PLATFORM},
    ShopStep.UNINSTALL: {Actor.PLATFORM, Actor.CONNECTOR, Actor.OPERATOR},
    ShopStep.DISCONNECT: {Actor.CONNECTOR},
    ShopStep.RECONNECT: {Actor.OPERATOR},
    ShopStep.PAUSE: {Actor.MERCHANT, Actor.OPERATOR},
    ShopStep.RESUME: {Actor.MERCHANT, Actor.OPERATOR},
}


def move_by_hand(step: ShopStep, state: ShopState, back: ShopState | None) -> Place:
    """Where a step leads, written out as the first version of the connector had it."""
    if step in (ShopStep.OPEN, ShopStep.REINSTALL):
        return _come_back(state, back, is_renewed=step is ShopStep.REINSTALL)
    if step in (ShopStep.COMPLETE, ShopStep.RESUME, ShopStep.RECONNECT):
        return _go_on(step, state, back)
    if step is ShopStep.CANCEL:
        return _cancel(state, back)
    if step is ShopStep.UNINSTALL:
        return UNINSTALLED, None
    exports = state in (ACTIVE, CANCELLED)
    aside = {ShopStep.DISCONNECT: DISCONNECTED, ShopStep.PAUSE: PAUSED}[step]
    return (aside, state) if exports else (state, back)


def _go_on(step: ShopStep, state: ShopState, back: ShopState | None) -> Place:
    if step is ShopStep.COMPLETE:
        return (ACTIVE if state is INSTALLING else state), back
    aside = PAUSED if step is ShopStep.RESUME else DISCONNECTED
    return (back or ACTIVE, None) if state is aside else (state, back)


def _cancel(state: ShopState, back: ShopState | None) -> Place:
    if state is ACTIVE:
        return CANCELLED, back
    return state, (CANCELLED if state in (PAUSED, DISCONNECTED) else back)


def _come_back(state: ShopState, back: ShopState | None, *, is_renewed: bool) -> Place:
    if state is UNINSTALLED:
        return INSTALLING, None
    if state is DISCONNECTED:
        state, back = back or ACTIVE, None
    if is_renewed and state is CANCELLED:
        state = ACTIVE
    if is_renewed and back is CANCELLED:
        back = ACTIVE
    return state, back


def shop(state: ShopState, back: ShopState | None = None) -> Shop:
    return Shop(
        shop_id=184520,
        state=state,
        cluster="eu1",
        language="nl",
        token=seal_token("t" * 32),
        licence=seal_licence("ASP-1"),
        installed_at=BEFORE,
        changed_at=BEFORE,
        resume_state=back,
        version=7,
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(str(one) for one in place))
@pytest.mark.parametrize("step", WHO, ids=str)
def test_every_step_leads_from_everywhere_to_where_it_always_led(
    step: ShopStep, place: Place
) -> None:
    for by in sorted(WHO[step]):
        moved = take_step(shop(*place), step, by, at=AT)
        state, back = move_by_hand(step, *place)
        assert moved.state is state
        # A shop that is paused and remembers nothing goes back to being active, as it always did.
        fallback = ACTIVE if state is PAUSED else None
        assert (moved.resume_state or fallback) is (back or fallback)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(str(one) for one in place))
@pytest.mark.parametrize("step", WHO, ids=str)
def test_a_step_changes_the_state_and_its_moment_and_nothing_else(
    step: ShopStep, place: Place
) -> None:
    before = shop(*place)
    moved = take_step(before, step, min(WHO[step]), at=AT)
    leads_elsewhere = (moved.state, moved.resume_state) != (before.state, before.resume_state)
    assert moved.changed_at == (AT if leads_elsewhere else BEFORE)
    kept = replace(
        moved,
        state=before.state,
        resume_state=before.resume_state,
        changed_at=before.changed_at,
        exports_since=before.exports_since,
    )
    assert kept == before
    starts = moved.state.exports and not before.state.exports
    goes_on = moved.state.exports and before.state.exports
    assert moved.exports_since == (AT if starts else before.exports_since if goes_on else None)
    if not leads_elsewhere:
        assert moved is before


@pytest.mark.parametrize("step", ShopStep, ids=str)
def test_a_step_is_taken_by_nobody_else(step: ShopStep) -> None:
    for by in set(Actor) - WHO.get(step, set()):
        with pytest.raises(ValueError, match="may not take the step"):
            take_step(shop(ACTIVE), step, by, at=AT)


@pytest.mark.parametrize(
    "step", [ShopStep.ARRIVE, ShopStep.CHANGE_SETTINGS, ShopStep.MEND_SUBSCRIPTIONS], ids=str
)
def test_what_the_audit_tells_besides_moves_no_shop(step: ShopStep) -> None:
    assert all(row.step is not step for row in SHOP_LIFE)


def test_a_step_has_one_row_for_each_state_at_most() -> None:
    found = [(row.step, state) for row in SHOP_LIFE for state in row.sources]
    assert len(found) == len(set(found))


def test_a_cancellation_survives_pause_and_lost_token_until_the_app_is_installed_anew() -> None:
    paused = take_step(shop(CANCELLED), ShopStep.PAUSE, Actor.MERCHANT, at=AT)
    assert (paused.state, paused.resume_state) == (PAUSED, CANCELLED)
    resumed = take_step(paused, ShopStep.RESUME, Actor.MERCHANT, at=AT)
    assert (resumed.state, resumed.resume_state) == (CANCELLED, None)
    gone = take_step(resumed, ShopStep.DISCONNECT, Actor.CONNECTOR, at=AT)
    assert take_step(gone, ShopStep.OPEN, Actor.PLATFORM, at=AT).state is CANCELLED
    assert take_step(gone, ShopStep.REINSTALL, Actor.PLATFORM, at=AT).state is ACTIVE
