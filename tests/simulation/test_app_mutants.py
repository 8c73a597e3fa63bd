"""Each of these small faults in whose fault a refused token is gets caught by the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain import app_standing
from chalicelib.domain.app_standing import Witness
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import TroubleCause
from chalicelib.usecases.filing import export, run_trouble
from chalicelib.usecases.operating import levers
from chalicelib.usecases.shop import app_proof, reconnecting, refused_tokens
from chalicelib.usecases.shop.app_proof import AppVerdict
from chalicelib.usecases.shop.leaving import disconnect_shop
from chalicelib.usecases.workspace import Workspace
from tests.simulation.breaking import Break, find_wrong_schedule


def disconnects_without_proof(patch: pytest.MonkeyPatch) -> None:
    """Any 401 is the shop's own fault."""

    def meet(workspace: Workspace) -> TroubleCause:
        disconnect_shop(workspace)
        return TroubleCause.SHOP_UNAUTHORISED

    patch.setattr(run_trouble, "meet_refused_token", meet)


def disconnects_when_nobody_answers(patch: pytest.MonkeyPatch) -> None:
    """Who gives no proof of the contrary is taken to give one."""
    prove = app_proof.prove_app

    def prove_in_doubt(*facts: Any, **more: Any) -> AppVerdict:
        verdict = prove(*facts, **more)
        return AppVerdict.ACCEPTED if verdict is AppVerdict.UNKNOWN else verdict

    patch.setattr(refused_tokens, "prove_app", prove_in_doubt)


def takes_a_refused_witness_for_a_proof(patch: pytest.MonkeyPatch) -> None:
    """Whatever another shop is told, it was told something."""
    ask = app_proof._ask

    def ask_anybody(*facts: Any, **more: Any) -> Any:
        ask(*facts, **more)
        return app_proof._Answer.ACCEPTED

    patch.setattr(app_proof, "_ask", ask_anybody)


def never_tries_the_app_again(patch: pytest.MonkeyPatch) -> None:
    """A pair that was refused once is so for good."""
    patch.setattr(app_proof, "_claim_try", lambda _: False)


def tries_nothing_the_same_night(patch: pytest.MonkeyPatch) -> None:
    """While the app is refused the night is over."""
    patch.setattr(TroubleCause, "passes", False)


def says_nothing_of_a_refused_app(patch: pytest.MonkeyPatch) -> None:
    """The run ends as if it had had nothing to do."""
    meet = run_trouble.meet_refusal

    def meet_in_silence(run: Any, error: Any) -> None:
        meet(run, error)
        if run.trouble in (TroubleCause.APP_REFUSED, TroubleCause.UNPROVEN):
            run.trouble = None

    patch.setattr(export, "meet_refusal", meet_in_silence)


def forgets_whom_to_ask(patch: pytest.MonkeyPatch) -> None:
    """No witness is ever known, so that two nights are enough for a whole fleet."""
    patch.setattr(app_standing, "MOST_WITNESSES", 0)
    patch.setattr(app_standing, "order_witnesses", lambda *_, **__: [])
    patch.setattr(Witness, "is_known_refused", lambda *_: False)


def reconnects_without_proof(patch: pytest.MonkeyPatch) -> None:
    """The operator's wish is enough."""

    def believe(workspace: Workspace) -> reconnecting.Reconnection:
        step = ShopStep.RECONNECT
        workspace.take_step(step, Actor.OPERATOR)
        return reconnecting.Reconnection.DONE

    patch.setattr(levers, "reconnect_shop", believe)


MUTANTS: tuple[tuple[Break, str], ...] = (
    (disconnects_without_proof, "app refused"),
    (disconnects_when_nobody_answers, "app refused"),
    (takes_a_refused_witness_for_a_proof, "app refused"),
    (never_tries_the_app_again, "one trouble"),
    (tries_nothing_the_same_night, "one trouble"),
    (says_nothing_of_a_refused_app, "one trouble"),
    (forgets_whom_to_ask, "app refused"),
    (reconnects_without_proof, "token"),
)

FIRST_SEEDS: Mapping[Break, int] = {forgets_whom_to_ask: 275}
"""Where to begin to look: the moment that shows it comes once in some hundreds of schedules."""


@pytest.mark.parametrize(("mutant", "sure"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(sure=sure, first=FIRST_SEEDS.get(mutant, 0)) is not None
