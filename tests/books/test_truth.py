"""What must hold for every order, whatever is in it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.days import local_day
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, InvoiceLine, LineKind, VatKind, VatTreatment
from chalicelib.domain.judgement import Verdict, judge, judge_invoice
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import Source, VatClass
from tests.books.boxes_by_hand import box_abroad, box_at_home
from tests.books.oracle import books_of, dutch_rates
from tests.books.sales import Abroad, abroad, nearly_closing, part_credit, whole_credit
from tests.books.strategies import FOREIGN, orders, to_cents
from tests.chance import thorough
from tests.fakes.documents_of_shop import terms

CENT = Decimal("0.01")
HALF = Decimal("0.005")


def booked(verdict: Verdict) -> Invoice:
    assert isinstance(verdict, Invoice), verdict
    return verdict


def assert_closes(invoice: Invoice, excl: Decimal, incl: Decimal) -> None:
    assert sum(line.excl for line in invoice.lines) == invoice.excl == excl
    assert sum(line.incl for line in invoice.lines) == invoice.incl == incl
    assert sum(line.vat for line in invoice.lines) == invoice.vat == incl - excl
    for part in ("excl", "vat", "incl"):
        assert sum(getattr(one, part) for one in invoice.totals) == getattr(invoice, part)


def assert_vat_fits(invoice: Invoice) -> None:
    lines: dict[VatTreatment, list[InvoiceLine]] = defaultdict(list)
    for line in invoice.lines:
        lines[line.treatment].append(line)
        assert line.excl + line.vat == line.incl
        if line.kind is not LineKind.ROUNDING:
            assert abs(line.vat - line.excl * line.treatment.rate) <= CENT
    for total in invoice.totals:
        of_rate = lines[total.treatment]
        rounding = sum(line.kind is LineKind.ROUNDING for line in of_rate)
        assert rounding <= 1
        bound = CENT * len(of_rate)
        if rounding:  # it takes what lines at other rates, and discounts, left of the total
            bound += 2 * CENT * len(invoice.lines) + CENT * len(invoice.totals)
        assert abs(total.vat - total.excl * total.treatment.rate) <= bound


@thorough
@given(orders())
def test_an_order_that_adds_up_is_booked_to_the_cent(order: Order) -> None:
    invoice = booked(judge(order, terms()))
    assert_closes(invoice, order.price_excl, order.price_incl)
    assert all(line.kind is not LineKind.ROUNDING for line in invoice.lines)


@thorough
@given(orders())
def test_base_times_rate_is_the_vat_within_a_cent_a_line(order: Order) -> None:
    assert_vat_fits(booked(judge(order, terms())))


@thorough
@given(orders())
def test_whoever_multiplies_quantity_and_unit_price_gets_the_same_books(order: Order) -> None:
    for line in booked(judge(order, terms())).lines:
        assert to_cents(line.quantity * line.unit_excl) == line.excl
        assert to_cents(line.quantity * line.unit_incl) == line.incl
        assert line.unit_excl == line.unit_excl.quantize(Decimal("0.0001"))


@thorough
@given(nearly_closing(6))
def test_the_naive_calculator_agrees(order: Order) -> None:
    expected = books_of(order)
    verdict = judge(order, terms())
    # Where one charge is spread over rates, a fraction of a cent decides what the naive one says.
    spread = len({tax.rate for tax in order.shipment.tax_rates}) > 1
    if isinstance(verdict, Hold):
        assert verdict.reason in (HoldReason.TOTALS_DIFFER, HoldReason.NEGATIVE_TOTAL)
        if verdict.reason is HoldReason.NEGATIVE_TOTAL:
            assert min(expected.excl, expected.incl) < 0
            return
        assert expected.refused or (spread and expected.rounding_excl != expected.rounding_incl)
        return
    assert expected.refused == [] or (spread and expected.refused == ["rounding"])
    rates = dutch_rates(local_day(order.created_at))
    found: dict[Fraction, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for line in booked(verdict).lines:
        assert Fraction(line.treatment.rate) in rates
        if line.kind is LineKind.ROUNDING:
            assert Fraction(line.excl) == expected.rounding_excl
            assert Fraction(line.incl) == expected.rounding_incl
        else:
            found[Fraction(line.treatment.rate)][0] += Fraction(line.excl)
            found[Fraction(line.treatment.rate)][1] += Fraction(line.incl)
    cents = Fraction(3, 100)  # what splitting shipping over rates may move between two rates
    for rate in set(found) | set(expected.rates):
        excl, incl = expected.rates.get(rate, [Fraction(0), Fraction(0)])
        assert abs(found[rate][0] - excl) < cents
        assert abs(found[rate][1] - incl) < cents
        if not spread:
            assert found[rate] == [excl, incl]


@thorough
@given(nearly_closing())
def test_at_most_one_rounding_line_where_the_equation_demands_it(
    order: Order,
) -> None:
    verdict = judge(order, terms())
    if isinstance(verdict, Hold):
        assert verdict.reason in (HoldReason.TOTALS_DIFFER, HoldReason.NEGATIVE_TOTAL)
        return
    invoice = booked(verdict)
    assert_closes(invoice, order.price_excl, order.price_incl)
    assert_vat_fits(invoice)
    rounding = [line for line in invoice.lines if line.kind is LineKind.ROUNDING]
    assert len(rounding) <= 1
    roundings = 2 * (len(invoice.lines) - 1) + len(invoice.totals)  # a discount has its own
    for line in rounding:
        assert max(abs(line.excl), abs(line.incl)) <= HALF * roundings
        assert line.excl or line.incl


@thorough
@given(nearly_closing(3), st.sampled_from([1, -1]))
def test_an_order_and_its_credit_note_are_nothing_per_rate(order: Order, sign: int) -> None:
    verdict = judge(order, terms())
    if isinstance(verdict, Hold):
        return
    note, items, original = whole_credit(order, sign)
    credit = judge_invoice(note, items, order, terms(source=Source.INVOICES), original=original)
    sums: dict[VatTreatment, list[Decimal]] = defaultdict(
        lambda: [Decimal(0), Decimal(0), Decimal(0)]
    )
    for total in (*booked(verdict).totals, *booked(credit).totals):
        for at, part in enumerate(("excl", "vat", "incl")):
            sums[total.treatment][at] += getattr(total, part)
    assert all(parts == [0, 0, 0] for parts in sums.values())
    assert booked(credit).incl <= 0


@thorough
@given(nearly_closing(8))
def test_no_order_is_ever_both_booked_and_held(order: Order) -> None:
    first, again = judge(order, terms()), judge(order, terms())
    assert first == again
    assert isinstance(first, Invoice) != isinstance(first, Hold)


@thorough
@given(st.sampled_from(sorted(FOREIGN)).flatmap(
    lambda country: orders(country=country, rates=(FOREIGN[country],))
))  # fmt: skip
def test_foreign_vat_is_booked_under_its_country_or_waits_for_a_mapping(order: Order) -> None:
    country = order.shipping.country
    assert country is not None
    mapped = terms(one_stop_shop=True, foreign_rates={(country, FOREIGN[country]): VatClass.HIGH})
    invoice = booked(judge(order, mapped))
    assert_closes(invoice, order.price_excl, order.price_incl)
    assert_vat_fits(invoice)
    for line in invoice.lines:
        if line.incl:
            assert (line.treatment.kind, line.treatment.country) == (VatKind.OSS, country)
    waiting = judge(order, terms(one_stop_shop=True))
    if order.price_incl:
        assert isinstance(waiting, Hold)
        assert waiting.reason is HoldReason.RATE_FOREIGN


@thorough
@given(orders(rates=(Decimal(0),)))
def test_a_small_business_books_everything_without_vat(order: Order) -> None:
    invoice = booked(judge(order, terms(small_business_scheme=True)))
    assert {one.treatment.kind for one in invoice.totals} == {VatKind.SMALL_BUSINESS}
    assert invoice.vat == 0


@thorough
@given(orders())
def test_a_small_business_books_no_vat_ever(order: Order) -> None:
    verdict = judge(order, terms(small_business_scheme=True))
    if isinstance(verdict, Invoice):
        assert verdict.vat == 0
    else:
        assert isinstance(verdict, Hold)
        assert verdict.reason is HoldReason.SMALL_BUSINESS_VAT


@thorough
@given(abroad())
def test_what_goes_abroad_without_vat_says_why(sale: Abroad) -> None:
    invoice = booked(judge(sale.order, terms()))
    assert_closes(invoice, sale.order.price_excl, sale.order.price_incl)
    assert invoice.vat == 0
    for line in invoice.lines:
        free = line.excl == line.incl == 0
        assert line.treatment.kind is (VatKind.DOMESTIC if free else sale.kind)
        assert line.treatment.country == "NL"


@thorough
@given(abroad(), st.booleans())
def test_what_goes_abroad_without_vat_lands_where_a_bookkeeper_puts_it(
    sale: Abroad, sells_services: bool
) -> None:
    codes = {line.article_code.strip() for line in sale.order.lines}
    services = frozenset(codes if sells_services else ())
    invoice = booked(judge(sale.order, terms(service_articles=services)))
    number = invoice.debtor.vat_number
    wanted = box_abroad(sale.kind.value, number, is_service=sells_services)
    for line in invoice.lines:
        free = line.excl == line.incl == 0
        found = (line.place.box.value, line.place.supply.value)
        assert found == (("outside", "goods") if free else wanted)
        assert line.place.distance_to == ""


@thorough
@given(orders())
def test_what_is_sold_at_home_lands_where_a_bookkeeper_puts_it(order: Order) -> None:
    for line in booked(judge(order, terms())).lines:
        free = line.excl == line.incl == 0
        wanted = box_at_home(Fraction(line.treatment.rate), local_day(order.created_at))
        assert line.place.box.value == ("outside" if free else wanted)


@thorough
@given(st.one_of(orders(), abroad().map(lambda sale: sale.order)), st.data())
def test_a_part_that_is_credited_keeps_the_vat_of_what_was_sold(
    order: Order, data: st.DataObject
) -> None:
    services = data.draw(st.sampled_from([frozenset(), frozenset({"A&B"}), frozenset({""})]))
    sold = booked(judge(order, terms(service_articles=services)))
    note, items, original = data.draw(part_credit(order))
    credit = judge_invoice(
        note, items, order, terms(source=Source.INVOICES, service_articles=services),
        original=original,
    )  # fmt: skip
    taxed: dict[tuple[LineKind, str, Decimal], set[object]] = defaultdict(set)
    for line in sold.lines:
        key = (line.kind, line.article_code, line.treatment.rate)
        taxed[key].add((line.treatment, line.place))
    for line in booked(credit).lines:
        key = (line.kind, line.article_code, line.treatment.rate)
        assert (line.treatment, line.place) in taxed[key]
    assert_vat_fits(booked(credit))
    assert booked(credit).incl <= 0
