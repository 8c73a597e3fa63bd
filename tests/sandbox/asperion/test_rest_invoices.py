"""Sales invoices over the API: posted as concepts, checked, shown, deleted."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.asperion.api_client import ApiClient, make_invoice, make_line

PATH = "salesinvoiceswithlines"


def post(api: ApiClient, *lines: dict[str, object], **more: Any) -> dict[str, list[str]]:
    """The errors of an invoice of a known debtor."""
    known = api.items("debtors") or [api.add_debtor()]
    number = {"debtorCustomerNumber": known[0]["customerNumber"]}
    return api.errors(PATH, make_invoice(*lines, **number | more))


def test_an_invoice_is_a_concept_that_comes_back_whole(api: ApiClient) -> None:
    made = api.add_invoice(paymentConditionId=4)
    assert made == {
        "id": 1,
        "date": "2014-12-21T00:00:00",
        "bookyear": 2014,
        "bookperiod": 12,
        "debtorCustomerNumber": "1000001",
        "description": "Bestelling ORD000038",
        "invoiceNumber": None,
        "journalId": "VWW",
        "paymentConditionId": 4,
        "paymentDueDate": "2014-12-21T00:00:00",
        "amountExclVat": 10.00,
        "amountInclVat": 12.10,
        "vatAmount": 2.10,
        "status": 1,
        "lines": {
            "_data": [
                {
                    "id": 1001,
                    "amount": 10.00,
                    "vatAmount": 2.10,
                    "vatCode": "1",
                    "ledgerAccountId": 8000,
                    "costCenterId": None,
                    "costUnitId": None,
                    "description": "Koffiemok",
                }
            ],
            "_meta": {"totalCount": 1},
        },
        "_meta": {"self": f"{api.url}/v1/{PATH}/1"},
    }
    assert api.read(f"{PATH}/1") == made
    (head,) = api.items("salesinvoices")
    assert "lines" not in head


def test_amounts_are_exact_to_the_cent_in_and_out(api: ApiClient) -> None:
    lines = [make_line(amount=0.1, vatAmount=0.2), make_line(amount=0.2, vatAmount=0.1)]
    answer = api.call(
        "POST",
        PATH,
        json=make_invoice(*lines, debtorCustomerNumber=api.add_debtor()["customerNumber"]),
    )
    assert '"amountExclVat":0.30,"amountInclVat":0.60,"vatAmount":0.30' in answer.text
    big = api.add_invoice(lines={"_data": [make_line(amount=99999999.99, vatAmount=0)]})
    assert Decimal(str(big["amountExclVat"])) == Decimal("99999999.99")


def test_the_vat_of_a_line_that_gives_none_follows_its_code(api: ApiClient) -> None:
    bare = make_line(amount=-50.77)
    del bare["vatAmount"]
    made = api.add_invoice(lines={"_data": [bare]})
    assert (made["vatAmount"], made["amountInclVat"]) == (-10.66, -61.43)


def test_the_same_invoice_twice_makes_two(api: ApiClient) -> None:
    assert (api.add_invoice()["id"], api.add_invoice()["id"]) == (1, 2)
    assert api.client.read("duplicates")["surplus"] == 1


def test_an_invoice_that_is_only_checked_is_not_stored(api: ApiClient) -> None:
    number = api.add_debtor()["customerNumber"]
    asked = f"{PATH}?validateOnly=true"
    answer = api.call("POST", asked, json=make_invoice(debtorCustomerNumber=number))
    assert (answer.status_code, answer.json()["id"]) == (200, None)
    assert answer.json()["amountInclVat"] == 12.10
    wrong = api.call(
        "POST", asked, json=make_invoice(make_line(vatCode="99"), debtorCustomerNumber=number)
    )
    assert wrong.json()["errors"] == {"lines[0].vatCode": ["99 bestaat niet."]}
    assert api.items(PATH) == []
    assert api.add_invoice()["id"] == 1


def test_all_that_is_missing_is_named_at_once(api: ApiClient) -> None:
    assert api.errors(PATH, {}) == {
        name: ["Dit veld is verplicht."]
        for name in ("debtorCustomerNumber", "date", "journalId", "lines")
    }
    api.language = "en-US"
    found = api.errors(PATH, {"lines": {"_data": [{}, make_line(vatCode=None)]}})
    assert set(found) == {
        *("debtorCustomerNumber", "date", "journalId"),
        *("lines[0].amount", "lines[0].vatCode", "lines[0].ledgerAccountId", "lines[1].vatCode"),
    }
    assert found["lines[1].vatCode"] == ["This field is required."]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "10.00"}, {"amount": "De waarde is geen getal."}),
        ({"amount": True}, {"amount": "De waarde is geen getal."}),
        ({"amount": 10.001}, {"amount": "Een bedrag heeft hooguit twee decimalen."}),
        ({"vatAmount": 2.105}, {"vatAmount": "Een bedrag heeft hooguit twee decimalen."}),
        ({"amount": 1e12}, {"amount": "De waarde is te groot of te klein."}),
        ({"vatCode": 1}, {"vatCode": "De waarde is geen tekst."}),
        ({"vatCode": "99"}, {"vatCode": "99 bestaat niet."}),
        ({"vatCode": "I1"}, {"vatCode": "BTW-code I1 is niet voor verkopen."}),
        ({"vatCode": "2"}, {"vatCode": "BTW-code 2 is op 21-12-2014 niet geldig."}),
        ({"vatCode": "ODE19"}, {"vatCode": "BTW-code ODE19 is op 21-12-2014 niet geldig."}),
        ({"ledgerAccountId": 1}, {"ledgerAccountId": "1 bestaat niet."}),
        ({"ledgerAccountId": 8005}, {"ledgerAccountId": "Grootboekrekening 8005 is geblokkeerd."}),
        (
            {"ledgerAccountId": 1300},
            {"ledgerAccountId": "Op grootboekrekening 1300 kan niet worden geboekt."},
        ),
        ({"ledgerAccountId": "8000"}, {"ledgerAccountId": "De waarde is geen heel getal."}),
        ({"description": 5}, {"description": "De waarde is geen tekst."}),
        ({"costCenterId": 1.5}, {"costCenterId": "De waarde is geen heel getal."}),
    ],
)
def test_a_line_that_is_wrong_is_named_by_its_place(
    api: ApiClient, changes: dict[str, object], said: dict[str, str]
) -> None:
    expected = {f"lines[1].{field}": [text] for field, text in said.items()}
    assert post(api, make_line(), make_line(**changes)) == expected
    assert api.items(PATH) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": "gisteren"}, "De waarde is geen datum."),
        ({"date": "2014-02-30"}, "De waarde is geen datum."),
        ({"date": 20141221}, "De waarde is geen datum."),
        ({"debtorCustomerNumber": "999"}, "Debiteur 999 bestaat niet."),
        ({"journalId": "XXX"}, "XXX bestaat niet."),
        ({"journalId": "INK"}, "Dagboek INK is geen verkoopboek."),
        ({"paymentConditionId": 99}, "99 bestaat niet."),
        ({"description": "x" * 256}, "De tekst is langer dan 255 tekens."),
        ({"lines": []}, "De regels staan niet in een lijst _data."),
        ({"lines": {"_data": [1]}}, "De regels staan niet in een lijst _data."),
        ({"lines": {"_data": []}}, "Een factuur heeft minstens één regel."),
        ({"bookyear": "2014"}, "De waarde is geen heel getal."),
    ],
)
def test_a_head_that_is_wrong_is_named_by_field(
    api: ApiClient, changes: dict[str, object], said: str
) -> None:
    assert post(api, **changes) == {next(iter(changes)): [said]}


@pytest.mark.parametrize("day", ["2014-12-21", "2014-12-21T10:00:00", "2014-12-21T00:00:00+01:00"])
def test_a_date_may_be_written_in_three_ways(api: ApiClient, day: str) -> None:
    assert api.add_invoice(date=day)["date"] == "2014-12-21T00:00:00"


def test_fields_that_are_not_known_are_left_alone(api: ApiClient) -> None:
    made = api.add_invoice(someNewField={"a": 1}, lines={"_data": [make_line(another=1)]})
    assert "someNewField" not in made


def test_lines_may_come_as_a_plain_list_where_that_is_switched_on(api: ApiClient) -> None:
    api.guess(lines_form="either")
    assert api.add_invoice(lines=[make_line()])["amountExclVat"] == 10.00


def test_line_amounts_may_be_with_vat_where_that_is_switched_on(api: ApiClient) -> None:
    api.guess(line_amounts="incl")
    made = api.add_invoice(lines={"_data": [make_line(amount=12.10)]})
    assert (made["amountExclVat"], made["amountInclVat"]) == (10.00, 12.10)
    assert made["lines"]["_data"][0]["amount"] == 12.10


def test_a_debtor_may_be_named_by_its_id_where_that_is_switched_on(api: ApiClient) -> None:
    made = api.add_debtor()
    by_id = make_invoice(debtorId=made["id"])
    assert api.errors(PATH, by_id) == {"debtorCustomerNumber": ["Dit veld is verplicht."]}
    api.guess(debtor_field="either")
    assert api.call("POST", PATH, json=by_id).json()["debtorCustomerNumber"] == "1000001"


def test_a_locked_period_takes_no_invoices(api: ApiClient) -> None:
    api.change_administration(locked_until="2014-12-21")
    assert post(api) == {"date": ["De periode tot en met 21-12-2014 is afgesloten."]}
    assert api.add_invoice(date="2014-12-22")["status"] == 1


def test_a_code_that_is_ended_or_gone_and_an_account_that_is_disabled_are_refused(
    api: ApiClient,
) -> None:
    api.control("POST", "codes/1", {"last": "2014-12-20"})
    api.control("POST", "accounts/8000", {"disabled": True})
    assert post(api) == {
        "lines[0].vatCode": ["BTW-code 1 is op 21-12-2014 niet geldig."],
        "lines[0].ledgerAccountId": ["Grootboekrekening 8000 is geblokkeerd."],
    }
    api.control("DELETE", "codes/1")
    assert post(api)["lines[0].vatCode"] == ["1 bestaat niet."]


def test_a_concept_can_be_deleted_where_that_is_switched_on(api: ApiClient) -> None:
    one, other = api.add_invoice()["id"], api.add_invoice()["id"]
    answer = api.call("DELETE", f"{PATH}/{one}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    api.guess(deletion="on")
    assert api.call("DELETE", f"{PATH}/{one}").status_code == 204
    assert api.call("DELETE", f"{PATH}/{one}").status_code == 404
    api.control("POST", f"invoices/{other}", {"stage": 3})
    refused = api.call("DELETE", f"{PATH}/{other}")
    assert (refused.status_code, refused.json()["title"]) == (
        409,
        "Een definitieve factuur kan niet worden verwijderd.",
    )
    assert [each["id"] for each in api.items(PATH)] == [other]


def test_a_file_is_attached_to_an_invoice(api: ApiClient) -> None:
    made = api.add_invoice()["id"]
    upload = {"File": ("map/factuur.pdf", b"%PDF", "application/pdf")}
    answer = api.call("POST", f"{PATH}/{made}/file", files=upload)
    assert (answer.status_code, answer.json()["size"]) == (201, 4)
    assert api.client.read("invoices")[0]["attachments"] == ["factuur.pdf"]
    assert api.call("POST", f"{PATH}/999/file", files=upload).status_code == 404
    other = api.call("POST", f"{PATH}/{made}/file", files={"Else": ("a", b"")})
    assert list(other.json()["errors"]) == ["File"]


@pytest.mark.parametrize(("stage", "number"), [(2, "201400001"), (3, "201400001"), (8, None)])
def test_the_status_is_what_a_person_made_of_it(
    api: ApiClient, stage: int, number: str | None
) -> None:
    made = api.add_invoice()["id"]
    api.control("POST", f"invoices/{made}", {"stage": stage})
    (shown,) = api.items("salesinvoices", Status=stage)
    assert (shown["status"], shown["invoiceNumber"]) == (stage, number)
