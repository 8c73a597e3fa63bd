"""Judges a SEOshop order, invoice or credit note: it becomes an invoice, is held, or is not due.

The verdict depends on the document and the merchant's settings alone. A hold has the first reason
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain.behaviours import Rule
from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.debtor import make_debtor
from chalicelib.domain.documents import (
    choose_invoice_day,
    describe_credit_note,
    describe_order,
    find_invoice_day,
    find_original,
    first_invoice,
)
from chalicelib.domain.drafts import (
    Draft,
    draft_credit_lines,
    draft_invoice_lines,
    leave_free_out,
)
from chalicelib.domain.holds import HeldBack, Hold, HoldReason
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.late_documents import date_late_document
from chalicelib.domain.lines import make_invoice_lines
from chalicelib.domain.money import Amount
from chalicelib.domain.orders import (
    InvoiceItem,
    Order,
    OrderLine,
    Priced,
    ShopInvoice,
)
from chalicelib.domain.payments import choose_payment_code
from chalicelib.domain.policy import GiftCardPayments, Policy, ZeroOrders, not_due
from chalicelib.domain.totals import reconcile_totals, sum_by_treatment
from chalicelib.domain.treatment import NETHERLANDS, Sale
from chalicelib.domain.vat import find_vat_territory, is_territory_unclear
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a verdict depends on besides the document: the merchant's policy, the shop's currency
    (ISO 4217) and country (alpha-2; empty counts as the Netherlands), the rules of its behaviour,
    and the time of payment for policies that date by payment, when the order does not contain it.
    Up to and including `locked_until` nothing is booked any more; None when the books are open.
    """

    policy: Policy
    currency: str
    country: str
    paid_at: datetime | None = None
    locked_until: date | None = None
    rules: frozenset[Rule] = frozenset()


@dataclass(frozen=True, slots=True)
class NotDue:
    """Nothing to book: `cause` says why."""

    cause: DropCause


Verdict = Invoice | Hold | NotDue


def pick_invoices(verdicts: Iterable[Verdict]) -> list[Invoice]:
    """What is to be booked of them."""
    return [verdict for verdict in verdicts if isinstance(verdict, Invoice)]


def judge(order: Order, terms: Terms) -> Verdict:
    """Judge an order, for shops that export paid orders.

    The invoice date is by default the *order* date. That is an inference from figure 5 of the
    manual: its dates rise with the order numbers (ORD000032 on 16, ORD000033 on 17 November),
    whereas the invoice numbers of those two run the other way (INV000038, INV000037), so it cannot
    have been the invoice date that the list shows.
    """
    cause = not_due(order, terms.policy)
    if cause is not None:
        return NotDue(cause)

    def make_invoice() -> Invoice:
        invoice = first_invoice(order.invoices)
        return _make_invoice(order, invoice, draft_invoice_lines(order), order.price, terms)

    return _judge(order, terms, make_invoice)


def judge_invoice(
    document: ShopInvoice,
    items: Sequence[InvoiceItem],
    order: Order,
    terms: Terms,
    *,
    original: ShopInvoice | None = None,
    booked_on: date | None = None,
) -> Verdict:
    """Judge SEOshop's own invoice or credit note, for shops that export all invoices, paid or not.

    An invoice over the whole order is built from the order, which has more detail, one over a part
    from its `items`. A credit note is mirrored from its items: negative whatever sign SEOshop
    gives, dated on its own day, at the VAT rates of its order. It names `original`, which is found
    in the order when not given, and corrects the period of `booked_on`, when that was booked, or
    else of the day on which it would be. Raises ValueError when the document is of another order.
    """
    if document.order_id not in (None, order.id):
        raise ValueError(f"invoice {document.number} does not belong to order {order.number}")
    if document.is_cancelled:
        return NotDue(DropCause.CANCELLED)

    def make_invoice() -> Invoice:
        if not document.is_credit_note:
            drafts = draft_invoice_lines(order, document, items)
            return _make_invoice(order, document, drafts, document.price, terms)
        credited = original or find_original(document, order)
        drafts = draft_credit_lines(order, document, items)
        wanted = -abs(document.price)
        corrects_on = booked_on or find_invoice_day(order, credited, terms.policy, terms.paid_at)
        note = _make_invoice(order, document, drafts, wanted, terms, original=credited)
        return replace(note, corrects_on=corrects_on)

    return _judge(document, terms, make_invoice)


def _judge(source: Priced, terms: Terms, make_invoice: Callable[[], Invoice]) -> Verdict:
    """Make the invoice, unless it is held or of no value. Numbers that cannot be calculated with
    (not a number, more digits than money has) are SEOshop's mistake and hold this order only.
    """
    try:
        if not source.price and terms.policy.zero_orders is ZeroOrders.SKIP:
            return NotDue(DropCause.ZERO_VALUE)
        return date_by_lock(make_invoice(), terms)
    except HeldBack as held:
        return held.hold
    except ArithmeticError:
        return Hold(HoldReason.UNREADABLE)


def date_by_lock(invoice: Invoice, terms: Terms) -> Invoice:
    """The invoice by the closed period of these terms; raises `HeldBack`. Last of all: what is held
    as late is right in everything else.
    """
    return date_late_document(
        invoice, locked_until=terms.locked_until, late_orders=terms.policy.late_orders
    )


def _make_invoice(
    order: Order,
    document: ShopInvoice | None,
    drafts: Sequence[Draft],
    wanted: Amount,
    terms: Terms,
    *,
    original: ShopInvoice | None = None,
) -> Invoice:
    """Make the invoice over `wanted`, a credit note on `original` if given; raises `HeldBack`."""
    policy, number = terms.policy, document.number if document else None
    if document and original:
        day = local_day(document.created_at)
        description = describe_credit_note(order.number, document.number, original.number)
    else:
        day = choose_invoice_day(order, document, policy, terms.paid_at)
        description = describe_order(order, number, policy.description_pattern)
    debtor = make_debtor(order)
    _check_document(order, terms, drafts, None if original else wanted)
    is_vat_shifted = any(one.is_vat_shifted for one in (document, original) if one)
    sale = _make_sale(order, terms, debtor, is_vat_shifted=is_vat_shifted)
    if Rule.LEAVE_FREE_LINES_OUT in terms.rules:
        drafts = leave_free_out(drafts)
    discounts = sum(bool(draft.discount and draft.amount) for draft in drafts)
    lines = reconcile_totals(make_invoice_lines(drafts, sale), wanted, discounts=discounts)
    return Invoice(
        order_id=order.id,
        order_number=order.number,
        invoice_number=number,
        credits=original.number if original else None,
        day=day,
        rates_of=sale.day,
        description=description,
        currency=terms.currency,
        # Where nothing was to be paid, the method does not matter.
        payment_code=choose_payment_code(policy, order.payment_id) if wanted.incl else None,
        payment_method=order.payment_id,
        debtor=debtor,
        lines=lines,
        totals=sum_by_treatment(lines),
        excl=wanted.excl,
        vat=wanted.vat,
        incl=wanted.incl,
    )


def _check_document(
    order: Order, terms: Terms, drafts: Sequence[Draft], charged: Amount | None
) -> None:
    """Raise `HeldBack` for what concerns all of a document; a credit note has nothing `charged`."""
    if terms.currency not in terms.policy.accepted_currencies:
        raise HeldBack(HoldReason.CURRENCY, terms.currency)
    if not drafts:
        raise HeldBack(HoldReason.NO_LINES)
    if charged and min(charged.excl, charged.incl) < 0:
        figures = {"order_excl": charged.excl, "order_incl": charged.incl}
        raise HeldBack(HoldReason.NEGATIVE_TOTAL, figures=figures)
    if order.has_gift_card_payment and terms.policy.gift_card_payments is GiftCardPayments.HOLD:
        raise HeldBack(HoldReason.GIFT_CARD_PAYMENT)


def _make_sale(order: Order, terms: Terms, debtor: Debtor, *, is_vat_shifted: bool) -> Sale:
    """Goods go to the delivery address, else to the billing address; if collected, they stay."""
    day = local_day(order.created_at)
    home = terms.country or NETHERLANDS
    address = order.destination
    country, postal_code = address.country or "", address.postal_code
    territory = find_vat_territory(country, postal_code, day)
    is_unclear = not order.is_pickup and is_territory_unclear(country, postal_code)
    policy, codes = terms.policy, {line.article_code.strip() for line in order.lines}
    sold = codes - policy.outside_vat_articles
    return Sale(
        home=home,
        territory=home if order.is_pickup else territory,
        is_territory_unclear=is_unclear,
        day=day,
        vat_number=debtor.vat_number or None,
        is_vat_shifted=is_vat_shifted,
        has_only_services=bool(sold) and sold <= policy.service_articles,
        has_outside_vat=not codes.isdisjoint(policy.outside_vat_articles),
        has_taxed_lines=any(line.price.vat for line in order.lines),
        article_rates=frozenset(_list_rates(order.lines)),
        policy=policy,
    )


def _list_rates(lines: Sequence[OrderLine]) -> Iterator[Decimal]:
    for line in lines:
        yield from {tax.rate for tax in line.tax_rates} or {line.tax_rate}
