from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sandbox.seoshop.pricing import (
    cents,
    part_of,
    price,
    price_excluding,
    price_including,
    price_mixed,
    spread,
)

RATES = st.sampled_from([Decimal(0), Decimal("0.06"), Decimal("0.09"), Decimal("0.21")])
MONEY = st.decimals(0, 5000, places=2)


def test_the_documented_mug_comes_out_to_four_decimals() -> None:
    mug = price_including(Decimal("0.21"), 2, Decimal("14.95"), Decimal("2.99"))
    assert (mug.base_excl, mug.base_incl) == (Decimal("12.3554"), Decimal("14.95"))
    assert (mug.excl, mug.incl) == (Decimal("22.24"), Decimal("26.91"))
    assert (mug.discount_excl, mug.discount_incl) == (Decimal("2.47"), Decimal("2.99"))
    assert mug.taxes[0].amount == Decimal("4.6703")


def test_the_documented_book_shipping_and_payment_costs_agree() -> None:
    book = price_including(Decimal("0.09"), 1, Decimal("21.80"), Decimal("2.18"))
    assert (book.excl, book.taxes[0].amount) == (Decimal(18), Decimal("1.62"))
    shipping = price_including(Decimal("0.21"), 1, Decimal("4.95"), Decimal(0))
    assert (shipping.base_excl, shipping.excl) == (Decimal("4.0909"), Decimal("4.09"))
    assert shipping.taxes[0].amount == Decimal("0.8591")
    costs = price_including(Decimal("0.21"), 1, Decimal("0.50"), Decimal(0))
    assert costs.taxes[0].amount == Decimal("0.0868")


def test_a_shop_that_sells_excluding_vat_keeps_the_excluding_amount() -> None:
    line = price_excluding(Decimal("0.21"), 3, Decimal("10.33"), Decimal("1.00"))
    assert (line.excl, line.incl) == (Decimal("29.99"), Decimal("36.29"))
    assert price(False, Decimal("0.21"), 1, unit_incl=Decimal("12.10")).excl == Decimal("10.00")


def test_mixed_shipping_divides_the_whole() -> None:
    high, low = (Decimal("0.21"), Decimal("0.58")), (Decimal("0.09"), Decimal("0.42"))
    both = price_mixed(Decimal("6.95"), [high, low])
    assert [tax.rate for tax in both.taxes] == [Decimal("0.21"), Decimal("0.09")]
    assert cents(both.excl + sum(tax.amount for tax in both.taxes)) == Decimal("6.95")


@given(RATES, st.integers(1, 999), MONEY)
def test_vat_fits_the_rate_within_a_cent_a_line(
    rate: Decimal, quantity: int, unit: Decimal
) -> None:
    for make in (price_including, price_excluding):
        line = make(rate, quantity, unit, Decimal(0))
        assert abs(line.incl - line.excl - line.excl * rate) <= Decimal("0.0121")
        assert abs(line.taxes[0].amount - (line.incl - line.excl)) <= Decimal("0.0051")


@given(st.lists(MONEY, min_size=1, max_size=8), MONEY)
def test_a_spread_discount_is_spent_to_the_cent(lines: list[Decimal], discount: Decimal) -> None:
    assert sum(spread(discount, lines)) == discount


@given(RATES, st.integers(2, 50), MONEY, st.booleans())
def test_parts_of_a_line_differ_from_the_whole_by_rounding_only(
    rate: Decimal, quantity: int, unit: Decimal, includes: bool
) -> None:
    whole = price(includes, rate, quantity, unit_incl=unit)
    one = part_of(whole, 1, quantity, includes)
    rest = part_of(whole, quantity - 1, quantity, includes)
    assert abs(one.incl + rest.incl - whole.incl) <= Decimal("0.02")
    assert part_of(whole, quantity, quantity, includes) == whole


def test_a_coupon_for_all_of_it_never_ends_below_zero() -> None:
    unit = Decimal("3.345")
    line = price(False, Decimal("0.21"), 1, unit_excl=unit, discount=Decimal("3.35"))
    assert (line.excl, line.incl) == (Decimal(0), Decimal(0))
