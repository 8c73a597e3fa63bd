"""The tables of life as arrows between states, for `draw_life`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.events import ShopStep
from chalicelib.domain.shop_life import FIRST_STATE, SHOP_LIFE, Relative, ShopTransition
from chalicelib.domain.shops import ShopState
from chalicelib.domain.transitions import S, Transition

Arrow = tuple[str, str, str]
"""Step, state before (empty: there is no record yet), state after."""


def list_arrows(table: Sequence[Transition[S]]) -> list[Arrow]:
    """The arrows of an order's or a file's life."""
    return [
        (t.step.value, "" if source is None else source.value, t.to.value)
        for t in table
        for source in t.sources
    ]


def list_shop_arrows() -> list[Arrow]:
    """The arrows of a shop's life; a relative state becomes every state that it may stand for."""
    arrows = [(ShopStep.ARRIVE.value, "", FIRST_STATE.value)]
    arrows += (
        (t.step.value, source.value, after.value)
        for t in SHOP_LIFE
        for source in t.sources
        for after in _list_destinations(t, source)
    )
    return arrows


def _list_destinations(transition: ShopTransition, source: ShopState) -> Iterable[ShopState]:
    if isinstance(transition.to, ShopState):
        return (transition.to,)
    return (source,) if transition.to is Relative.SAME else dict.fromkeys(_list_ways_back(source))


def _list_ways_back(state: ShopState) -> Iterator[ShopState]:
    """Where a shop may go back to from a state: what each step that leads there keeps for it."""
    for transition in SHOP_LIFE:
        for source in transition.sources:
            to = source if transition.to is Relative.SAME else transition.to
            back = source if transition.back_to is Relative.FORMER else transition.back_to
            if to is state and isinstance(back, ShopState):
                yield back
