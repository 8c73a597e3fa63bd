"""The access to Asperion is renewed by one run at a time, and lost only when Asperion says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.sealed import SecretKind
from chalicelib.errors import AsperionUnavailable, ConnectionRefused, VaultUnavailable
from chalicelib.usecases.asperion_tokens import A_NIGHT_LATER, COUNTS_FOR, TokenKeeper
from chalicelib.usecases.shop.seals import renew_seals
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.fakes.open_vault import KEY, seal, sealed_before
from tests.unit.usecases.asperion_visits import ConnectingStage
from tests.unit.usecases.stage import SHOP_ID

HOUR = timedelta(hours=1)


@pytest.fixture
def stage() -> ConnectingStage:
    stage = ConnectingStage()
    stage.asperion.connect(stage.shops)
    return stage


def keeper(stage: ConnectingStage, wait: Callable[[timedelta], None] | None = None) -> TokenKeeper:
    def pass_time(delay: timedelta) -> None:
        stage.now += delay

    return TokenKeeper(stage.connector, SHOP_ID, wait or pass_time)


def kept(stage: ConnectingStage) -> AsperionTokens:
    assert stage.tokens is not None
    return stage.tokens


def refreshes(stage: ConnectingStage) -> int:
    return sum(call.name == "refresh" for call in stage.asperion.identity.calls)


def test_an_access_token_that_counts_is_used_as_it_is(stage: ConnectingStage) -> None:
    assert keeper(stage).get() == keeper(stage).get() == "access-1"
    assert refreshes(stage) == 0


@pytest.mark.parametrize("rotates", [True, False])
def test_one_that_soon_counts_no_more_is_renewed_and_kept(
    stage: ConnectingStage, rotates: bool
) -> None:
    stage.asperion.identity.rotates = rotates
    for count in (2, 3, 4):
        stage.now += HOUR - COUNTS_FOR / 2
        assert keeper(stage).get() == f"access-{count}"
    assert (refreshes(stage), kept(stage).lease_owner) == (3, "")


def test_one_that_is_granted_for_seconds_is_not_renewed_at_every_call(
    stage: ConnectingStage,
) -> None:
    stage.asperion.identity.lifetime = timedelta(seconds=60)
    stage.now += HOUR
    one = keeper(stage)
    assert {one.get() for _ in range(5)} == {"access-2"}


def test_a_token_that_asperion_refuses_early_is_renewed_once(stage: ConnectingStage) -> None:
    one, other = keeper(stage), keeper(stage)
    assert (one.get(), other.get()) == ("access-1", "access-1")
    assert one.renew("access-1") == "access-2"
    assert other.renew("access-1") == "access-2", "another run has renewed it"
    assert (other.get(), refreshes(stage)) == ("access-2", 1)


def test_while_one_run_renews_another_waits_for_what_it_brings(stage: ConnectingStage) -> None:
    """Were both to spend the refresh token, the one that is later would lose the connection."""
    stage.now += HOUR
    found: list[str] = []
    second = keeper(stage, wait=lambda delay: None)

    def come_in_between(call: ApiCall) -> None:
        stage.asperion.identity.before_call = lambda call: None
        with pytest.raises(AsperionUnavailable):
            second.get()
        found.append("waited")

    stage.asperion.identity.before_call = come_in_between
    assert keeper(stage).get() == "access-2"
    assert (found, second.get(), refreshes(stage)) == (["waited"], "access-2", 1)


def test_a_waiting_run_takes_over_what_comes_meanwhile(stage: ConnectingStage) -> None:
    stage.now += HOUR
    stage.shops.save(
        SHOP_ID,
        replace(kept(stage), lease_owner="another", lease_until=stage.now + timedelta(minutes=1)),
    )

    def bring(delay: timedelta) -> None:
        stage.shops.save(SHOP_ID, replace(kept(stage), lease_owner="", lease_until=None))

    assert keeper(stage, wait=bring).get() == "access-2"


def test_the_lease_of_a_run_that_was_killed_ends(stage: ConnectingStage) -> None:
    stage.now += HOUR
    over = replace(kept(stage), lease_owner="killed", lease_until=stage.now)
    stage.shops.save(SHOP_ID, over)
    assert keeper(stage).get() == "access-2"


def test_a_lost_answer_is_asked_for_once_more(stage: ConnectingStage) -> None:
    """Some identity servers let the old token count until its successor is used."""
    stage.asperion.identity.forgives = True
    stage.asperion.fail(Fault.LOST_AFTER, "refresh", times=1)
    stage.now += HOUR
    assert keeper(stage).get() == "access-3"
    assert kept(stage).refused_since is None


def test_an_identity_server_that_does_not_answer_refuses_nothing(stage: ConnectingStage) -> None:
    stage.asperion.fail(Fault.UNAVAILABLE, "refresh")
    stage.now += HOUR
    with pytest.raises(AsperionUnavailable):
        keeper(stage).get()
    assert (kept(stage).refused_since, kept(stage).lease_owner) == (None, "")
    stage.asperion.recover()
    assert keeper(stage).get() == "access-2"


def test_what_counts_for_a_moment_yet_is_used_while_nothing_answers(
    stage: ConnectingStage,
) -> None:
    stage.asperion.fail(Fault.UNAVAILABLE, "refresh")
    stage.now += HOUR - COUNTS_FOR / 2
    assert keeper(stage).get() == "access-1"


def test_a_refusal_asks_the_merchant_to_connect_again(stage: ConnectingStage) -> None:
    stage.asperion.identity.revoke()
    stage.now += HOUR
    since = stage.now
    with pytest.raises(ConnectionRefused):
        keeper(stage).get()
    assert kept(stage).refused_since == since
    stage.now += timedelta(minutes=5)
    with pytest.raises(ConnectionRefused):
        keeper(stage).renew("access-1")
    assert refreshes(stage) == 1, "what is refused is not asked about all day"


def test_from_one_night_to_the_next_a_refusal_is_tried_again(stage: ConnectingStage) -> None:
    """A wrong client id refuses every shop: set right, no merchant has to do anything."""
    identity = stage.asperion.identity
    away, identity.refresh_tokens = identity.refresh_tokens, {}
    stage.now += HOUR
    with pytest.raises(ConnectionRefused):
        keeper(stage).get()
    identity.refresh_tokens = away
    stage.now += A_NIGHT_LATER
    assert keeper(stage).get() == "access-2"
    assert (kept(stage).refused_since, kept(stage).tried_at) == (None, None)


def test_a_refusal_of_what_another_run_has_spent_says_nothing(stage: ConnectingStage) -> None:
    """A run that was held up for longer than its lease comes back with a token that is spent."""
    stage.now += HOUR

    def be_held_up(call: ApiCall) -> None:
        stage.asperion.identity.before_call = lambda call: None
        stage.now += timedelta(minutes=2)
        assert keeper(stage).get() == "access-2"

    stage.asperion.identity.before_call = be_held_up
    assert keeper(stage).get() == "access-2"
    assert kept(stage).refused_since is None


def test_without_a_refresh_token_the_merchant_connects_again_when_it_ends(
    stage: ConnectingStage,
) -> None:
    stage.shops.save(SHOP_ID, replace(kept(stage), refresh=None))
    assert keeper(stage).get() == "access-1"
    stage.now += HOUR
    for _ in range(2):
        with pytest.raises(ConnectionRefused):
            keeper(stage).get()
        stage.now += A_NIGHT_LATER
    assert refreshes(stage) == 0


def test_nothing_is_spent_while_the_vault_is_closed(stage: ConnectingStage) -> None:
    """What Asperion grants could not be kept."""
    stage.now += HOUR
    stage.vault.trouble = VaultUnavailable("no KMS")
    with pytest.raises(VaultUnavailable):
        keeper(stage).get()
    stage.vault.trouble = None
    assert refreshes(stage) == 0
    assert keeper(stage).get() == "access-2"


def test_a_vault_that_closes_meanwhile_keeps_nobody_else_waiting(stage: ConnectingStage) -> None:
    stage.now += HOUR

    def close(call: ApiCall) -> None:
        stage.vault.trouble = VaultUnavailable("no KMS")

    stage.asperion.identity.before_call = close
    with pytest.raises(VaultUnavailable):
        keeper(stage).get()
    assert (kept(stage).lease_owner, kept(stage).refused_since) == ("", None)


def test_an_access_token_whose_seal_is_broken_is_renewed(stage: ConnectingStage) -> None:
    tokens = kept(stage)
    foreign = seal("access-1", SecretKind.ASPERION_ACCESS, SHOP_ID + 1)
    stage.shops.save(SHOP_ID, replace(tokens, access=foreign))
    assert keeper(stage).get() == keeper(stage).get() == "access-2"
    assert refreshes(stage) == 1


def test_whoever_disconnects_meanwhile_is_not_connected_again(stage: ConnectingStage) -> None:
    stage.now += HOUR

    def disconnect(call: ApiCall) -> None:
        stage.shops.forget_if(SHOP_ID, AsperionTokens, lambda tokens: True)

    stage.asperion.identity.before_call = disconnect
    with pytest.raises(ConnectionRefused):
        keeper(stage).get()
    assert stage.tokens is None


def test_seals_are_renewed_with_the_others(stage: ConnectingStage) -> None:
    tokens = kept(stage)
    assert tokens.refresh is not None
    before = replace(
        tokens, access=sealed_before(tokens.access), refresh=sealed_before(tokens.refresh)
    )
    stage.shops.save(SHOP_ID, before)
    assert renew_seals(stage.workspace()) == 2
    after = kept(stage)
    assert after == tokens
    assert after.refresh is not None
    assert {after.access.key, after.refresh.key} == {KEY}
    assert keeper(stage).get() == "access-1"
