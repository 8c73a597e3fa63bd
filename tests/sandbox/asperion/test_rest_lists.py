"""Lists of the API: envelopes, pages, order, filters; and who may read which."""

import pytest

from sandbox.asperion.code_table import CodeTable
from tests.sandbox.asperion.api_client import ApiClient, make_line
from tests.sandbox.asperion.samples import document, order

PATH = "salesinvoiceswithlines"


def descriptions(found: list[dict[str, str]]) -> list[str]:
    return [each["description"] for each in found]


def test_an_envelope_says_whose_list_it_is_and_where_more_is(api: ApiClient) -> None:
    first = api.read("ledgeraccounts", pageSize=7)
    meta = first["_meta"]
    assert (meta["administrationId"], meta["profileName"]) == (api.administration, api.user)
    assert meta["administrationName"] == f"Voorbeeldwinkel {api.administration}"
    assert (len(first["_data"]), meta["totalCount"], meta["pageCount"]) == (7, 17, 3)
    assert meta["previousPage"] is None
    assert first["_data"][0]["_meta"]["self"].endswith("/v1/ledgeraccounts/1100")
    assert meta["self"].endswith("/v1/ledgeraccounts?pageSize=7")


def test_next_pages_lead_through_the_whole_list_and_back(api: ApiClient) -> None:
    found, page = [], api.read("ledgeraccounts", pageSize=7, orderBy="-id")
    while True:
        found += [account["id"] for account in page["_data"]]
        if not page["_meta"]["nextPage"]:
            break
        page = api.read(page["_meta"]["nextPage"].partition("/v1/")[2])
    assert len(found) == 17
    assert found == sorted(found, reverse=True)
    assert "page=2" in page["_meta"]["previousPage"]


def test_a_page_beyond_the_last_is_empty(api: ApiClient) -> None:
    page = api.read("journals", page=9)
    assert (page["_data"], page["_meta"]["nextPage"], page["_meta"]["totalCount"]) == ([], None, 5)


def test_a_page_has_the_usual_size_and_a_largest_one(api: ApiClient) -> None:
    api.guess(page_size=2, largest_page=3)
    assert len(api.items("journals")) == 2
    assert len(api.items("journals", pageSize=500)) == 3


@pytest.mark.parametrize("query", ["page=0", "page=x", "pageSize=0", "pageSize=-1", "orderBy=x"])
def test_a_page_that_cannot_be_is_refused(api: ApiClient, query: str) -> None:
    answer = api.call("GET", f"journals?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [query.partition("=")[0]]


def test_a_list_may_show_chosen_fields_or_its_counts_only(api: ApiClient) -> None:
    shown = api.items("journals", fields="id,Type")[0]
    assert set(shown) == {"id", "type", "_meta"}
    page = api.read("journals", metaOnly="true")
    assert (page["_data"], page["_meta"]["totalCount"]) == ([], 5)


def test_order_is_by_fields_one_after_another(api: ApiClient) -> None:
    found = api.items("ledgeraccounts", orderBy="type desc, id desc")
    assert [account["id"] for account in found][-3:] == [1500, 1300, 1100]
    assert found[0]["id"] == 8060


def test_an_administration_has_the_lists_that_a_proposal_is_made_of(api: ApiClient) -> None:
    codes = {code["id"]: code for code in api.items("vatcodes", pageSize=500)}
    assert len(codes) == len(CodeTable().codes())
    high = codes["1"]
    assert (high["percentage"], high["salesCode"], high["isDefault"]) == (21.0, True, True)
    assert (high["validFrom"], high["validUntil"]) == ("2012-10-01T00:00:00", None)
    assert codes["2A"]["validUntil"] == "2018-12-31T00:00:00"
    assert (codes["ODE19"]["countryCode"], codes["ODE19"]["percentage"]) == ("DE", 19.0)
    assert codes["5"]["countryCode"] is None
    assert not codes["I1"]["salesCode"]
    assert {each["type"] for each in api.items("journals")} >= {"Sales", "Purchase"}
    accounts = {each["id"]: each for each in api.items("ledgeraccounts")}
    assert accounts[8005]["disabled"]
    assert accounts[8010]["vatCode"] == "2"
    assert "IDEAL" in descriptions(api.items("paymentconditions"))


def test_each_object_is_at_the_address_of_itself(api: ApiClient) -> None:
    api.add_invoice()
    for path in ("vatcodes", "journals", "ledgeraccounts", "paymentconditions", "debtors", PATH):
        shown = api.items(path, pageSize=1)[0]
        itself = api.read(shown["_meta"]["self"].partition("/v1/")[2])
        assert itself | {"_meta": None} == shown | {"_meta": None}


def test_kinds_of_debtors_are_listed_where_that_is_switched_on(api: ApiClient) -> None:
    assert api.call("GET", "debtorkinds").status_code == 404
    api.guess(debtor_kinds="on")
    assert "Webwinkelklanten" in descriptions(api.items("debtorkinds"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Description=ord", ["ORD1", "ORD10", "ORD2"]),
        ("Description=ORD1", ["ORD1", "ORD10"]),
        ("description=ord1", ["ORD1", "ORD10"]),
        ("Date=2014-12-20", ["ORD2"]),
        ("Date=2014-12-20T00:00:00", ["ORD2"]),
        ("Bookyear=2014&Bookperiod=12", ["ORD1", "ORD10", "ORD2"]),
        ("AmountInclVat=24.2", ["ORD10"]),
        ("AmountExclVat=20&VatAmount=4.20", ["ORD10"]),
        ("Status=1", ["ORD1", "ORD10", "ORD2"]),
        ("Status=3", []),
        ("JournalId=VRK", ["ORD2"]),
        ("PaymentConditionId=4", ["ORD2"]),
        ("Id=999", []),
        ("Unknown=1", ["ORD1", "ORD10", "ORD2"]),
    ],
)
def test_invoices_are_found_by_what_the_reference_lists(
    api: ApiClient, query: str, found: list[str]
) -> None:
    api.add_invoice(description="ORD1")
    api.add_invoice(description="ORD10", lines={"_data": [make_line(amount=20, vatAmount=4.2)]})
    api.add_invoice(description="ORD2", date="2014-12-20", journalId="VRK", paymentConditionId=4)
    for path in ("salesinvoices", "salesinvoiceswithlines"):
        assert descriptions(api.items(f"{path}?{query}")) == found


def test_invoices_are_found_by_debtor(api: ApiClient) -> None:
    one, other = api.add_debtor("a@example.com"), api.add_debtor("b@example.com")
    for number in (one["customerNumber"], other["customerNumber"]):
        api.add_invoice(debtorCustomerNumber=number, description=number)
    by_id = api.items("salesinvoices", DebtorId=other["id"])
    assert descriptions(by_id) == [other["customerNumber"]]
    assert by_id == api.items("salesinvoices", DebtorCustomerNumber=other["customerNumber"])


def test_how_descriptions_are_compared_can_be_switched(api: ApiClient) -> None:
    for text in ("ORD1", "ORD10"):
        api.add_invoice(description=text)
    api.guess(description_filter="equals")
    assert descriptions(api.items("salesinvoices", Description="ord1")) == ["ORD1"]


@pytest.mark.parametrize(
    ("comparison", "wanted", "is_found"),
    [
        (None, "40000", True),
        ("Contains", "40000", True),
        ("Equals", "40000", False),
        ("Equals", "201400001", True),
        ("NotEquals", "201400001", False),
        ("StartsWith", "2014", True),
        ("EndsWith", "2014", False),
        ("EndsWith", "0001", True),
    ],
)
def test_invoice_numbers_are_compared_as_asked(
    api: ApiClient, comparison: str | None, wanted: str, *, is_found: bool
) -> None:
    made = api.add_invoice()
    api.control("POST", f"invoices/{made['id']}", {"stage": 3})
    more = {"InvoiceNumber_comparison": comparison} if comparison else {}
    assert bool(api.items("salesinvoices", InvoiceNumber=wanted, **more)) is is_found


@pytest.mark.parametrize(
    "query",
    ["Date=gisteren", "Status=x", "AmountInclVat=sNaN", "Id=1.5", "InvoiceNumber_comparison=Like"],
)
def test_a_filter_that_means_nothing_is_refused(api: ApiClient, query: str) -> None:
    answer = api.call("GET", f"salesinvoices?InvoiceNumber=1&{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["errors"]


def test_imported_invoices_are_in_the_same_list(api: ApiClient) -> None:
    api.client.put("a.xml", document(order("ORD1")))
    api.client.synchronise()
    api.add_invoice(description="Bestelling ORD2")
    found = api.items("salesinvoiceswithlines")
    assert descriptions(found) == ["Bestelling ORD1", "Bestelling ORD2"]
    assert [i["lines"]["_data"][0]["vatCode"] for i in found] == ["1", "1"]
    assert {i["journalId"] for i in found} == {"VWW"}


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
