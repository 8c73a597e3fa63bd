"""What is read from Asperion: lists whole or not at all, and each value as it is written."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from chalicelib.adapters.deadline import Deadline
from chalicelib.asperion_guesses import AsperionGuesses, LineAmounts
from chalicelib.domain.administrations import (
    Administration,
    Daybook,
    KnownDebtor,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)
from chalicelib.domain.concepts import CodeTotal
from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionForbidden,
    AsperionNotSent,
    AsperionUnauthorised,
    AsperionUnavailable,
)
from tests.unit.adapters.asperion.wire import (
    ADMINISTRATION,
    DAY,
    Answer,
    Call,
    Desk,
    answering,
    by_call,
    listed,
    shown_debtor,
    shown_invoice,
)

DESCRIPTION = "Webwinkel ORD1001"


def test_administrations_are_listed_without_one() -> None:
    desk = Desk(answering(listed({"id": 4101, "name": "Mokken BV"})), administration_id=None)
    assert desk.api.list_administrations() == [Administration(id=4101, name="Mokken BV")]
    assert "X-Tenant-Id" not in desk.wire.calls[0].headers
    assert desk.wire.said == ["GET administrations"]


@pytest.mark.parametrize("name", [None, "", " \r\n\u202e "])
def test_an_administration_without_a_name_is_called_by_its_number(name: str | None) -> None:
    desk = Desk(answering(listed({"id": 4101, "name": name})), administration_id=None)
    assert desk.api.list_administrations() == [Administration(id=4101, name="4101")]


def test_a_vat_code_counts_in_a_time_and_has_a_rate() -> None:
    row = {
        "id": "1",
        "description": "BTW hoog",
        "salesCode": True,
        "percentage": 21.0,
        "isDefault": True,
        "validFrom": "2012-10-01T00:00:00",
        "validUntil": None,
        "countryCode": "NL",
        "_meta": {"self": "https://api.asperion.example/v1/vatcodes/1"},
    }
    desk = Desk(answering(listed(row)))
    assert desk.api.list_vat_codes() == [
        VatCode(
            id="1",
            description="BTW hoog",
            rate=Decimal("0.21"),
            is_default=True,
            valid_from=date(2012, 10, 1),
            country="NL",
        )
    ]


def test_a_vat_code_that_changed_is_there_once_for_each_time() -> None:
    former = {"id": "H", "percentage": 19, "validUntil": "2012-09-30"}
    present = {"id": "H", "percentage": 21, "validFrom": "2012-10-01"}
    found = Desk(answering(listed(former, present))).api.list_vat_codes()
    assert [(each.id, each.rate) for each in found] == [
        ("H", Decimal("0.19")),
        ("H", Decimal("0.21")),
    ]
    with pytest.raises(AsperionUnavailable):
        Desk(answering(listed(former, present, present))).api.list_vat_codes()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-20T23:30:00Z", date(2026, 11, 21)),
        ("9999-12-31T23:59:59.9999999Z", date(9999, 12, 31)),
        ("9999-12-31T23:59:59.9999999", date(9999, 12, 31)),
        ("0001-01-01T00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_date_that_is_open_or_was_never_set(written: str, day: date | None) -> None:
    row = {"id": "1", "percentage": 21, "validUntil": written}
    (code,) = Desk(answering(listed(row))).api.list_vat_codes()
    assert code.valid_until == day


@pytest.mark.parametrize(
    ("written", "rate"),
    [("21", "0.21"), ("21.0000", "0.21"), ("0", "0.00"), ("5.5", "0.055"), ("100", "1.00")],
)
def test_a_percentage_becomes_a_fraction(written: str, rate: str) -> None:
    body = json.dumps(listed({"id": "1", "percentage": 99})).replace("99", written)
    (code,) = Desk(answering(Answer(body.encode()))).api.list_vat_codes()
    assert str(code.rate) == rate


def test_the_other_lists_are_read_as_they_come() -> None:
    desk = Desk(
        by_call(
            get_journals=listed({"id": "VRK", "description": "Verkoopboek", "type": "Sales"}),
            get_ledgeraccounts=listed(
                {"id": 8000, "type": 1, "description": "Omzet", "vatCode": "1", "disabled": True},
                {"id": 8010, "description": None, "vatCode": {"id": 3}, "rcsfi": "W"},
            ),
            get_paymentconditions=listed({"id": 2, "description": "30 dagen"}),
        )
    )
    assert desk.api.list_daybooks() == [Daybook(id="VRK", description="Verkoopboek", type="Sales")]
    assert desk.api.list_ledger_accounts() == [
        LedgerAccount(id=8000, description="Omzet", type=1, vat_code="1", is_disabled=True),
        LedgerAccount(id=8010, description="", rcsfi="W"),
    ]
    assert desk.api.list_payment_conditions() == [PaymentCondition(id=2, description="30 dagen")]


def test_debtors_are_those_with_the_very_address_the_oldest_first() -> None:
    first = listed(
        shown_debtor(id=40, emailAddress="Jan@Example.NL", debtorKindId=7),
        shown_debtor(id=41, emailAddress="otherjan@example.nl"),
        total=4,
        pageCount=2,
        next_page="https://elsewhere.example/v1/debtors?page=2",
    )
    second = listed(
        shown_debtor(id=12, emailAddress=" jan@example.nl ", blocked=True),
        shown_debtor(id=50, emailAddress=None),
        total=4,
        pageCount=2,
    )
    desk = Desk(answering(first, second))
    found = desk.api.find_debtors("jan@example.nl")
    assert found == [
        KnownDebtor(id=12, customer_number="1000031", email="jan@example.nl", is_blocked=True),
        KnownDebtor(id=40, customer_number="1000031", email="Jan@Example.NL", kind_id="7"),
    ]
    assert [call.query.get("EmailAddress") for call in desk.wire.calls] == ["jan@example.nl"] * 2
    assert all(call.url.startswith("https://api.asperion.example/") for call in desk.wire.calls)


def test_nobody_is_found_by_no_address() -> None:
    desk = Desk(answering(listed(shown_debtor(emailAddress=""))))
    assert desk.api.find_debtors(" ") == []
    assert desk.wire.calls == []


def test_a_few_debtors_are_read_without_the_rest() -> None:
    rows = [shown_debtor(id=number) for number in (1, 2, 3)]
    desk = Desk(answering(listed(*rows, total=900, next_page="/v1/debtors?page=2")))
    assert [each.id for each in desk.api.list_debtors(limit=2)] == [1, 2]
    assert len(desk.wire.calls) == 1
    assert Desk(answering(listed())).api.list_debtors(limit=5) == []


@pytest.mark.parametrize("first", [0, 1])
def test_pages_follow_each_other_wherever_they_are_counted_from(first: int) -> None:
    rows = [shown_debtor(id=number) for number in range(1, 8)]

    def answer(call: Call) -> Answer:
        number = int(call.query.get("page", first)) - first
        part = rows[number * 3 : number * 3 + 3]
        following = f"/v1/debtors?pageSize=3&page={number + first + 1}" if number < 2 else None
        return Answer(listed(*part, total=7, next_page=following, pageCount=3))

    desk = Desk(answer, guesses=AsperionGuesses(page_size=3, order_by="id"))
    assert [each.id for each in desk.api.list_debtors(limit=99)] == [1, 2, 3, 4, 5, 6, 7]
    assert {call.query["pageSize"] for call in desk.wire.calls} == {"3"}
    assert {call.query["orderBy"] for call in desk.wire.calls} == {"id"}


ONE, TWO = shown_debtor(id=1), shown_debtor(id=2)
CUT: dict[str, Any] = {
    "one is missing": listed(ONE, total=2),
    "one is too many": listed(ONE, TWO, total=1),
    "one comes twice": listed(ONE, ONE),
    "one comes twice and counts once": listed(ONE, ONE, total=1),
    "a page is missing": listed(ONE, pageCount=3),
    "no count": {"_data": [ONE], "_meta": {}},
    "no data": {"_meta": {"totalCount": 0}},
    "data that is none": {"_data": {"1": ONE}, "_meta": {"totalCount": 1}},
    "no envelope": [ONE],
    "nothing": b"",
    "no JSON": b"<html>zzyzx</html>",
    "half of it": json.dumps(listed(ONE, TWO)).encode()[:-20],
    "no id": listed(shown_debtor(id=None)),
    "id of nobody": listed(shown_debtor(id=0)),
    "id below nothing": listed(shown_debtor(id=-1)),
    "id that is a truth": listed(shown_debtor(id=True)),
    "id that is a text": listed(shown_debtor(id="1")),
    "id beyond measure": listed(shown_debtor(id=10**30)),
    "no object": listed("zzyzx"),
    "depth": b"[" * 100_000,
    "no UTF-8": json.dumps(listed(ONE)).encode().replace(b"1000031", b"\xff"),
    "next page nowhere": listed(ONE, total=2, next_page="zzyzx"),
    "next page of no number": listed(ONE, total=2, next_page="/v1/debtors?page=zzyzx"),
    "next page is this one": listed(ONE, total=2, next_page="/v1/debtors?page=0"),
    "next page after all": listed(ONE, next_page="/v1/debtors?page=2"),
    "empty page with a next one": listed(total=2, next_page="/v1/debtors?page=2"),
}


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT.keys())
def test_a_list_that_is_not_whole_is_none(answer: Any) -> None:
    desk = Desk(answering(answer))
    with pytest.raises(AsperionUnavailable) as error:
        desk.api.list_debtors(limit=99)
    assert "zzyzx" not in str(error.value)
    assert len(desk.wire.calls) <= 4, "it is read once more at the most"


def test_a_list_that_changes_while_it_is_read_is_read_once_more() -> None:
    changing = [
        listed(ONE, total=2, next_page="/v1/debtors?page=2"),
        listed(TWO, total=3),
        listed(ONE, total=2, next_page="/v1/debtors?page=2"),
        listed(TWO, total=2),
    ]
    desk = Desk(answering(*changing))
    assert [each.id for each in desk.api.list_debtors(limit=99)] == [1, 2]
    assert len(desk.wire.calls) == 4


def test_a_list_without_end_is_left() -> None:
    def answer(call: Call) -> Answer:
        number = int(call.query.get("page", 1))
        following = f"/v1/debtors?page={number + 1}"
        return Answer(listed(shown_debtor(id=number), total=10**9, next_page=following))

    desk = Desk(answer)
    with pytest.raises(AsperionUnavailable):
        desk.api.list_debtors(limit=10**9)
    assert len(desk.wire.calls) == 1000


def test_invoices_are_those_of_the_day_and_debtor_with_the_very_description() -> None:
    rows = [
        shown_invoice(),
        shown_invoice(id=502, description="Webwinkel ORD10011"),
        shown_invoice(id=503, description="  Webwinkel\u00a0 ORD1001 "),
        shown_invoice(id=504, date="2026-11-21T00:00:00"),
        shown_invoice(id=505, debtorCustomerNumber="1000032"),
        shown_invoice(id=506, debtorId=99),
        shown_invoice(id=507, debtorId=31, debtorCustomerNumber=None),
        shown_invoice(id=508, debtorCustomerNumber=None),
        shown_invoice(id=509, journalId="VRK"),
    ]
    desk = Desk(
        by_call(get_debtors=listed(shown_debtor()), get_salesinvoiceswithlines=listed(*rows))
    )
    found = list(
        desk.api.list_invoices(day=DAY, debtor_id=31, description=DESCRIPTION, journal_id="VWW")
    )
    assert [(each.id, each.debtor_id) for each in found] == [
        (501, 31),
        (503, 31),
        (507, 31),
        (508, None),
    ]
    assert desk.wire.calls[0].query == {
        "Date": "2026-11-20",
        "DebtorId": "31",
        "Description": DESCRIPTION,
        "JournalId": "VWW",
        "pageSize": "100",
    }


def test_a_debtor_that_is_gone_hides_no_invoice() -> None:
    desk = Desk(by_call(get_debtors=listed(), get_salesinvoiceswithlines=listed(shown_invoice())))
    (found,) = desk.api.list_invoices(debtor_id=31)
    assert (found.id, found.debtor_id, found.debtor_number) == (501, None, "1000031")


def test_one_invoice_is_found_by_its_id_or_is_not_there() -> None:
    rows = [shown_invoice(), shown_invoice(id=502, status=99)]
    desk = Desk(answering(listed(*rows)))
    found = desk.api.find_invoice(502)
    assert found is not None
    assert found.status is None, "of a kind that is not known"
    assert desk.wire.calls[0].query["Id"] == "502"
    assert Desk(answering(listed())).api.find_invoice(502) is None
    assert Desk(answering(listed(shown_invoice()))).api.find_invoice(502) is None


ODD_INVOICES: dict[str, Any] = {
    "lines are cut": {"lines": {"_data": [], "_meta": {"totalCount": 2}}},
    "no lines": {"lines": None},
    "no date": {"date": ""},
    "a date that is none": {"date": "20 november"},
    "no amount": {"amountExclVat": None},
    "an amount that is a text of nothing": {"vatAmount": ""},
    "VAT that is left out and does not add up": {
        "lines": {"_data": [{"amount": 120.1, "vatCode": "1"}]}
    },
}


@pytest.mark.parametrize("odd", ODD_INVOICES.values(), ids=ODD_INVOICES.keys())
def test_an_invoice_that_cannot_be_read_is_no_list(odd: Any) -> None:
    desk = Desk(answering(listed(shown_invoice(**odd))))
    with pytest.raises(AsperionUnavailable):
        list(desk.api.list_invoices(day=DAY))


def test_amounts_are_read_as_they_are_written() -> None:
    body = json.dumps(listed(shown_invoice())).replace("100.1,", "100.09999999999999,")
    body = body.replace("1.8,", "1.805,")
    (found,) = Desk(answering(Answer(body.encode()))).api.list_invoices()
    assert found.codes["1"] == CodeTotal(excl=Decimal("100.10"), vat=Decimal("21.02"))
    assert found.codes["2"].vat == Decimal("1.805"), "which equals no amount of ours"


def test_vat_that_is_left_out_is_none_when_the_invoice_adds_up() -> None:
    rows = [{"amount": 120.1, "vatCode": None}]
    body = shown_invoice(lines={"_data": rows}, vatAmount=0, amountInclVat=120.1)
    (found,) = Desk(answering(listed(body))).api.list_invoices()
    assert found.codes == {"": CodeTotal(excl=Decimal("120.10"), vat=Decimal("0.00"))}


def test_lines_with_vat_are_read_without_it() -> None:
    rows = [{"amount": 142.92, "vatAmount": 22.82, "vatCode": "1"}]
    guesses = AsperionGuesses(line_amounts=LineAmounts.INCL)
    desk = Desk(answering(listed(shown_invoice(lines={"_data": rows}))), guesses=guesses)
    (found,) = desk.api.list_invoices()
    assert found.codes == {"1": CodeTotal(excl=Decimal("120.10"), vat=Decimal("22.82"))}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer({}, 403), AsperionForbidden),
        (Answer({}, 404), AsperionForbidden),
        (Answer(b"<html>", 404), AsperionUnavailable),
        (Answer({}, 500), AsperionUnavailable),
        (Answer(b"", 302, {"Location": "https://elsewhere.example/"}), AsperionUnavailable),
        (Answer({}, 503), AsperionUnavailable),
        (Answer({}, 503, {"Retry-After": "5"}), AsperionBusy),
        (Answer({}, 429), AsperionBusy),
        (Answer({}, 401), AsperionUnauthorised),
        (Answer(fails=requests.ReadTimeout()), AsperionUnavailable),
        (Answer(fails=requests.ConnectTimeout()), AsperionNotSent),
        (Answer(b" " * (11 * 1024 * 1024)), AsperionUnavailable),
    ],
)
def test_a_read_that_goes_wrong_proves_nothing(answer: Answer, kind: type[AsperionError]) -> None:
    with pytest.raises(AsperionError) as error:
        Desk(answering(answer)).api.list_vat_codes()
    assert type(error.value) is kind


def test_calls_keep_a_pace() -> None:
    desk = Desk(answering(listed()), pace=4)
    for _ in range(3):
        desk.api.list_vat_codes()
    assert desk.time.slept == [0.25, 0.25]
    desk.time.now += timedelta(seconds=9)
    desk.api.list_vat_codes()
    assert len(desk.time.slept) == 2
    desk.time.now -= timedelta(days=1)  # the clock was set back
    desk.api.list_vat_codes()
    assert desk.time.slept[2:] == [0.25]


def test_a_pace_never_outlasts_the_time_that_is_left() -> None:
    desk = Desk(answering(listed()), pace=1)
    desk.api.limit_time(timedelta(seconds=0.5))
    desk.api.list_vat_codes()
    with pytest.raises(AsperionBusy) as busy:
        desk.api.list_vat_codes()
    assert busy.value.until == desk.time.now + timedelta(seconds=1)
    assert desk.time.slept == []
    assert len(desk.wire.calls) == 1
    assert desk.wire.times[0] <= 0.5, "nor does a call"


def test_a_limit_can_be_set_anew_and_never_outlasts_the_job() -> None:
    desk = Desk(answering(listed()), deadline=Deadline(3), timeout=(5.0, 20.0))
    for seconds in (2, 1, 9):
        desk.api.limit_time(timedelta(seconds=seconds))
        desk.api.list_vat_codes()
    first, second, third = desk.wire.times
    assert first <= 2
    assert second <= 1
    assert second < third <= 3


def test_with_no_time_left_nothing_is_sent() -> None:
    desk = Desk(answering(listed()))
    desk.api.limit_time(timedelta(0))
    with pytest.raises(AsperionNotSent):
        desk.api.list_vat_codes()
    assert desk.wire.calls == []


def test_the_tenant_of_a_read_is_the_administration() -> None:
    desk = Desk(answering(listed()))
    desk.api.list_vat_codes()
    assert desk.wire.calls[0].headers["X-Tenant-Id"] == str(ADMINISTRATION)
