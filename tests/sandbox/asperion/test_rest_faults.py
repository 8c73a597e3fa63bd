"""Faults of the API: what goes wrong on the way can be made to go wrong, on one kind of call."""

from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox.asperion import Config, serve
from tests.sandbox.asperion.api_client import ApiClient, make_invoice
from tests.sandbox.asperion.conftest import MovableClock
from tools.played_day import until

PATH = "salesinvoiceswithlines"


def post(api: ApiClient, **headers: str) -> requests.Response:
    """Post an invoice of the first debtor, who is there before any fault is."""
    return api.call(
        "POST", PATH, json=make_invoice(debtorCustomerNumber="1000001"), headers=headers
    )


@pytest.fixture
def books(api: ApiClient) -> ApiClient:
    api.add_debtor()
    return api


def count(api: ApiClient) -> int:
    return len(api.client.read("invoices"))


@pytest.mark.parametrize(("kind", "stored"), [("lost-before", 0), ("lost-after", 1)])
def test_a_lost_answer_breaks_the_connection(books: ApiClient, kind: str, stored: int) -> None:
    books.fault(kind, method="POST", path=PATH)
    with pytest.raises(requests.ConnectionError):
        post(books)
    assert count(books) == stored
    assert post(books).status_code == 201


def test_an_invoice_may_be_stored_twice_and_answered_once(books: ApiClient) -> None:
    books.fault("twice")
    assert books.items("debtors")
    assert post(books).json()["id"] == 2
    assert count(books) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 502, 503, 504])
def test_a_status_stores_nothing(books: ApiClient, status: int) -> None:
    books.fault("status", status=status, count=2)
    for _ in range(2):
        answer = post(books)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert "Retry-After" not in answer.headers
    assert count(books) == 0
    assert post(books).status_code == 201


def test_a_status_may_come_after_storing(books: ApiClient) -> None:
    books.fault("status-after", status=502, text="gateway")
    answer = post(books)
    assert (answer.status_code, answer.json()["title"], count(books)) == (502, "gateway", 1)


@pytest.mark.parametrize("given", ["7", "soon", "-1", ""])
def test_a_busy_api_says_when_to_come_back(books: ApiClient, given: str) -> None:
    books.fault("status", status=429, retry_after=given)
    answer = post(books)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, given)
    assert answer.json()["title"] == "Te veel aanvragen."


def test_a_busy_api_may_say_it_as_a_date(books: ApiClient) -> None:
    books.fault("status", status=429, retry_after="date:60")
    answer = post(books)
    assert parsedate_to_datetime(answer.headers["Retry-After"]).tzinfo is not None


def test_a_token_may_end_in_the_middle_until_it_is_refreshed(books: ApiClient) -> None:
    books.fault("token-ends", path=PATH)
    assert books.call("GET", "debtors").status_code == 200
    for _ in range(2):
        assert post(books).status_code == 401
    assert books.call("GET", "debtors").status_code == 401
    books.access = books.renew().json()["access_token"]
    assert post(books).status_code == 201


def test_access_tokens_can_be_ended_and_consent_taken_back(books: ApiClient) -> None:
    control = f"{books.url}/_control/api"
    ended = books.client.http.post(f"{control}/tokens/expire", json={"user": books.user})
    assert ended.json() == {"ended": 1}
    assert post(books).status_code == 401
    books.access = books.renew().json()["access_token"]
    revoked = books.client.http.delete(f"{control}/grants", params={"user": books.user})
    assert revoked.json() == {"ended": 1}
    assert post(books).status_code == 401


@pytest.mark.parametrize(
    ("kind", "is_stored"), [("malformed", 1), ("empty", 1), ("html", 0), ("redirect", 0)]
)
def test_an_answer_may_be_no_json(books: ApiClient, kind: str, is_stored: int) -> None:
    books.fault(kind)
    answer = books.client.http.post(
        f"{books.url}/v1/{PATH}",
        json=make_invoice(debtorCustomerNumber="1000001"),
        headers={"Authorization": f"Bearer {books.access}"},
        allow_redirects=False,
    )
    assert answer.status_code in (200, 201, 302)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert count(books) == is_stored


def test_an_answer_may_break_off_within_its_body(books: ApiClient) -> None:
    books.fault("cut-off")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        post(books)
    assert count(books) == 1


def test_an_answer_may_be_json_of_another_kind(books: ApiClient) -> None:
    books.fault("wrong-type")
    assert post(books).json() == ["?"]


def test_fields_that_nobody_knows_may_be_refused_in_either_language(books: ApiClient) -> None:
    for language, text in (("nl-NL", "Dit veld is onbekend."), ("en-US", "This field is unknown.")):
        books.language = language
        books.fault("refused-fields", fields=["lines[0].someNewField", ""])
        answer = post(books)
        assert answer.status_code == 400
        assert answer.json()["errors"] == {"lines[0].someNewField": [text], "": [text]}
    books.fault("refused-fields", fields=["date"], text="geheime tekst")
    assert post(books).json()["errors"] == {"date": ["geheime tekst"]}
    assert count(books) == 0


def test_a_page_may_be_short_a_list_may_miss_one_or_repeat_one(books: ApiClient) -> None:
    for number in range(4):
        books.add_invoice(description=f"ORD{number}")
    whole = [each["id"] for each in books.items(PATH)]
    shown = {}
    for kind in ("short-page", "missing-item", "repeated-item"):
        books.fault(kind, path=PATH)
        page = books.read(PATH)
        shown[kind] = ([each["id"] for each in page["_data"]], page["_meta"]["totalCount"])
    assert shown == {
        "short-page": (whole[:2], 4),
        "missing-item": (whole[1:], 3),
        "repeated-item": ([whole[0], *whole], 4),
    }
    assert [each["id"] for each in books.items(PATH)] == whole


def test_a_list_may_lag_behind(books: ApiClient, clock: MovableClock) -> None:
    books.add_invoice()
    clock.pass_time(minutes=1)
    books.add_invoice(description="vers")
    books.fault("lagging", path=PATH, seconds=60, count=2)
    for _ in range(2):
        assert [each["id"] for each in books.items(PATH)] == [1]
    assert len(books.items(PATH)) == 2


def test_a_list_may_have_no_end(books: ApiClient) -> None:
    books.fault("endless-pages", count=-1)
    meta = books.read("debtors", page=5)["_meta"]
    assert "page=6" in meta["nextPage"]


def test_a_fault_of_lists_waits_for_a_list(books: ApiClient) -> None:
    books.fault("short-page")
    assert post(books).status_code == 201
    assert books.items(PATH) == []


def test_a_fault_is_for_a_method_a_path_a_licence_and_a_count(books: ApiClient) -> None:
    books.fault("status", status=503, method="post", path=f"/v1/{PATH}", count=2)
    assert books.call("GET", PATH).status_code == 200
    assert books.call("POST", "debtors", json={"name": "Els"}).status_code == 201
    assert [post(books).status_code for _ in range(3)] == [503, 503, 201]
    books.fault("status", status=503, licence="another")
    assert post(books).status_code == 201


def test_a_fault_of_a_path_hits_what_is_under_it_and_no_longer_word(books: ApiClient) -> None:
    books.fault("status", path="salesinvoices", count=-1)
    assert books.call("GET", "salesinvoices/1").status_code == 500
    assert books.call("GET", PATH).status_code == 200


def test_a_fault_without_a_path_leaves_the_token_endpoint_alone(books: ApiClient) -> None:
    books.fault("status", licence=None, count=-1)
    assert books.renew().status_code == 200


@pytest.mark.parametrize(("rotation", "error"), [("rotates", "invalid_grant"), ("keeps", None)])
def test_the_answer_to_a_refresh_may_be_lost(
    books: ApiClient, rotation: str, error: str | None
) -> None:
    books.guess(rotation=rotation)
    books.fault("lost-before", path="connect/token")
    with pytest.raises(requests.ConnectionError):
        books.renew()
    books.fault("lost-after", path="connect/token")
    with pytest.raises(requests.ConnectionError):
        books.renew()
    assert books.renew().json().get("error") == error


@pytest.mark.parametrize("kind", ["status", "html", "malformed"])
def test_the_token_endpoint_may_answer_nonsense(books: ApiClient, kind: str) -> None:
    books.fault(kind, path="connect/token", status=503)
    answer = books.renew()
    assert (answer.status_code == 503) is (kind == "status")
    assert b"access_token" not in answer.content or kind == "malformed"


def test_faults_can_be_listed_and_switched_off(books: ApiClient) -> None:
    books.fault("slow", seconds=3600, count=5)
    address = f"{books.url}/_control/api/faults"
    (shown,) = books.client.http.get(address).json()
    assert (shown["kind"], shown["count"], shown["licence"]) == ("slow", 5, books.client.licence)
    assert books.client.http.delete(address).status_code == 204
    assert post(books).status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"kind": "fire"},
        {"kind": "slow", "often": 3},
        {"kind": "slow", "count": 0},
        {"kind": "slow", "seconds": -1},
        {"kind": "status", "status": 99},
        {"kind": "status", "status": "500"},
    ],
)
def test_a_fault_that_means_nothing_is_refused(books: ApiClient, data: object) -> None:
    answer = books.client.http.post(f"{books.url}/_control/api/faults", json=data)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_slow_api_stores_what_the_connector_gave_up_on_and_stops_at_once() -> None:
    with serve(Config(port=0)) as asperion:
        control = f"{asperion.url}/_control"
        requests.get(f"{control}/L/invoices", timeout=60)
        token = requests.post(f"{control}/api/tokens", json={}, timeout=60).json()["access_token"]
        slow = {"kind": "slow", "seconds": 3600}
        requests.post(f"{control}/api/faults", json=slow, timeout=60)
        header = {"Authorization": f"Bearer {token}"}
        with pytest.raises(requests.ReadTimeout):
            requests.post(
                f"{asperion.url}/v1/debtors",
                json={"name": "Jan"},
                headers=header,
                timeout=(60, 0.2),
            )
        faults = f"{control}/api/faults"
        until(lambda: requests.get(faults, timeout=60).json() == [], what="the debtor to arrive")
        store = asperion.store
    assert [each.number for each in store.administration("L").books.debtors.all()] == ["1000001"]
