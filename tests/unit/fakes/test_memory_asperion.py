"""Asperion in memory does what the port says, and fails as a test asks it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.concepts import CodeTotal, Concept, ConceptLine, InvoiceStatus
from chalicelib.domain.invoices import Debtor
from chalicelib.errors import (
    AsperionError,
    AsperionForbidden,
    AsperionInvalid,
    AsperionUnauthorised,
    AsperionUnavailable,
    AsperionUnknown,
    GrantRefused,
)
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES, HIGH_SALES, LISTS, SALES
from tests.fakes.memory_asperion import DE_WILG, MemoryAsperion, MemoryAsperionApi
from tests.fakes.memory_identity import MemoryIdentity, write_challenge
from tests.fakes.web import SteppingClock

DAY = date(2026, 11, 23)
BACK = "https://koppeling.example/api/asperion"
DEBTOR = Debtor(
    external_id=None,
    email="klant@voorbeeld.example",
    name="K. Lant",
    firstname="K.",
    middlename="",
    lastname="Lant",
    company="",
    phone="",
    vat_number="",
    coc_number="",
    addresses=(),
)
LINE = ConceptLine(
    description="Kaas",
    amount=Decimal("100.00"),
    vat_amount=Decimal("21.00"),
    vat_code="H",
    ledger_account_id=HIGH_SALES,
)
CONCEPT = Concept(
    day=DAY,
    description="Order 1",
    journal_id=SALES,
    payment_condition_id=None,
    debtor=DEBTOR,
    debtor_kind="",
    lines=(LINE,),
)


@dataclass
class OneToken:
    """Port `AccessTokens`: the token of a grant, renewed by its refresh token."""

    identity: MemoryIdentity

    def __post_init__(self) -> None:
        self.grant = self.identity.grant()

    def get(self) -> str:
        return self.grant.access

    def renew(self, refused: str) -> str:
        if self.grant.access == refused and self.grant.refresh:
            self.grant = self.identity.refresh(self.grant.refresh)
        return self.grant.access


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def asperion(clock: SteppingClock) -> MemoryAsperion:
    return MemoryAsperion(clock)


@pytest.fixture
def api(asperion: MemoryAsperion) -> MemoryAsperionApi:
    return asperion.open_api(OneToken(asperion.identity), DE_WILG.id)


def post(api: MemoryAsperionApi, concept: Concept = CONCEPT) -> int:
    """Post a concept for its debtor, who is made when nobody has his address."""
    found = api.find_debtors(concept.debtor.email)
    debtor_id = found[0].id if found else api.add_debtor(concept.debtor, concept.debtor_kind)
    shown = api.add_invoice(concept, debtor_id)
    assert shown is not None
    return shown.id


def test_what_is_posted_is_listed_by_day_debtor_and_description(api: MemoryAsperionApi) -> None:
    first = post(api)
    post(api, replace(CONCEPT, description="Order 10"))
    (shown,) = api.list_invoices(day=DAY, description="Order 1")
    assert (shown.id, shown.status, shown.incl) == (first, InvoiceStatus.CONCEPT, Decimal(121))
    assert shown.codes == {"H": CodeTotal(excl=Decimal("100.00"), vat=Decimal("21.00"))}
    assert len(list(api.list_invoices(debtor_id=shown.debtor_id, journal_id=SALES))) == 2
    assert list(api.list_invoices(day=DAY + timedelta(days=1))) == []


def test_a_debtor_is_found_whatever_the_capitals_and_not_by_a_part(api: MemoryAsperionApi) -> None:
    made = api.add_debtor(DEBTOR, "WEB")
    assert [each.id for each in api.find_debtors("KLANT@voorbeeld.example")] == [made]
    assert api.find_debtors("lant@voorbeeld.example") == []


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (lambda line: replace(line, vat_code="IH"), ("vat_code",)),
        (lambda line: replace(line, vat_code="H19"), ("vat_code",)),
        (lambda line: replace(line, ledger_account_id=8099), ("ledger_account",)),
        (lambda line: replace(line, amount=Decimal("1.005")), ("amount",)),
    ],
)
def test_a_concept_that_does_not_fit_is_refused_also_when_it_is_only_validated(
    api: MemoryAsperionApi,
    change: Callable[[ConceptLine], ConceptLine],
    fields: tuple[str, ...],
) -> None:
    concept = replace(CONCEPT, lines=(change(LINE),))
    with pytest.raises(AsperionInvalid) as refused:
        api.add_invoice(concept, None, validate_only=True)
    assert refused.value.fields == fields
    assert api.add_invoice(CONCEPT, None, validate_only=True) is None
    assert list(api.list_invoices()) == []


@pytest.mark.parametrize(
    ("fault", "error", "stored"),
    [
        (Fault.LOST_BEFORE, AsperionUnknown, 0),
        (Fault.LOST_AFTER, AsperionUnknown, 1),
        (Fault.TWICE_LOST, AsperionUnknown, 2),
        (Fault.UNAVAILABLE, AsperionUnknown, 0),
        (Fault.UNAUTHORISED, AsperionUnauthorised, 0),
        (Fault.FORBIDDEN, AsperionForbidden, 0),
        (Fault.INVALID, AsperionInvalid, 0),
    ],
)
def test_a_post_that_goes_wrong_stores_what_the_fault_says(
    api: MemoryAsperionApi,
    asperion: MemoryAsperion,
    fault: Fault,
    error: type[AsperionError],
    stored: int,
) -> None:
    asperion.fail(fault, "add_invoice", times=1)
    with pytest.raises(error):
        post(api)
    assert len(list(api.list_invoices())) == stored
    post(api)
    assert len(list(api.list_invoices())) == stored + 1


def test_what_comes_late_and_a_list_that_lags_are_seen_after_a_while(
    api: MemoryAsperionApi, asperion: MemoryAsperion, clock: SteppingClock
) -> None:
    asperion.books.lag = timedelta(seconds=30)
    asperion.fail(Fault.LATE, "add_invoice", times=1)
    with pytest.raises(AsperionUnknown):
        post(api)
    clock.advance(seconds=80)
    assert list(api.list_invoices()) == []
    clock.advance(seconds=31)
    assert len(list(api.list_invoices())) == 1


def test_a_list_that_is_cut_is_no_list(api: MemoryAsperionApi, asperion: MemoryAsperion) -> None:
    post(api)
    post(api, replace(CONCEPT, description="Order 2"))
    asperion.fail(Fault.HALF_LIST, "list_invoices", times=1)
    with pytest.raises(AsperionUnavailable):
        list(api.list_invoices())
    assert len(list(api.list_invoices())) == 2


def test_a_token_that_is_over_is_renewed_and_a_revoked_one_is_not(
    api: MemoryAsperionApi, asperion: MemoryAsperion, clock: SteppingClock
) -> None:
    clock.advance(hours=2)
    assert api.list_vat_codes() == list(LISTS.vat_codes)
    asperion.identity.revoke()
    with pytest.raises(GrantRefused):
        api.list_vat_codes()


def test_a_refresh_token_that_was_replaced_counts_no_more(asperion: MemoryAsperion) -> None:
    first = asperion.identity.grant()
    assert first.refresh is not None
    asperion.fail(Fault.LOST_AFTER, "refresh", times=1)
    with pytest.raises(AsperionUnavailable):
        asperion.identity.refresh(first.refresh)
    with pytest.raises(GrantRefused):
        asperion.identity.refresh(first.refresh)


def test_a_code_is_exchanged_once_and_by_its_own_verifier_only(asperion: MemoryAsperion) -> None:
    identity = asperion.identity
    url = identity.write_authorize_url(
        state="s", challenge=write_challenge("verifier"), redirect_uri=BACK
    )
    code = identity.consent(url).partition("code=")[2].partition("&")[0]
    with pytest.raises(GrantRefused):
        identity.exchange_code(code, verifier="another", redirect_uri=BACK)
    grant = identity.exchange_code(code, verifier="verifier", redirect_uri=BACK)
    assert identity.find_account(grant.access) is not None
    with pytest.raises(GrantRefused):
        identity.exchange_code(code, verifier="verifier", redirect_uri=BACK)


def test_what_people_do_is_what_the_api_shows(
    api: MemoryAsperionApi, asperion: MemoryAsperion
) -> None:
    books, first = asperion.books, post(api)
    books.change_amount(first)
    shown = api.find_invoice(first)
    assert shown is not None
    assert shown.incl == Decimal("122.00")
    books.make_definitive(first)
    with pytest.raises(AsperionInvalid):
        api.delete_invoice(first)
    second = post(api, replace(CONCEPT, description="Order 2"))
    api.delete_invoice(second)
    assert api.find_invoice(second) is None
    books.end_vat_code("H", DAY - timedelta(days=1))
    with pytest.raises(AsperionInvalid):
        post(api)
    books.close_administration()
    with pytest.raises(AsperionForbidden):
        api.list_daybooks()
    assert api.list_administrations() != []


def test_the_choices_fit_the_lists() -> None:
    codes = {each.id for each in LISTS.vat_codes if each.is_for_sales}
    assert {each.code for each in CHOICES.vat_codes} <= codes
    accounts = {each.id for each in LISTS.ledger_accounts if not each.is_disabled}
    assert set(CHOICES.ledger_accounts.values()) <= accounts
