"""One running stand-in for all tests, and for each test an administration of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import requests

from sandbox.asperion import Config, Running, serve
from tests.sandbox.asperion.api_client import ApiClient
from tests.sandbox.asperion.samples import FIGURE_5
from tests.sandbox.asperion.shop_client import Client

SYNCHRONISE = "/import/webwinkelfacturen/synchronise"
NOW = datetime(2014, 12, 22, 5, 30, tzinfo=UTC)
_numbers = count(1)


class MovableClock:
    """A clock that a test moves; every test starts at the same moment."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **time: int) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def session_clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def clock(session_clock: MovableClock) -> Iterator[MovableClock]:
    yield session_clock
    session_clock.now = NOW


@pytest.fixture(scope="session")
def asperion(session_clock: MovableClock) -> Iterator[Running]:
    with serve(Config(port=0, clock=session_clock)) as running:
        yield running


@pytest.fixture
def client(asperion: Running) -> Iterator[Client]:
    with requests.Session() as http:
        yield Client(asperion, f"LIC-{next(_numbers)}", http)
        asperion.store.faults.clear()


@pytest.fixture
def api(client: Client) -> Iterator[ApiClient]:
    """A connector that a user of its own has let into the client's administration."""
    user = f"user-{client.licence}"
    control = f"{client.asperion.url}/_control/api"
    given = {"name": user, "password": "geheim", "licences": [client.licence]}
    client.http.post(f"{control}/users", json=given)
    tokens = client.http.post(f"{control}/tokens", json={"user": user}).json()
    yield ApiClient(client, user, tokens["access_token"], tokens["refresh_token"])
    client.asperion.store.rest_faults.clear()
    client.asperion.store.guesses.reset()


@pytest.fixture
def books(api: ApiClient) -> ApiClient:
    """An administration with one debtor, 1000001."""
    api.add_debtor()
    return api


@pytest.fixture
def figure_5(client: Client) -> Client:
    client.put("axml-orders-20141222-184520-001.xml", FIGURE_5)
    client.post(SYNCHRONISE)
    return client
