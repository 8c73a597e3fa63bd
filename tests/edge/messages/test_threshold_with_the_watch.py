"""How near a shop is to the threshold is added up with the message of the watch."""

from __future__ import annotations

import io

import pytest

from chalicelib.domain.days import local_day
from chalicelib.domain.distance_sales import DistanceFigure
from chalicelib.errors import LedgerThrottled, ShopUnavailable
from tests.edge.messages.delivered_messages import CONTENT, deliver, watched
from tests.unit.usecases.stage import SHOP_ID, Stage


class TestTheThresholdForSalesAbroad:
    """It is added up anew with the watch, and neither spoils the other."""

    def kept(self, stage: Stage) -> DistanceFigure | None:
        return stage.shops.load(SHOP_ID, DistanceFigure)

    def test_it_is_added_up_with_the_watch(self, stage: Stage) -> None:
        assert deliver(watched()) == []
        found = self.kept(stage)
        assert found is not None
        assert found.year == local_day(stage.now).year

    def test_it_is_added_up_although_the_watch_fails(self, stage: Stage) -> None:
        stage.api.fail(ShopUnavailable("no"), "webhooks")
        assert deliver(watched()) == ["m0"]
        assert self.kept(stage) is not None

    @pytest.mark.parametrize("error", [LedgerThrottled("no"), ValueError(CONTENT)])
    def test_what_goes_wrong_is_logged_and_brings_no_message_back(
        self,
        stage: Stage,
        monkeypatch: pytest.MonkeyPatch,
        said: io.StringIO,
        error: Exception,
    ) -> None:
        def get_returns(shop_id: int, names: object) -> None:
            raise error

        monkeypatch.setattr(stage.connector.files, "get_returns", get_returns)
        assert deliver(watched()) == []
        assert self.kept(stage) is None
        assert "no distance sales" in said.getvalue()
        assert CONTENT not in said.getvalue()
