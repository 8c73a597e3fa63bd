"""The way into Asperion as the composition root opens it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.adapters.deadline import Deadline
from chalicelib.bootstrap import ATTENDED, PAGE_TIME, compose_connector
from chalicelib.domain.shops import Shop
from chalicelib.errors import SettingsError
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector, FrontDoor
from tests.fakes.aws import aws_in_memory
from tests.unit.adapters.asperion.wire import NOW, Tokens
from tests.unit.usecases.stage import SHOP_ID, Stage

GIVEN = {
    "SEOSHOP_APP_KEY": "key",
    "SEOSHOP_APP_SECRET": "0123456789abcdef" * 2,
    "SESSION_SECRET": "fedcba9876543210" * 2,
    "DATA_KEY": "alias/x-data-1",
    "TABLE_PREFIX": "t-",
    "EXPORT_QUEUE_URL": "https://sqs.example/q",
    "PUBLIC_URL": "https://koppeling.example/api",
    "ASPERION_INBOX_URL": "https://inbox.example/{licence}/{file}",
}
CLIENT = {"ASPERION_CLIENT_ID": "connector", "ASPERION_CLIENT_SECRET": "short"}


def compose(**more: str) -> Connector:
    with aws_in_memory():
        return compose_connector({**GIVEN, **more}, clock=lambda: NOW)


def test_without_a_client_id_there_is_no_door() -> None:
    assert compose().front_door is None


def test_a_client_id_opens_the_door_with_its_settings() -> None:
    where = {
        "ASPERION_API_URL": "http://127.0.0.1:1",
        "ASPERION_IDENTITY_URL": "http://127.0.0.1:2/",
    }
    door = compose(**CLIENT, **where, ASPERION_SCOPE="api offline_access").front_door
    assert door is not None
    url = door.identity.write_authorize_url(state="s", challenge="c", redirect_uri="https://x.nl/")
    assert url.startswith(
        "http://127.0.0.1:2/connect/authorize?response_type=code&client_id=connector"
    )
    assert "scope=api%20offline_access" in url
    api: Any = door.open_api(Tokens(), 4101)
    assert api._http.root == "http://127.0.0.1:1/v1"
    assert api._http.tenant == ("X-Tenant-Id", 4101)
    assert api._http.deadline is None


def test_a_client_id_without_its_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="ASPERION_CLIENT_SECRET"):
        compose(ASPERION_CLIENT_ID="connector")


def test_all_calls_of_a_page_share_one_time_seoshops_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    composed = compose(**CLIENT)
    given: list[Deadline | None] = []
    stage = Stage()

    def open_for_page(shop: Shop, deadline: Deadline | None = None) -> ShopApi:
        given.append(deadline)
        return stage.connector.open_shop(shop)

    whole = replace(stage.connector, front_door=composed.front_door, open_for_page=open_for_page)
    monkeypatch.setattr(bootstrap, "open_connector", lambda: whole)
    page = bootstrap.open_page_connector()

    door: Any = page.front_door
    assert isinstance(door, FrontDoor)
    api: Any = door.open_api(Tokens(), 4101)
    assert api._http.timeout == ATTENDED
    assert 0 < api._http.deadline.seconds_left() <= PAGE_TIME
    identity: Any = door.identity
    assert identity._deadline is api._http.deadline
    page.open_for_page(page.find_shop(SHOP_ID))
    assert given == [api._http.deadline]
