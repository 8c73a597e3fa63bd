"""The token endpoint: what an application may and may not have."""

import pytest

from tests.sandbox.asperion.api_client import (
    CALLBACK,
    CHALLENGE,
    CLIENT_ID,
    CLIENT_SECRET,
    VERIFIER,
    ApiClient,
)
from tests.sandbox.asperion.conftest import MovableClock


def make_code(api: ApiClient, challenge: str = CHALLENGE, scope: str = "*") -> str:
    grants = api.client.asperion.store.grants
    return grants.allow(api.user, CLIENT_ID, scope, CALLBACK, challenge)


def exchange(api: ApiClient, made: str, **changes: str) -> tuple[int, dict[str, str]]:
    form = {"grant_type": "authorization_code", "code": made, "redirect_uri": CALLBACK}
    answer = api.ask_tokens(**form | {"code_verifier": VERIFIER} | changes)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": VERIFIER + "x"}, "invalid_grant"),
        ({"code_verifier": CHALLENGE}, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"code": ""}, "invalid_request"),
        ({"code": "another"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_secret": "another"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
    ],
)
def test_a_code_is_for_one_application_address_and_challenge(
    api: ApiClient, changes: dict[str, str], error: str
) -> None:
    code = make_code(api)
    status, given = exchange(api, code, **changes)
    assert (status, given["error"]) == (401 if error == "invalid_client" else 400, error)
    assert exchange(api, code)[0] == 200


def test_a_code_serves_for_a_minute(api: ApiClient, clock: MovableClock) -> None:
    first, second = make_code(api), make_code(api)
    clock.pass_time(seconds=59)
    assert exchange(api, first)[0] == 200
    clock.pass_time(seconds=1)
    assert exchange(api, second)[1]["error"] == "invalid_grant"


def test_a_code_that_is_used_again_takes_its_tokens_away(api: ApiClient) -> None:
    code = make_code(api)
    _, given = exchange(api, code)
    api.access = given["access_token"]
    assert api.call("GET", "debtors").status_code == 200
    assert exchange(api, code)[1]["error"] == "invalid_grant"
    assert api.call("GET", "debtors").status_code == 401
    assert api.renew(given["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_verifier_without_a_challenge_is_refused(api: ApiClient) -> None:
    assert exchange(api, make_code(api, challenge=""))[1]["error"] == "invalid_grant"


def test_credentials_may_come_by_http_basic_but_not_twice(api: ApiClient) -> None:
    address, form = f"{api.url}/connect/token", {"grant_type": "refresh_token"}
    form |= {"refresh_token": api.refresh}
    pair = (CLIENT_ID, CLIENT_SECRET)
    twice = api.client.http.post(address, data=form | {"client_secret": "x"}, auth=pair)
    assert twice.json()["error"] == "invalid_request"
    wrong = api.client.http.post(address, data=form, auth=(CLIENT_ID, "another"))
    assert (wrong.status_code, wrong.headers["WWW-Authenticate"]) == (401, "Basic")
    assert api.client.http.post(address, data=form, auth=pair).status_code == 200


def test_a_repeated_parameter_is_refused(api: ApiClient) -> None:
    form = [("grant_type", "refresh_token"), ("refresh_token", api.refresh)]
    form += [("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)]
    repeated = [*form, ("grant_type", "refresh_token")]
    address = f"{api.url}/connect/token"
    assert api.client.http.post(address, data=repeated).json()["error"] == "invalid_request"
    assert api.client.http.post(address, data=form).status_code == 200


def test_a_refresh_token_that_rotates_serves_once_and_its_reuse_revokes_all(
    api: ApiClient,
) -> None:
    given = api.renew().json()
    assert given["refresh_token"] != api.refresh
    api.access = given["access_token"]
    assert api.call("GET", "debtors").status_code == 200
    assert api.renew().json()["error"] == "invalid_grant"
    assert api.call("GET", "debtors").status_code == 401
    assert api.renew(given["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(("rotation", "is_sent"), [("keeps", False), ("repeats", True)])
def test_a_refresh_token_may_go_on(api: ApiClient, rotation: str, is_sent: bool) -> None:
    api.guess(rotation=rotation)
    for _ in range(2):
        given = api.renew().json()
        assert given.get("refresh_token") == (api.refresh if is_sent else None)


def test_tokens_end_by_the_clock(api: ApiClient, clock: MovableClock) -> None:
    clock.pass_time(seconds=3599)
    assert api.call("GET", "debtors").status_code == 200
    clock.pass_time(seconds=1)
    answer = api.call("GET", "debtors")
    assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    assert api.renew().status_code == 200
    clock.pass_time(days=31)
    assert api.renew().json()["error"] == "invalid_grant"


def test_the_life_of_tokens_is_a_switch(api: ApiClient, clock: MovableClock) -> None:
    api.guess(token_life=60)
    given = api.renew().json()
    assert given["expires_in"] == 60
    api.access = given["access_token"]
    clock.pass_time(seconds=60)
    assert api.call("GET", "debtors").status_code == 401


@pytest.mark.parametrize(
    ("when", "scope", "is_given"),
    [
        ("always", "*", True),
        ("offline_access", "*", False),
        ("offline_access", "* offline_access", True),
        ("never", "* offline_access", False),
    ],
)
def test_whether_there_is_a_refresh_token_is_a_switch(
    api: ApiClient, when: str, scope: str, *, is_given: bool
) -> None:
    api.guess(refresh_tokens=when)
    status, given = exchange(api, make_code(api, scope=scope))
    assert (status, "refresh_token" in given) == (200, is_given)


def test_tokens_can_be_given_back_where_that_is_switched_on(api: ApiClient) -> None:
    form = {"token": api.refresh, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    address = f"{api.url}/connect/revocation"
    assert api.client.http.post(address, data=form).status_code == 404
    api.guess(revocation="on")
    assert api.client.http.post(address, data=form | {"client_secret": "x"}).status_code == 401
    assert api.client.http.post(address, data=form).status_code == 200
    assert api.call("GET", "debtors").status_code == 401
    assert api.renew().json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "switches", [{"rotation": "sometimes"}, {"token_life": 0}, {"colour": "red"}, []]
)
def test_a_switch_that_means_nothing_is_refused(api: ApiClient, switches: object) -> None:
    answer = api.client.http.post(f"{api.url}/_control/api/guesses", json=switches)
    assert answer.status_code == 400
    assert answer.json()["error"]
