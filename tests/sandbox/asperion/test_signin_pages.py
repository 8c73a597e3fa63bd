"""Letting an application in: the way of a browser from the request to the answer."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.asperion.users import Application
from tests.sandbox.asperion.api_client import (
    CALLBACK,
    CHALLENGE,
    CLIENT_ID,
    VERIFIER,
    ApiClient,
)
from tests.sandbox.asperion.page_text import text

ASKED = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "redirect_uri": CALLBACK,
    "scope": "*",
    "state": "S",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def ask(api: ApiClient, **changes: str | None) -> requests.Response:
    query = {name: value for name, value in (ASKED | changes).items() if value is not None}
    address = f"{api.url}/connect/authorize"
    return api.client.http.get(address, params=query, allow_redirects=False)


def read_answer(answer: requests.Response) -> dict[str, str]:
    """What the browser takes back to the application, by name."""
    assert answer.status_code in (302, 303)
    address = answer.headers["Location"]
    assert address.startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def sign_in(api: ApiClient, **changes: str | None) -> requests.Response:
    """Go to the page of consent, as the client's user."""
    login = f"{api.url}{ask(api, **changes).headers['Location']}"
    return api.client.http.post(login, data={"user": api.user, "password": "geheim"})


def allow(api: ApiClient, **changes: str | None) -> dict[str, str]:
    consent = sign_in(api, **changes)
    answer = api.client.http.post(consent.url, data={"decision": "allow"}, allow_redirects=False)
    return read_answer(answer)


def test_a_user_signs_in_allows_and_the_application_gets_a_code_for_tokens(api: ApiClient) -> None:
    consent = sign_in(api)
    assert "SEOshop – Asperion koppeling vraagt toegang" in text(consent.text)
    assert f"U bent ingelogd als {api.user}" in text(consent.text)
    found = allow(api)
    assert found["state"] == "S"
    answer = api.ask_tokens(
        grant_type="authorization_code",
        code=found["code"],
        redirect_uri=CALLBACK,
        code_verifier=VERIFIER,
    )
    given = answer.json()
    assert (answer.status_code, given["token_type"], given["expires_in"]) == (200, "Bearer", 3600)
    assert answer.headers["Cache-Control"] == "no-store"
    api.access = given["access_token"]
    assert [each["id"] for each in api.items("administrations")] == [api.administration]


def test_a_user_who_refuses_sends_an_error_back(api: ApiClient) -> None:
    consent = sign_in(api)
    answer = api.client.http.post(consent.url, data={"decision": "refuse"}, allow_redirects=False)
    assert read_answer(answer) == {"error": "access_denied", "state": "S"}


def test_the_page_to_sign_in_names_the_users_and_refuses_another_password(api: ApiClient) -> None:
    login = f"{api.url}{ask(api).headers['Location']}"
    page = api.client.http.get(login)
    assert "demo wachtwoord demo" in text(page.text)
    answer = api.client.http.post(login, data={"user": api.user, "password": "demo"})
    assert answer.status_code == 401
    assert "De gebruikersnaam of het wachtwoord klopt niet." in text(answer.text)


def test_consent_cannot_be_given_before_signing_in_nor_twice(api: ApiClient) -> None:
    key = urlsplit(ask(api).headers["Location"]).query
    consent = f"{api.url}/connect/consent?{key}"
    assert api.client.http.get(consent).status_code == 400
    assert api.client.http.post(consent, data={"decision": "allow"}).status_code == 400
    consent = sign_in(api).url
    decision = {"decision": "allow"}
    api.client.http.post(consent, data=decision, allow_redirects=False)
    again = api.client.http.post(consent, data=decision, allow_redirects=False)
    assert again.status_code == 400
    assert "al beantwoord" in text(again.text)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"redirect_uri": "http://127.0.0.1:80@elsewhere.example/callback"},
        {"redirect_uri": "http://127.0.0.1:9/callback#fragment"},
        {"redirect_uri": "http://127.0.0.1.elsewhere.example/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://[127.0.0.1:9/"},
    ],
)
def test_no_browser_is_sent_to_an_address_that_is_not_the_applications(
    api: ApiClient, changes: dict[str, str | None]
) -> None:
    answer = ask(api, **changes)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "Inloggen lukt niet" in text(answer.text)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "kort"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
    ],
)
def test_a_request_that_oauth_refuses_is_refused_to_its_address(
    api: ApiClient, changes: dict[str, str | None], error: str
) -> None:
    found = read_answer(ask(api, **changes))
    assert (found["error"], found["state"]) == (error, "S")
    assert "code" not in found


def test_whether_a_challenge_is_demanded_can_be_switched(api: ApiClient) -> None:
    without: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}
    api.guess(pkce="optional")
    assert "code" in allow(api, **without)
    assert read_answer(ask(api, code_challenge_method="plain"))["error"] == "invalid_request"
    api.guess(pkce="ignored")
    code = allow(api, code_challenge_method="plain")["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert api.ask_tokens(**form).status_code == 200


def test_an_address_or_a_prefix_can_be_registered_for_the_application() -> None:
    prefix = ["https://shop.example/app/"]
    known = Application("a", "b", redirect_uris=["https://one.example/x"], redirect_prefixes=prefix)
    assert known.may_return_to("https://one.example/x")
    assert not known.may_return_to("https://one.example/x/y")
    assert known.may_return_to("https://shop.example/app/callback")
    assert not known.may_return_to("https://shop.example/apparition")


def test_a_user_takes_consent_back_on_the_page_of_linked_applications(api: ApiClient) -> None:
    page = api.client.page("/apps")
    (own,) = (item for item in page.split("<li>") if f"Toegestaan door {api.user} op" in item)
    path = own.split('action="')[1].split('"')[0]
    answer = api.client.http.post(f"{api.url}{path}")
    assert "De toegang is ingetrokken." in text(answer.text)
    assert api.call("GET", "debtors").status_code == 401
    refused = api.renew()
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
