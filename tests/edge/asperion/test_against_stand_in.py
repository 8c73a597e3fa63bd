"""The client against the stand-in of Asperion, over real HTTP, with every fault that it has."""

from __future__ import annotations

import socket
import threading
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from chalicelib.adapters.asperion import AsperionRest
from chalicelib.asperion_guesses import AsperionGuesses, DebtorField, Deletion, LineAmounts
from chalicelib.domain.concepts import CodeTotal, InvoiceStatus
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionForbidden,
    AsperionInvalid,
    AsperionNotSent,
    AsperionUnavailable,
    AsperionUnknown,
    GrantRefused,
)
from sandbox.asperion.rest_faults import KINDS, LISTS
from tests.edge.asperion.conftest import SECRET, Desk
from tests.unit.adapters.asperion.wire import CONCEPT, DAY, DEBTOR

POSTED = "salesinvoiceswithlines"
BACK = "http://127.0.0.1:8000/api/connect/callback"
VERIFIER = "een-lang-genoeg-geheim-voor-de-proof-key-van-43-tekens"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def test_an_administration_is_chosen_from_and_an_invoice_posted_and_found(desk: Desk) -> None:
    (own,) = desk.open_api(administration_id=None).list_administrations()
    assert own.id == desk.administration_id
    api = desk.open_api(guesses=AsperionGuesses(page_size=9))
    codes = api.list_vat_codes()
    assert len(codes) > 50, "over several pages"
    assert len({code.id for code in codes}) == len(codes)
    high = next(code for code in codes if code.is_default and code.is_for_sales)
    assert (high.rate, high.country) == (Decimal("0.21"), "NL")
    assert {"VRK", "VWW"} <= {book.id for book in api.list_daybooks()}
    assert 8000 in {account.id for account in api.list_ledger_accounts()}
    assert CONCEPT.payment_condition_id in {each.id for each in api.list_payment_conditions()}

    assert api.find_debtors(DEBTOR.email) == []
    assert api.add_debtor(DEBTOR, "", validate_only=True) is None
    assert api.add_invoice(CONCEPT, None, validate_only=True) is None
    assert (desk.count_debtors(), desk.count_invoices()) == (0, 0)
    debtor_id = api.add_debtor(DEBTOR, "")
    assert debtor_id is not None
    (debtor,) = api.find_debtors(DEBTOR.email.upper())
    assert (debtor.id, debtor.name) == (debtor_id, DEBTOR.name)
    assert api.add_invoice(CONCEPT, debtor_id, validate_only=True) is None
    assert desk.count_invoices() == 0
    shown = api.add_invoice(CONCEPT, debtor_id)
    assert shown is not None
    assert shown.status is InvoiceStatus.CONCEPT
    assert shown.codes == {
        "1": CodeTotal(excl=Decimal("100.10"), vat=Decimal("21.02")),
        "2": CodeTotal(excl=Decimal("20.00"), vat=Decimal("1.80")),
    }
    wanted = {"day": DAY, "debtor_id": debtor_id, "description": CONCEPT.description}
    assert list(api.list_invoices(**wanted)) == [shown]  # type: ignore[arg-type]
    assert list(api.list_invoices(day=DAY, journal_id="VRK")) == []
    assert api.find_invoice(shown.id) == shown
    assert api.find_invoice(shown.id + 1) is None


@pytest.mark.parametrize("comparison", ["contains", "equals"])
def test_another_orders_description_is_not_this_ones(desk: Desk, comparison: str) -> None:
    desk.guess(description_filter=comparison, text_filter=comparison)
    api, debtor_id = _open_with_debtor(desk)
    other = replace(CONCEPT, description=f"{CONCEPT.description}1")
    api.add_invoice(other, debtor_id)
    assert list(api.list_invoices(description=CONCEPT.description)) == []
    (found,) = api.list_invoices(description=other.description)
    assert found.description == other.description
    assert [each.id for each in api.find_debtors(DEBTOR.email)] == [debtor_id]


def _open_with_debtor(desk: Desk, **given: Any) -> tuple[AsperionRest, int]:
    """The API, and a debtor whom it knows."""
    api = desk.open_api(**given)
    debtor_id = api.add_debtor(DEBTOR, "")
    assert debtor_id is not None
    return api, debtor_id


def test_what_is_refused_is_named_by_field(desk: Desk) -> None:
    api, debtor_id = _open_with_debtor(desk)
    (first, *rest) = CONCEPT.lines
    wrong = replace(CONCEPT, journal_id="ZZ", lines=(replace(first, vat_code="ZZ"), *rest))
    for validate_only in (True, False):
        with pytest.raises(AsperionInvalid) as refusal:
            api.add_invoice(wrong, debtor_id, validate_only=validate_only)
        assert refusal.value.fields == (RefusedField.JOURNAL, RefusedField.VAT_CODE)
        assert "ZZ" not in str(refusal.value)
    with pytest.raises(AsperionInvalid) as refusal:
        api.add_debtor(replace(DEBTOR, email="zzyzx"), "ZZ")
    assert refusal.value.fields == (RefusedField.DEBTOR_KIND, RefusedField.EMAIL)
    assert (desk.count_debtors(), desk.count_invoices()) == (1, 0)


LOST: Mapping[str, int] = {
    "lost-before": 0,
    "status": 0,
    "html": 0,
    "redirect": 0,
    "lost-after": 1,
    "status-after": 1,
    "malformed": 1,
    "cut-off": 1,
    "empty": 1,
    "wrong-type": 1,
}
"""Faults that lose the answer to what is posted, and how many are stored all the same."""

OTHERWISE = {"refused-fields", "token-ends", "slow", "twice"}


def test_every_fault_of_the_stand_in_is_tried() -> None:
    assert {*LOST, *OTHERWISE, *LISTS} == set(KINDS)


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_answer_to_an_invoice_is_unknown_and_can_be_asked_for(desk: Desk, kind: str) -> None:
    api, debtor_id = _open_with_debtor(desk)
    desk.fault(kind, method="POST")
    with pytest.raises(AsperionUnknown) as error:
        api.add_invoice(CONCEPT, debtor_id)
    assert "zzyzx" not in str(error.value)
    assert desk.count_invoices() == LOST[kind]
    found = list(api.list_invoices(day=DAY, debtor_id=debtor_id, description=CONCEPT.description))
    assert len(found) == LOST[kind]


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_answer_to_a_debtor_is_unknown(desk: Desk, kind: str) -> None:
    desk.fault(kind, method="POST", path="debtors")
    with pytest.raises(AsperionUnknown):
        desk.open_api().add_debtor(DEBTOR, "")
    assert desk.count_debtors() == LOST[kind]


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_answer_to_a_question_or_a_check_can_be_asked_again(desk: Desk, kind: str) -> None:
    api, debtor_id = _open_with_debtor(desk)
    desk.fault(kind, method="GET")
    with pytest.raises(AsperionUnavailable) as error:
        api.list_vat_codes()
    assert "zzyzx" not in str(error.value)
    if kind == "empty":
        return  # which says of a check that nothing is wrong
    desk.fault(kind, method="POST")
    with pytest.raises(AsperionUnavailable):
        api.add_invoice(CONCEPT, debtor_id, validate_only=True)
    assert desk.count_invoices() == 0


def test_a_refused_field_is_no_lost_answer(desk: Desk) -> None:
    api, debtor_id = _open_with_debtor(desk)
    desk.fault("refused-fields", method="POST", fields=["lines[0].ledgerAccountId"])
    with pytest.raises(AsperionInvalid) as refusal:
        api.add_invoice(CONCEPT, debtor_id)
    assert refusal.value.fields == (RefusedField.LEDGER_ACCOUNT,)


def test_a_token_that_ends_in_between_is_renewed_and_nothing_is_posted_twice(desk: Desk) -> None:
    api, debtor_id = _open_with_debtor(desk)
    desk.fault("token-ends", method="POST", path=POSTED)
    assert api.add_invoice(CONCEPT, debtor_id) is not None
    assert (desk.renewals, desk.count_invoices()) == (1, 1)


def test_an_answer_that_takes_too_long_is_given_up(desk: Desk) -> None:
    api, debtor_id = _open_with_debtor(desk)
    api.limit_time(timedelta(seconds=0.3))
    desk.fault("slow", method="POST", path=POSTED, seconds=30)
    with pytest.raises(AsperionUnknown):
        api.add_invoice(CONCEPT, debtor_id)
    with pytest.raises(AsperionNotSent):
        api.add_invoice(CONCEPT, debtor_id)
    desk.asperion.store.rest_faults.stopping.set()
    desk.asperion.store.rest_faults.stopping.clear()


def test_an_invoice_that_was_carried_out_twice_is_seen(desk: Desk) -> None:
    api, debtor_id = _open_with_debtor(desk)
    desk.fault("twice", method="POST", path=POSTED)
    assert api.add_invoice(CONCEPT, debtor_id) is not None
    assert len(list(api.list_invoices(description=CONCEPT.description))) == 2


@pytest.mark.parametrize("kind", LISTS)
def test_half_a_list_is_none(desk: Desk, kind: str) -> None:
    api, debtor_id = _open_with_debtor(desk)
    posted = [api.add_invoice(CONCEPT, debtor_id), api.add_invoice(CONCEPT, debtor_id)]
    assert None not in posted
    desk.fault(kind, path=POSTED, seconds=60, count=2)
    if kind in ("missing-item", "lagging"):  # which nobody can see in the list itself
        assert len(list(api.list_invoices(day=DAY))) < 2
        return
    with pytest.raises(AsperionUnavailable):
        list(api.list_invoices(day=DAY))


@pytest.mark.parametrize(
    ("status", "retry_after", "kind"),
    [
        (429, None, AsperionBusy),
        (429, "7", AsperionBusy),
        (429, "date:7", AsperionBusy),
        (503, "7", AsperionUnknown),
        (503, None, AsperionUnknown),
        (503, "zzyzx", AsperionUnknown),
        (403, None, AsperionForbidden),
        (404, None, AsperionForbidden),
        (400, None, AsperionInvalid),
        (422, None, AsperionInvalid),
        (409, None, AsperionUnknown),
    ],
)
def test_a_status_is_what_it_says(
    desk: Desk, status: int, retry_after: str | None, kind: type[AsperionError]
) -> None:
    api, debtor_id = _open_with_debtor(desk)
    desk.fault("status", method="POST", status=status, retry_after=retry_after)
    with pytest.raises(AsperionError) as error:
        api.add_invoice(CONCEPT, debtor_id)
    assert type(error.value) is kind
    assert desk.count_invoices() == 0


@pytest.mark.parametrize("status", ["403", "404"])
def test_an_administration_that_does_not_open_is_forbidden(desk: Desk, status: str) -> None:
    desk.guess(foreign_administration=status)
    with pytest.raises(AsperionForbidden):
        desk.open_api(administration_id=1).list_vat_codes()
    api, debtor_id = _open_with_debtor(desk)
    desk.asperion.store.administration(desk.licence).is_closed = True
    with pytest.raises(AsperionForbidden):
        api.add_invoice(CONCEPT, debtor_id)
    assert desk.open_api(administration_id=None).list_administrations()


def test_a_check_may_be_answered_by_nothing(desk: Desk) -> None:
    desk.guess(validate_only="empty")
    api, debtor_id = _open_with_debtor(desk)
    assert api.add_invoice(CONCEPT, debtor_id, validate_only=True) is None
    assert desk.count_invoices() == 0


@pytest.mark.parametrize("field", DebtorField)
def test_an_invoice_may_name_its_debtor_by_id(desk: Desk, field: DebtorField) -> None:
    desk.guess(debtor_field="either")
    api, debtor_id = _open_with_debtor(desk, guesses=AsperionGuesses(debtor_field=field))
    assert api.add_invoice(CONCEPT, debtor_id) is not None


def test_lines_may_be_with_vat_and_come_to_the_same(desk: Desk) -> None:
    desk.guess(line_amounts="incl")
    api, debtor_id = _open_with_debtor(desk)
    with pytest.raises(AsperionUnknown):
        api.add_invoice(CONCEPT, debtor_id)  # other amounts than were meant are noticed at once
    api, debtor_id = _open_with_debtor(desk, guesses=AsperionGuesses(line_amounts=LineAmounts.INCL))
    shown = api.add_invoice(CONCEPT, debtor_id)
    assert shown is not None
    assert (shown.excl, shown.incl) == (Decimal("120.10"), Decimal("142.92"))


def test_a_concept_is_deleted_where_that_is_possible(desk: Desk) -> None:
    api, debtor_id = _open_with_debtor(desk, guesses=AsperionGuesses(deletion=Deletion.WITH_LINES))
    shown = api.add_invoice(CONCEPT, debtor_id)
    assert shown is not None
    with pytest.raises(AsperionInvalid):
        api.delete_invoice(shown.id)
    desk.guess(deletion="on")
    api.delete_invoice(shown.id)
    assert api.find_invoice(shown.id) is None
    api.delete_invoice(shown.id)  # is gone already


def test_nobody_listens(desk: Desk) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    api = desk.open_api(base_url=url)
    with pytest.raises(AsperionNotSent):
        api.add_debtor(DEBTOR, "")
    with pytest.raises(AsperionNotSent):
        api.list_vat_codes()


def test_a_connection_that_is_no_secret_is_none(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        thread = threading.Thread(target=_answer_plainly, args=(plain,))
        thread.start()
        api = desk.open_api(base_url=f"https://127.0.0.1:{plain.getsockname()[1]}")
        with pytest.raises(AsperionNotSent):
            api.add_debtor(DEBTOR, "")
        thread.join()


def _answer_plainly(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")


def test_a_code_is_exchanged_once(desk: Desk) -> None:
    store = desk.asperion.store
    code = store.grants.allow(f"user-{desk.licence}", store.application.id, "*", BACK, CHALLENGE)
    identity = desk.open_identity("not-known-any-more", SECRET)
    grant = identity.exchange_code(code, verifier=VERIFIER, redirect_uri=BACK)
    assert grant.lifetime == timedelta(hours=1)
    assert grant.refresh is not None
    desk.access = grant.access
    assert desk.open_api().list_administrations()
    with pytest.raises(GrantRefused):
        identity.exchange_code(code, verifier=VERIFIER, redirect_uri=BACK)


def test_a_code_of_another_browser_is_refused(desk: Desk) -> None:
    store = desk.asperion.store
    code = store.grants.allow(f"user-{desk.licence}", store.application.id, "*", BACK, CHALLENGE)
    with pytest.raises(GrantRefused):
        desk.open_identity().exchange_code(code, verifier="x" * 43, redirect_uri=BACK)


@pytest.mark.parametrize("rotation", ["rotates", "keeps", "repeats"])
def test_a_refresh_token_is_replaced_or_goes_on(desk: Desk, rotation: str) -> None:
    desk.guess(rotation=rotation)
    first = desk.open_identity().refresh(desk.refresh)
    assert first.access != desk.access
    assert (first.refresh is None) == (rotation == "keeps")
    second = desk.open_identity().refresh(first.refresh or desk.refresh)
    assert second.access != first.access
    if rotation == "rotates":
        with pytest.raises(GrantRefused):
            desk.open_identity().refresh(desk.refresh)


@pytest.mark.parametrize("kind", [*LOST, "refused-fields"])
def test_a_lost_answer_of_the_identity_server_asks_nobody_to_connect_again(
    desk: Desk, kind: str
) -> None:
    desk.fault(kind, path="connect/token")
    with pytest.raises(AsperionUnavailable) as error:
        desk.open_identity().refresh(desk.refresh)
    assert "zzyzx" not in str(error.value)


def test_a_consent_that_was_taken_back_has_to_be_given_again(desk: Desk) -> None:
    store = desk.asperion.store
    for grant in store.grants.grants():
        if grant.user == f"user-{desk.licence}":
            store.grants.revoke(grant.id)
    with pytest.raises(GrantRefused):
        desk.open_identity().refresh(desk.refresh)


def test_a_secret_that_asperion_does_not_know_is_the_operators_matter(desk: Desk) -> None:
    with pytest.raises(AsperionUnavailable, match="own client id and secret"):
        desk.open_identity("neither", "nor").refresh(desk.refresh)


def test_a_new_debtor_gets_the_shops_number_of_the_customer_unless_it_is_taken(desk: Desk) -> None:
    api = desk.open_api()
    numbered = replace(DEBTOR, external_id=2269322)
    api.add_debtor(numbered, "")
    (first,) = api.find_debtors(DEBTOR.email)
    api.add_debtor(replace(numbered, email="ander@klant.example"), "")
    (second,) = api.find_debtors("ander@klant.example")
    own = desk.open_api(guesses=AsperionGuesses(sends_number=False))
    own.add_debtor(replace(DEBTOR, external_id=51, email="derde@klant.example"), "")
    (third,) = api.find_debtors("derde@klant.example")

    assert first.customer_number == "2269322"
    assert second.customer_number not in ("", "2269322")
    assert third.customer_number not in ("", "51")
