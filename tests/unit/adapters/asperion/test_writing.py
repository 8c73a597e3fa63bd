"""What is posted to Asperion, and what its answer to it means."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
import urllib3

from chalicelib.asperion_guesses import (
    AsperionGuesses,
    DebtorField,
    Deletion,
    LineAmounts,
    StatusSent,
)
from chalicelib.domain.concepts import CodeTotal, InvoiceStatus
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionForbidden,
    AsperionInvalid,
    AsperionNotSent,
    AsperionUnauthorised,
    AsperionUnavailable,
    AsperionUnknown,
    ConnectionRefused,
)
from tests.unit.adapters.asperion.wire import (
    ADMINISTRATION,
    CONCEPT,
    DAY,
    DEBTOR,
    NOW,
    Answer,
    Call,
    Desk,
    answering,
    by_call,
    listed,
    shown_debtor,
    shown_invoice,
)

DEBTOR_ID = 31
LISTED = listed(shown_debtor())
ON_READING = requests.ReadTimeout("zzyzx")


def desk_answering(made: Any, **given: Any) -> Desk:
    """A desk whose Asperion has the debtor, and answers a posted invoice with this."""
    return Desk(by_call(get_debtors=LISTED, post_salesinvoiceswithlines=made), **given)


def test_a_concept_is_posted_in_numbers_of_two_decimals_and_its_id_comes_back() -> None:
    desk = desk_answering(Answer(shown_invoice(), 201))
    shown = desk.api.add_invoice(CONCEPT, DEBTOR_ID)

    assert shown is not None
    assert (shown.id, shown.day, shown.debtor_id) == (501, DAY, DEBTOR_ID)
    assert shown.status is InvoiceStatus.CONCEPT
    assert (shown.excl, shown.vat, shown.incl) == (
        Decimal("120.10"),
        Decimal("22.82"),
        Decimal("142.92"),
    )
    assert shown.codes["1"] == CodeTotal(excl=Decimal("100.10"), vat=Decimal("21.02"))
    post = desk.wire.calls[-1]
    assert b'"amount":100.10,"vatAmount":21.02' in post.body
    assert b'"amount":20.00,"vatAmount":1.80' in post.body
    assert json.loads(post.body) == {
        "date": "2026-11-20T00:00:00",
        "description": "Webwinkel ORD1001",
        "journalId": "VWW",
        "paymentConditionId": 2,
        "debtorCustomerNumber": "1000031",
        "lines": {
            "_data": [
                {
                    "description": "Mok",
                    "amount": 100.10,
                    "vatAmount": 21.02,
                    "vatCode": "1",
                    "ledgerAccountId": 8000,
                },
                {
                    "description": "Boek",
                    "amount": 20.00,
                    "vatAmount": 1.80,
                    "vatCode": "2",
                    "ledgerAccountId": 8010,
                },
            ],
            "_meta": {"totalCount": 2},
        },
    }


def test_a_call_says_who_asks_where_and_in_which_language() -> None:
    desk = desk_answering(shown_invoice())
    desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    for call in desk.wire.calls:
        assert call.headers["Authorization"] == "Bearer access-1"
        assert call.headers["X-Tenant-Id"] == str(ADMINISTRATION)
        assert call.headers["Accept-Language"] == "nl-NL"
        assert call.headers["User-Agent"].startswith("seoshop-asperion/")
    assert desk.wire.calls[-1].headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("cents", "written"),
    [("0", b"0.00"), ("-0.00", b"0.00"), ("-12.5", b"-12.50"), ("1E+3", b"1000.00")],
)
def test_every_amount_is_written_out(cents: str, written: bytes) -> None:
    (line, *_) = CONCEPT.lines
    amount = Decimal(cents)
    concept = replace(CONCEPT, lines=(replace(line, amount=amount, vat_amount=amount),))
    desk = desk_answering({})
    with pytest.raises(AsperionUnknown):
        desk.api.add_invoice(concept, DEBTOR_ID)
    assert b'"amount":' + written + b',"vatAmount":' + written + b"," in desk.wire.calls[-1].body


def test_parts_of_cents_are_never_posted() -> None:
    (line, *_) = CONCEPT.lines
    concept = replace(CONCEPT, lines=(replace(line, amount=Decimal("1.005")),))
    desk = desk_answering(shown_invoice())
    with pytest.raises(ValueError, match="two decimals"):
        desk.api.add_invoice(concept, DEBTOR_ID)
    assert desk.wire.said == ["GET debtors"]


def test_a_debtor_that_was_found_or_made_is_not_asked_for_again() -> None:
    desk = Desk(
        by_call(
            get_debtors=LISTED,
            post_debtors=Answer(shown_debtor(id=32, customerNumber="1000032"), 201),
            post_salesinvoiceswithlines=shown_invoice(debtorCustomerNumber="1000032"),
        )
    )
    assert [each.id for each in desk.api.find_debtors(DEBTOR.email)] == [31]
    made = desk.api.add_debtor(DEBTOR, "WEB")
    assert made == 32
    shown = desk.api.add_invoice(CONCEPT, made)
    assert shown is not None
    assert shown.debtor_id == 32
    assert desk.wire.said == ["GET debtors", "POST debtors", "POST salesinvoiceswithlines"]


def test_a_debtor_is_made_of_what_the_order_says() -> None:
    desk = Desk(answering(Answer(shown_debtor(), 201)))
    desk.api.add_debtor(DEBTOR, "WEB")
    assert json.loads(desk.wire.calls[0].body) == {
        "customerNumber": "7",
        "name": "Sanne de Vries",
        "emailAddress": "s.devries@example.nl",
        "phoneNumber": "0612345678",
        "debtorKindId": "WEB",
        "address": "Dorpsstraat 1a",
        "postCode": "6711 AB",
        "city": "Ede",
        "countryCode": "NL",
    }


def test_a_company_is_a_debtor_by_its_name_with_a_person_to_its_attention() -> None:
    desk = Desk(answering(Answer(shown_debtor(), 201)))
    desk.api.add_debtor(replace(DEBTOR, company="Mokken BV", vat_number="NL123456789B01"), "")
    said = json.loads(desk.wire.calls[0].body)
    assert (said["name"], said["attentionTo"]) == ("Mokken BV", "Sanne de Vries")
    assert said["vatNumber"] == "NL123456789B01"
    assert "debtorKindId" not in said


def test_what_is_only_checked_is_stored_nowhere() -> None:
    desk = desk_answering(Answer(shown_invoice(id=None), 200))
    assert desk.api.add_invoice(CONCEPT, DEBTOR_ID, validate_only=True) is None
    assert desk.wire.calls[-1].query == {"validateOnly": "true"}


@pytest.mark.parametrize("answer", [Answer(b"", 204), Answer({}), Answer({"id": 0})])
def test_an_answer_without_an_id_is_a_good_check(answer: Answer) -> None:
    desk = Desk(by_call(get_debtors=LISTED, post_debtors=answer))
    assert desk.api.add_debtor(DEBTOR, "WEB", validate_only=True) is None


def test_a_check_that_gives_an_id_may_have_stored_something() -> None:
    desk = desk_answering(Answer(shown_invoice(), 201))
    with pytest.raises(AsperionUnknown):
        desk.api.add_invoice(CONCEPT, DEBTOR_ID, validate_only=True)


def test_a_check_that_is_answered_by_a_page_is_none() -> None:
    desk = desk_answering(Answer(b"<html>", 200))
    with pytest.raises(AsperionUnavailable):
        desk.api.add_invoice(CONCEPT, DEBTOR_ID, validate_only=True)


def test_an_invoice_of_nobody_can_be_checked_apart_from_whom_it_is_for() -> None:
    missing = {"errors": {"debtorCustomerNumber": ["zzyzx"]}}
    desk = desk_answering(Answer(missing, 400))
    assert desk.api.add_invoice(CONCEPT, None, validate_only=True) is None
    assert "debtorCustomerNumber" not in json.loads(desk.wire.calls[-1].body)

    missing["errors"]["lines[0].vatCode"] = ["zzyzx"]
    desk = desk_answering(Answer(missing, 400))
    with pytest.raises(AsperionInvalid) as refusal:
        desk.api.add_invoice(CONCEPT, None, validate_only=True)
    assert refusal.value.fields == (RefusedField.DEBTOR, RefusedField.VAT_CODE)


def test_an_invoice_of_nobody_is_never_stored() -> None:
    desk = desk_answering(shown_invoice())
    with pytest.raises(ValueError, match="debtor"):
        desk.api.add_invoice(CONCEPT, None)
    assert desk.wire.calls == []


@pytest.mark.parametrize("rows", [[], [shown_debtor(customerNumber=None)], [shown_debtor(id=99)]])
def test_an_invoice_for_a_debtor_without_a_number_is_not_posted(rows: list[Any]) -> None:
    desk = Desk(by_call(get_debtors=listed(*rows)))
    with pytest.raises(AsperionInvalid) as refusal:
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert refusal.value.fields == (RefusedField.DEBTOR,)
    assert desk.wire.said == ["GET debtors"]


def test_while_the_debtor_cannot_be_asked_for_nothing_is_posted() -> None:
    desk = Desk(by_call(get_debtors=Answer(b"zzyzx", 500)))
    with pytest.raises(AsperionNotSent):
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert desk.wire.said == ["GET debtors"]


OTHERS: tuple[Any, ...] = (
    b"",
    b"[]",
    b"null",
    b"<!doctype html><title>Inloggen</title>",
    {},
    shown_invoice(id=None),
    shown_invoice(id=0),
    shown_invoice(id="501"),
    shown_invoice(date="2026-11-21T00:00:00"),
    shown_invoice(date=None),
    shown_invoice(description="Webwinkel ORD100"),
    shown_invoice(amountExclVat=120.11),
    shown_invoice(vatAmount=22.81),
    shown_invoice(amountInclVat=142.93),
    shown_invoice(lines={"_data": []}),
    shown_invoice(lines={"_data": shown_invoice()["lines"]["_data"][:1]}),
    shown_invoice(lines={**shown_invoice()["lines"], "_meta": {"totalCount": 3}}),
    shown_invoice(lines=None),
    json.dumps(shown_invoice()).encode()[:-9],
    json.dumps(shown_invoice()).replace('"1"', '"2"').encode(),
    json.dumps(shown_invoice()).replace("100.1", "NaN").encode(),
    json.dumps(shown_invoice()).replace("100.1", "1e999").encode(),
)


@pytest.mark.parametrize("answer", OTHERS, ids=range(len(OTHERS)))
def test_a_good_answer_that_is_not_what_was_posted_proves_nothing(answer: Any) -> None:
    desk = desk_answering(Answer(answer, 201))
    with pytest.raises(AsperionUnknown):
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)


@pytest.mark.parametrize(
    "answer", [b"", b"[]", {}, shown_debtor(id=None), shown_debtor(emailAddress="x@y.nl")]
)
def test_a_debtor_that_is_not_the_one_posted_is_unknown(answer: Any) -> None:
    desk = Desk(answering(Answer(answer, 201)))
    with pytest.raises(AsperionUnknown):
        desk.api.add_debtor(DEBTOR, "WEB")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"errors": {"date": ["zzyzx"]}}, AsperionInvalid),
        (422, {"title": "zzyzx"}, AsperionInvalid),
        (400, b"<html>zzyzx", AsperionUnknown),
        (400, b"", AsperionUnknown),
        (403, b"<html>zzyzx", AsperionForbidden),
        (403, {}, AsperionForbidden),
        (404, {"title": "zzyzx"}, AsperionForbidden),
        (404, b"<html>zzyzx", AsperionUnknown),
        (301, b"", AsperionUnknown),
        (302, {}, AsperionUnknown),
        (408, {}, AsperionUnknown),
        (409, {}, AsperionUnknown),
        (500, {"errors": {"date": ["zzyzx"]}}, AsperionUnknown),
        (503, b"", AsperionUnknown),
        (504, b"<html>", AsperionUnknown),
    ],
)
def test_a_status_tells_whether_anything_can_be_stored(
    status: int, body: Any, kind: type[AsperionError]
) -> None:
    desk = desk_answering(Answer(body, status, {"Location": "https://zzyzx.example"}))
    with pytest.raises(AsperionError) as refusal:
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert type(refusal.value) is kind
    assert refusal.value.status == status
    assert "zzyzx" not in str(refusal.value)
    assert desk.wire.said.count("POST salesinvoiceswithlines") == 1, "nothing is posted twice"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("lines[0].vatCode", RefusedField.VAT_CODE),
        ("$.Lines[1].LedgerAccountId", RefusedField.LEDGER_ACCOUNT),
        ("date", RefusedField.DATE),
        ("Zzyzx <b>zzyzx</b>", RefusedField.OTHER),
    ],
)
def test_a_refused_field_is_named_by_its_code(field: str, code: RefusedField) -> None:
    desk = desk_answering(Answer({"title": "zzyzx", "errors": {field: ["zzyzx"]}}, 400))
    with pytest.raises(AsperionInvalid) as refusal:
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert refusal.value.fields == (code,)
    assert "zzyzx" not in str(refusal.value).lower()


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("1.2", timedelta(seconds=2)),
        ("Fri, 20 Nov 2026 12:02:00 GMT", timedelta(minutes=2)),
        ("2026-11-20T12:05:00Z", timedelta(minutes=5)),
        ("0", timedelta(seconds=1)),
        ("Thu, 19 Nov 2026 12:00:00 GMT", timedelta(seconds=1)),
        ("99999999", timedelta(days=1)),
    ],
)
def test_a_time_to_wait_is_obeyed(header: str, wait: timedelta) -> None:
    desk = Desk(answering(Answer(b"zzyzx", 429, {"Retry-After": header})))
    with pytest.raises(AsperionBusy) as busy:
        desk.api.add_debtor(DEBTOR, "WEB")
    assert busy.value.until == NOW + wait
    with pytest.raises(AsperionBusy) as again:
        desk.api.list_vat_codes()
    assert again.value.until == busy.value.until
    assert len(desk.wire.calls) == 1, "until then nothing is called"


@pytest.mark.parametrize("header", [{}, {"Retry-After": "zzyzx"}, {"Retry-After": "-5"}])
def test_too_many_calls_without_a_usable_time_is_a_minute(header: dict[str, str]) -> None:
    desk = desk_answering(Answer({}, 429, header))
    with pytest.raises(AsperionBusy) as busy:
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert busy.value.until == desk.time.now + timedelta(minutes=1)


FAILURES = (
    requests.ConnectionError("zzyzx"),
    requests.ConnectTimeout("zzyzx"),
    requests.exceptions.SSLError("zzyzx"),
    ON_READING,
    requests.exceptions.ChunkedEncodingError("zzyzx"),
    urllib3.exceptions.ProtocolError("zzyzx"),
    ConnectionResetError("zzyzx"),
)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize(("is_sent", "kind"), [(False, AsperionNotSent), (True, AsperionUnknown)])
def test_what_broke_before_anything_was_sent_is_known_to_be_unsent(
    failure: Exception, is_sent: bool, kind: type[AsperionError]
) -> None:
    desk = desk_answering(Answer(fails=failure, is_sent=is_sent))
    with pytest.raises(kind) as error:
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert "zzyzx" not in repr(error.value)
    assert error.value.__cause__ is error.value.__context__ is None


def test_a_refused_token_is_renewed_once_and_the_invoice_posted_again() -> None:
    desk = Desk(answering(LISTED, Answer(b"zzyzx", 401), Answer(shown_invoice(), 201)))
    assert desk.api.add_invoice(CONCEPT, DEBTOR_ID) is not None
    assert desk.tokens.renewed == ["access-1"]
    assert desk.wire.calls[-1].headers["Authorization"] == "Bearer access-2"
    assert desk.wire.calls[-1].body == desk.wire.calls[-2].body


def test_a_token_that_is_refused_again_stays_refused() -> None:
    desk = Desk(answering(LISTED, Answer(b"zzyzx", 401)))
    with pytest.raises(AsperionUnauthorised):
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert len(desk.tokens.renewed) == 1
    assert len(desk.wire.calls) == 3


def test_without_a_token_nothing_is_posted() -> None:
    desk = Desk(answering(shown_debtor()))
    desk.tokens.fails = AsperionUnavailable("identity")
    with pytest.raises(AsperionNotSent):
        desk.api.add_debtor(DEBTOR, "WEB")
    desk.tokens.fails = ConnectionRefused("connect again")
    with pytest.raises(ConnectionRefused):
        desk.api.add_debtor(DEBTOR, "WEB")
    assert desk.wire.calls == []


def test_a_token_that_could_not_be_renewed_leaves_nothing_posted() -> None:
    def refuse(_: Call) -> Answer:
        desk.tokens.fails = AsperionUnavailable("identity")
        return Answer({}, 401)

    desk = Desk(refuse)
    with pytest.raises(AsperionNotSent):
        desk.api.add_debtor(DEBTOR, "WEB")
    assert desk.wire.said == ["POST debtors"]


@pytest.mark.parametrize("token", ["", "abc\r\nX-Evil: 1", "caf\u00e9", "abc\x00"])
def test_a_token_that_no_header_can_carry_is_not_sent(token: str) -> None:
    desk = Desk(answering(LISTED))
    desk.tokens.token = token
    with pytest.raises(AsperionNotSent) as error:
        desk.api.list_debtors(limit=1)
    assert "abc" not in str(error.value)
    assert desk.wire.calls == []


def test_a_long_answer_is_not_read_to_its_end() -> None:
    desk = desk_answering(Answer(b"[" + b" " * (11 * 1024 * 1024), 201))
    with pytest.raises(AsperionUnknown):
        desk.api.add_invoice(CONCEPT, DEBTOR_ID)


@pytest.mark.parametrize(
    ("guesses", "expected"),
    [
        (AsperionGuesses(debtor_field=DebtorField.ID), {"debtorId": 31}),
        (AsperionGuesses(status_sent=StatusSent.CONCEPT), {"status": 1}),
        (AsperionGuesses(sends_period=True), {"bookyear": 2026, "bookperiod": 11}),
    ],
)
def test_a_guess_changes_what_is_posted(guesses: AsperionGuesses, expected: Any) -> None:
    desk = desk_answering(shown_invoice(), guesses=guesses)
    desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    posted = json.loads(desk.wire.calls[-1].body)
    assert {name: posted.get(name) for name in expected} == expected
    assert ("debtorCustomerNumber" in posted) is (guesses.debtor_field is DebtorField.NUMBER)


def test_lines_may_be_with_vat() -> None:
    rows = shown_invoice()["lines"]["_data"]
    rows = [{**rows[0], "amount": 121.12}, {**rows[1], "amount": 21.80}]
    desk = desk_answering(
        shown_invoice(lines={"_data": rows}), guesses=AsperionGuesses(line_amounts=LineAmounts.INCL)
    )
    shown = desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert b'"amount":121.12,"vatAmount":21.02' in desk.wire.calls[-1].body
    assert shown is not None
    assert shown.codes["1"].excl == Decimal("100.10")


def test_the_header_of_the_administration_may_be_another() -> None:
    desk = desk_answering(shown_invoice(), guesses=AsperionGuesses(tenant_header="X-TenantId"))
    desk.api.add_invoice(CONCEPT, DEBTOR_ID)
    assert desk.wire.calls[-1].headers["X-TenantId"] == str(ADMINISTRATION)
    assert "X-Tenant-Id" not in desk.wire.calls[-1].headers


def test_nothing_is_deleted_unless_that_is_switched_on() -> None:
    desk = Desk(answering(Answer(b"", 204)))
    with pytest.raises(AsperionInvalid):
        desk.api.delete_invoice(501)
    assert desk.wire.calls == []


DELETES = AsperionGuesses(deletion=Deletion.WITH_LINES)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_concept_is_deleted(status: int) -> None:
    desk = Desk(answering(Answer(b"", status)), guesses=DELETES)
    desk.api.delete_invoice(501)
    assert desk.wire.said == ["DELETE salesinvoiceswithlines/501"]
    desk = Desk(answering(Answer(b"", status)), guesses=AsperionGuesses(deletion=Deletion.HEADS))
    desk.api.delete_invoice(501)
    assert desk.wire.said == ["DELETE salesinvoices/501"]


@pytest.mark.parametrize("status", [400, 405, 409, 422, 501])
def test_a_deletion_that_is_not_allowed_deletes_nothing(status: int) -> None:
    desk = Desk(answering(Answer({}, status)), guesses=DELETES)
    with pytest.raises(AsperionInvalid):
        desk.api.delete_invoice(501)


def test_what_cannot_be_found_to_be_deleted_is_gone_or_cannot_be_deleted() -> None:
    gone = Desk(answering(Answer({}, 404), listed()), guesses=DELETES)
    gone.api.delete_invoice(501)
    there = Desk(answering(Answer({}, 404), listed(shown_invoice())), guesses=DELETES)
    with pytest.raises(AsperionInvalid):
        there.api.delete_invoice(501)


@pytest.mark.parametrize("answer", [Answer({}, 500), Answer(fails=ON_READING), Answer(b"", 302)])
def test_a_deletion_without_an_answer_is_unknown(answer: Answer) -> None:
    desk = Desk(answering(answer), guesses=DELETES)
    with pytest.raises(AsperionUnknown):
        desk.api.delete_invoice(501)


def test_a_deletion_that_reached_nobody_was_not_sent() -> None:
    refused = urllib3.exceptions.NewConnectionError(None, "zzyzx")  # type: ignore[arg-type]
    pool = urllib3.exceptions.MaxRetryError(None, "/", refused)  # type: ignore[arg-type]
    for failure in (requests.ConnectionError(pool), requests.ConnectTimeout()):
        desk = Desk(answering(Answer(fails=failure)), guesses=DELETES)
        with pytest.raises(AsperionNotSent):
            desk.api.delete_invoice(501)


def test_a_moment_with_a_zone_is_a_day_in_the_netherlands() -> None:
    for text in ("2026-11-19T23:00:00Z", "2026-11-20T00:00:00+01:00", "2026-11-20"):
        desk = desk_answering(shown_invoice(date=text))
        shown = desk.api.add_invoice(CONCEPT, DEBTOR_ID)
        assert shown is not None
        assert shown.day == date(2026, 11, 20)
