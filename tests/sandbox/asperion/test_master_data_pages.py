"""What a person changes in the books, by page and by control."""

import pytest

from tests.sandbox.asperion.api_client import ApiClient, make_line
from tests.sandbox.asperion.page_text import text

PATH = "salesinvoiceswithlines"


def test_a_concept_is_changed_on_its_page(api: ApiClient) -> None:
    api.add_invoice(lines={"_data": [make_line(), make_line(amount=5, vatAmount=1.05)]})
    page = api.client.page("/invoices/1/edit")
    assert 'value="10,00"' in page
    assert "Regel 1: Koffiemok" in text(page)
    form = {"description": "Anders", "excl-1": "12,50", "code-1": "2A", "excl-2": "5,00"}
    answer = api.client.post("/invoices/1/edit", data=form | {"code-2": "1"})
    assert "De conceptfactuur is gewijzigd." in text(answer)
    shown = api.read(f"{PATH}/1")
    lines = [
        (each["amount"], each["vatAmount"], each["vatCode"]) for each in shown["lines"]["_data"]
    ]
    assert lines == [(12.5, 0.75, "2A"), (5.0, 1.05, "1")]
    assert (shown["description"], shown["amountInclVat"]) == ("Anders", 19.30)
    assert "Btw per tarief Tarief Excl. btw Btw Incl. btw 21 % € 5,00" in text(answer)


@pytest.mark.parametrize("form", [{"excl-1": "veel"}, {"excl-1": "1,234"}, {"code-1": "99"}])
def test_a_change_that_cannot_be_changes_nothing(api: ApiClient, form: dict[str, str]) -> None:
    made = api.add_invoice()
    answer = api.client.post("/invoices/1/edit", data=form)
    assert "Er is niets gewijzigd" in text(answer)
    assert api.read(f"{PATH}/1") == made


def test_a_final_invoice_is_changed_no_more(api: ApiClient) -> None:
    api.add_invoice()
    api.client.post("/invoices", data={"action": "final", "invoice": [1]})
    assert api.read(f"{PATH}/1")["status"] == 3
    answer = api.client.post("/invoices/1/edit", data={"excl-1": "1,00"})
    assert "Er is niets gewijzigd" in text(answer)
    refused = api.control("POST", "invoices/1", {"description": "Anders"})
    assert (refused.status_code, refused.json()["error"][:22]) == (409, "Een definitieve factuu")
    assert api.control("POST", "invoices/1", {"stage": 1}).status_code == 409
    assert api.control("DELETE", "invoices/1").status_code == 409


def test_a_concept_is_changed_and_deleted_by_control(api: ApiClient) -> None:
    api.add_invoice()
    change = {"description": "Anders", "lines": {"1": {"excl": "8.00", "vat": "1.70"}}}
    changed = api.control("POST", "invoices/1", change).json()
    assert (changed["description"], changed["incl"]) == ("Anders", "9.70")
    assert api.control("POST", "invoices/1", {"lines": {"9": {}}}).status_code == 409
    assert api.control("POST", "invoices/1", {"stage": 5}).status_code == 409
    assert api.control("DELETE", "invoices/1").status_code == 204
    assert api.control("DELETE", "invoices/1").status_code == 404
    assert api.items(PATH) == []


def test_a_debtor_is_blocked_and_merged_on_its_page(api: ApiClient) -> None:
    api.add_debtor("a@example.com", name="Anna")
    api.add_debtor("b@example.com", name="Bert")
    assert "Geblokkeerd" in text(api.client.post("/debtors/1/block"))
    assert "Anna Geblokkeerd" in text(api.client.page("/debtors"))
    assert "Geblokkeerd" not in text(api.client.post("/debtors/1/block"))
    answer = api.client.post("/debtors/1/merge", data={"into": "2"})
    assert "De debiteuren zijn samengevoegd." in text(answer)
    assert [each["number"] for each in api.control("GET", "debtors").json()] == ["1000002"]


def test_lists_are_changed_on_their_page(api: ApiClient) -> None:
    page = api.client.page("/lists")
    assert f"Nummer {api.administration}" in text(page)
    api.client.post("/lists/codes/1", data={"last": "2014-12-31"})
    api.client.post("/lists/accounts/8000")
    accounts = {each["id"]: each["disabled"] for each in api.items("ledgeraccounts")}
    assert accounts[8000]
    assert api.items("vatcodes", Id="1")[0]["validUntil"] == "2014-12-31T00:00:00"
    api.client.post("/lists/codes/1", data={"last": ""})
    api.client.post("/lists/accounts/8000")
    assert api.add_invoice()["status"] == 1
    assert "Gesloten" in text(api.client.post("/lists/closing"))
    assert api.call("GET", "journals").status_code == 403
    api.client.post("/lists/closing")
    assert api.call("GET", "journals").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/debtors/9"),
        ("POST", "/debtors/9/block"),
        ("POST", "/lists/codes/99"),
        ("POST", "/lists/accounts/1"),
        ("GET", "/invoices/9/edit"),
    ],
)
def test_what_is_not_there_cannot_be_changed(api: ApiClient, method: str, path: str) -> None:
    answer = api.client.http.request(method, f"{api.url}/{api.client.licence}{path}")
    assert answer.status_code == 404


def test_a_licence_code_makes_an_administration_of_the_demo_user(api: ApiClient) -> None:
    issued = api.client.http.post(f"{api.url}/_control/api/tokens", json={}).json()
    api.access = issued["access_token"]
    found = {each["id"]: each["name"] for each in api.items("administrations", pageSize=500)}
    assert found[api.administration] == f"Voorbeeldwinkel {api.administration}"
