"""Who may read which administration, and what is said where nothing is."""

import pytest

from tests.sandbox.asperion.api_client import ApiClient


def test_a_user_has_several_administrations_and_the_first_is_the_default(api: ApiClient) -> None:
    other = f"{api.client.licence}-other"
    users = f"{api.url}/_control/api/users"
    own = {"name": api.user, "licences": [other, api.client.licence]}
    api.client.http.post(users, json=own)
    first, second = (each["id"] for each in api.items("administrations"))
    assert second == api.administration
    bare = {"Authorization": f"Bearer {api.access}"}
    journals = f"{api.url}/v1/journals"
    got = api.client.http.get(journals, headers=bare).json()
    assert got["_meta"]["administrationId"] == first
    bare["X-TenantId"] = str(second)
    got = api.client.http.get(journals, headers=bare).json()
    assert got["_meta"]["administrationId"] == second


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "1e3", "99999999999"])
def test_an_administration_that_is_no_number_is_refused(api: ApiClient, given: str) -> None:
    assert api.call("GET", "journals", headers={"X-Tenant-Id": given}).status_code == 400


def test_an_administration_of_others_is_refused_and_one_can_be_taken_away(api: ApiClient) -> None:
    stranger = api.client.asperion.store.administration(f"{api.client.licence}-stranger")
    header = {"X-Tenant-Id": str(stranger.id)}
    assert api.call("GET", "journals", headers=header).status_code == 403
    api.guess(foreign_administration="404")
    assert api.call("GET", "journals", headers=header).status_code == 404
    users = f"{api.url}/_control/api/users"
    api.client.http.post(users, json={"name": api.user, "licences": []})
    assert api.call("GET", "journals").status_code == 404
    assert api.items("administrations") == []


def test_a_closed_administration_answers_403_in_the_language_asked_for(api: ApiClient) -> None:
    api.change_administration(is_closed=True)
    answer = api.call("GET", "journals")
    assert (answer.status_code, answer.json()["title"]) == (403, "Deze administratie is gesloten.")
    api.language = "en-US"
    assert api.call("POST", "debtors", json={}).json()["detail"] == "This administration is closed."
    assert len(api.items("administrations")) == 1


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer another"])
def test_without_a_token_nothing_is_shown(api: ApiClient, header: str) -> None:
    answer = api.call("GET", "administrations", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["status"]) == (401, 401)
    assert answer.json()["traceId"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nonsense", 404),
        ("POST", "journals", 405),
        ("PUT", "salesinvoiceswithlines/1", 405),
        ("GET", "salesinvoiceswithlines/999", 404),
        ("GET", "debtors/999", 404),
        ("GET", "vatcodes/99", 404),
        ("GET", "import", 404),
    ],
)
def test_what_is_not_there_is_said_as_the_api_does(
    api: ApiClient, method: str, path: str, status: int
) -> None:
    answer = api.call(method, path, json={})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert set(answer.json()) == {"title", "status", "detail", "traceId"}
