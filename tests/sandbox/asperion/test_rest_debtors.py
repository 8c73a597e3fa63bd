"""Debtors over the API: made, found, blocked, merged."""

from typing import Any

import pytest

from tests.sandbox.asperion.api_client import ApiClient
from tests.sandbox.asperion.conftest import MovableClock
from tests.sandbox.asperion.samples import debtor, document, order

WHOLE: dict[str, Any] = {
    "customerNumber": "2269322",
    "name": "De Vries Keukens B.V.",
    "attentionTo": "Sanne de Vries",
    "address": "Dorpsstraat 12 A",
    "addressLine2": "achterom",
    "postCode": "1411 AB",
    "city": "Naarden",
    "countryCode": "NL",
    "emailAddress": "Sanne@example.nl",
    "phoneNumber": "0201234567",
    "iban": "NL91ABNA0417164300",
    "cocNumber": "12345678",
    "vatNumber": "NL004495445B01",
    "debtorKindId": "ZAK",
    "paymentConditionId": 2,
    "directDebit": False,
    "comments": "belt terug",
    "noReminder": True,
}


def test_a_debtor_comes_back_whole_and_is_read_back_the_same(api: ApiClient) -> None:
    made = api.call("POST", "debtors", json=WHOLE | {"someNewField": 1})
    assert made.status_code == 201
    given = made.json()
    assert {name: given[name] for name in WHOLE} == WHOLE
    assert (given["blocked"], given["dateAdded"]) == (False, "2014-12-22T05:30:00")
    (read,) = api.items("debtors")
    assert {**read, "_meta": None} == {**given, "_meta": None}
    assert api.read(f"debtors/{given['id']}")["name"] == WHOLE["name"]


def test_a_debtor_without_a_number_gets_the_next_free_one_and_the_usual_kind(
    api: ApiClient,
) -> None:
    first, second = api.add_debtor(), api.add_debtor()
    assert (first["customerNumber"], second["customerNumber"]) == ("1000001", "1000002")
    assert first["debtorKindId"] == "WEB"
    assert first["id"] < second["id"]


def test_a_debtor_that_is_only_checked_is_not_stored(api: ApiClient) -> None:
    answer = api.call("POST", "debtors?validateOnly=true", json=WHOLE)
    assert (answer.status_code, answer.json()["id"], answer.json()["city"]) == (
        200,
        None,
        "Naarden",
    )
    assert api.call("POST", "debtors?validateOnly=true", json={}).status_code == 400
    api.guess(validate_only="empty")
    answer = api.call("POST", "debtors?validateOnly=true", json=WHOLE)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.items("debtors") == []


@pytest.mark.parametrize(
    ("changes", "field", "dutch", "english"),
    [
        ({"name": " "}, "name", "Dit veld is verplicht.", "This field is required."),
        ({"name": 5}, "name", "De waarde is geen tekst.", "The value is not a text."),
        ({"city": "x" * 256}, "city", "langer dan 255 tekens", "more than 255 characters"),
        ({"emailAddress": "geen"}, "emailAddress", "is ongeldig", "is not valid"),
        ({"countryCode": "Nederland"}, "countryCode", "bestaat niet", "does not exist"),
        ({"debtorKindId": "XXX"}, "debtorKindId", "XXX bestaat niet.", "XXX does not exist."),
        ({"paymentConditionId": 99}, "paymentConditionId", "bestaat niet", "does not exist"),
        ({"directDebit": "ja"}, "directDebit", "geen ja of nee", "not true or false"),
    ],
)
def test_a_field_that_is_wrong_is_named_in_two_languages(
    api: ApiClient, changes: dict[str, object], field: str, dutch: str, english: str
) -> None:
    found = api.errors("debtors", WHOLE | changes)
    assert list(found) == [field]
    assert dutch in found[field][0]
    api.language = "en-US"
    assert english in api.errors("debtors", WHOLE | changes)[field][0]


def test_a_number_that_is_taken_is_refused(api: ApiClient) -> None:
    api.add_debtor(customerNumber="7")
    found = api.errors("debtors", {"name": "Piet", "customerNumber": "7"})
    assert found == {"customerNumber": ["Nummer 7 is al in gebruik."]}


def test_several_debtors_may_have_one_address_in_any_capitals(api: ApiClient) -> None:
    one, other = api.add_debtor("jan@example.com"), api.add_debtor("JAN@example.com")
    api.add_debtor("jan@example.com.au")
    found = api.items("debtors", EmailAddress="Jan@Example.com")
    assert [each["id"] for each in found][:2] == [one["id"], other["id"]]
    assert len(found) == 3
    api.guess(text_filter="equals")
    assert len(api.items("debtors", EmailAddress="Jan@Example.com")) == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("CustomerNumber=2269322", 1),
        ("CustomerNumber=226932", 0),
        ("Name=vries", 1),
        ("VatNumber=NL004495445B01", 1),
        ("CocNumber=12345678", 1),
        ("PostCode=1411", 1),
        ("City=Amsterdam", 0),
        ("CountryCode=NL", 1),
        ("Blocked=false", 2),
        ("Blocked=true", 0),
        ("NoReminder=true", 1),
        ("DateAdded_from=2014-12-22&DateAdded_to=2014-12-22", 2),
        ("DateAdded_from=2014-12-23", 0),
    ],
)
def test_debtors_are_found_by_what_the_reference_lists(
    api: ApiClient, query: str, count: int
) -> None:
    api.call("POST", "debtors", json=WHOLE)
    api.add_debtor()
    assert len(api.items(f"debtors?{query}")) == count


def test_a_blocked_debtor_gets_no_invoices_until_that_is_lifted(
    api: ApiClient, clock: MovableClock
) -> None:
    made = api.add_debtor()
    clock.pass_time(minutes=1)
    api.control("POST", f"debtors/{made['id']}", {"blocked": True})
    (shown,) = api.items("debtors", Blocked="true")
    assert shown["dateLastChange"] == "2014-12-22T05:31:00"
    answer = api.call("POST", "salesinvoiceswithlines", json={"debtorCustomerNumber": "1000001"})
    assert answer.json()["errors"]["debtorCustomerNumber"] == ["Debiteur 1000001 is geblokkeerd."]
    api.control("POST", f"debtors/{made['id']}", {"blocked": False})
    assert api.add_invoice()["status"] == 1


def test_a_merged_debtor_is_gone_and_its_invoices_are_the_others(api: ApiClient) -> None:
    one, other = api.add_debtor("a@example.com"), api.add_debtor("b@example.com")
    api.add_invoice(debtorCustomerNumber=one["customerNumber"])
    path = f"debtors/{one['id']}"
    assert api.control("POST", path, {"merge_into": other["id"]}).status_code == 204
    assert api.call("GET", path).status_code == 404
    (invoice,) = api.items("salesinvoices", DebtorId=other["id"])
    assert invoice["debtorCustomerNumber"] == other["customerNumber"]
    assert api.control("POST", path, {"merge_into": other["id"]}).status_code == 404
    same = {"merge_into": other["id"]}
    assert api.control("POST", f"debtors/{other['id']}", same).status_code == 404


def test_an_import_takes_the_oldest_debtor_of_an_address_that_is_not_blocked(
    api: ApiClient,
) -> None:
    for _ in range(3):
        api.add_debtor("jan@example.com")
    api.control("POST", "debtors/1", {"blocked": True})
    api.client.put("a.xml", document(order("ORD1", customer=debtor("jan@example.com"))))
    api.client.synchronise()
    (invoice,) = api.items("salesinvoices")
    assert invoice["debtorCustomerNumber"] == "1000002"


def test_import_and_api_recognise_each_others_debtors(api: ApiClient) -> None:
    made = api.add_debtor("jan@example.com")
    api.client.put("a.xml", document(order("ORD1", customer=debtor("JAN@example.com"))))
    api.client.put("b.xml", document(order("ORD2", customer=debtor("els@example.com", "9", "Els"))))
    api.client.synchronise()
    jan, els = api.items("debtors")
    assert (jan["id"], jan["name"]) == (made["id"], "Jan")
    assert (els["customerNumber"], els["emailAddress"]) == ("9", "els@example.com")
    assert (els["address"], els["city"]) == ("Dorpsstraat", "Naarden")
    assert len(api.items("salesinvoices", DebtorId=made["id"])) == 1


@pytest.mark.parametrize(
    ("content", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("application/json", b"", 400),
        ("application/json", b'{"name": NaN}', 400),
        ("application/json", b"\xff", 400),
        ("application/json", b"[" * 100_000, 400),
        ("text/plain", b"{}", 415),
        ("application/x-www-form-urlencoded", b"name=Jan", 415),
    ],
)
def test_what_is_no_json_object_is_refused(
    api: ApiClient, content: str, body: bytes, status: int
) -> None:
    answer = api.call("POST", "debtors", data=body, headers={"Content-Type": content})
    assert answer.status_code == status
    assert answer.json()["status"] == status
