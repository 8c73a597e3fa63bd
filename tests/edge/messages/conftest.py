"""Two shops, and all that is logged of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.edge.messages.delivered_messages import OTHER_SHOP, use
from tests.fakes.log_capture import captured_logs
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    stage.shops.add(replace(stage.connector.find_shop(SHOP_ID), shop_id=OTHER_SHOP))
    use(stage.connector, monkeypatch)
    return stage


@pytest.fixture(autouse=True)
def said() -> Iterator[io.StringIO]:
    """All that is logged, formatted as on Lambda."""
    with captured_logs() as written:
        yield written
