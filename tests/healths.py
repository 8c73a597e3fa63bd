"""Healths of shops, for tests: drawn, and made by hand."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from chalicelib.domain.shop_health import FoundCause, HealthCause, ShopHealth
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.ways import Way
from tests.tables.conftest import NOW

_MOMENTS = st.integers(0, 400).map(lambda hours: NOW - timedelta(hours=hours))


@st.composite
def _causes(draw: st.DrawFn) -> FoundCause:
    cause = draw(st.sampled_from(HealthCause))
    trouble = draw(st.sampled_from(TroubleCause)) if cause is HealthCause.TROUBLE else None
    return FoundCause(
        cause=cause, since=draw(_MOMENTS), count=draw(st.integers(1, 5000)), trouble=trouble
    )


def drawn_health(shop_id: int) -> st.SearchStrategy[ShopHealth]:
    """Any health of a shop."""
    return st.builds(
        ShopHealth,
        shop_id=st.just(shop_id),
        state=st.sampled_from(ShopState),
        cluster=st.sampled_from(["eu1", "us1"]),
        way=st.sampled_from(Way),
        causes=st.lists(_causes(), min_size=1, max_size=4).map(tuple),
    )


def health(
    shop_id: int, cause: HealthCause = HealthCause.OVERDUE, *, hours: float = 1
) -> ShopHealth:
    """What is wrong with a shop for so many hours."""
    found = FoundCause(cause=cause, since=NOW - timedelta(hours=hours))
    return ShopHealth(
        shop_id=shop_id, state=ShopState.ACTIVE, cluster="eu1", way=Way.FILE, causes=(found,)
    )
