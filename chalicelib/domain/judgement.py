"""Judges a SEOshop order, invoice or credit note: it becomes an invoice, is held, or is not due.

The verdict depends on the document and the merchant's settings alone. A hold has the first reason
found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.causes import DropCause
from chalicelib.domain.dating import choose_invoice_day
from chalicelib.domain.days import local_day
from chalicelib.domain.debtor import make_debtor
from chalicelib.domain.descriptions import describe_credit_note, describe_order
from chalicelib.domain.documents import (
    draft_credit_lines,
    draft_invoice_lines,
    find_original,
    first_invoice,
)
from chalicelib.domain.drafts import Draft, draft_order_lines
from chalicelib.domain.due import not_due
from chalicelib.domain.holds import HeldBack, Hold, HoldReason
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.lines import make_invoice_lines
from chalicelib.domain.money import round_cents
from chalicelib.domain.orders import InvoiceItem, Order, ShopInvoice
from chalicelib.domain.payments import choose_payment_code
from chalicelib.domain.policy import GiftCardPayments, Policy, ZeroOrders
from chalicelib.domain.statuses import InvoiceStatus
from chalicelib.domain.totals import Amount, reconcile_totals, sum_by_treatment
from chalicelib.domain.treatment import NETHERLANDS, Sale
from chalicelib.domain.vat import find_vat_territory


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a verdict depends on besides the document: the merchant's policy, the shop's currency
    (ISO 4217) and country (alpha-2; empty counts as the Netherlands), and the time of payment for
    policies that date by payment, when the order itself does not contain it.
    """

    policy: Policy
    currency: str
    country: str
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotDue:
    """Nothing to book: `cause` says why."""

    cause: DropCause


Verdict = Invoice | Hold | NotDue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """An order, invoice or credit note with its lines drafted."""

    drafts: Sequence[Draft]
    wanted: Amount
    day: date
    description: str
    invoice_number: str | None
    credits: str | None = None
    is_vat_shifted: bool


def judge(order: Order, terms: Terms) -> Verdict:
    """Judge an order, for shops that export paid orders.

    The invoice date is by default the *order* date. That is an inference from figure 5 of the
    manual: its dates rise with the order numbers (ORD000032 on 16, ORD000033 on 17 November),
    whereas the invoice numbers of those two run the other way (INV000038, INV000037), so it cannot
    have been the invoice date that the list shows.
    """
    cause = not_due(status=order.status, payment_status=order.payment_status, policy=terms.policy)
    if cause is not None:
        return NotDue(cause)
    return _judge_draft(order, order, terms, lambda: _draft_order(order, terms))


def judge_invoice(
    document: ShopInvoice,
    items: Sequence[InvoiceItem],
    order: Order,
    terms: Terms,
    *,
    original: ShopInvoice | None = None,
) -> Verdict:
    """Judge SEOshop's own invoice or credit note, for shops that export all invoices, paid or not.

    An invoice over the whole order is built from the order, which has more detail, one over a part
    from its `items`. A credit note is mirrored from its items: negative whatever sign SEOshop
    gives, dated on its own day, at the VAT rates of its order. It names `original`, which is found
    in the order when not given. Raises ValueError when the document is of another order.
    """
    if document.order_id not in (None, order.id):
        raise ValueError(f"invoice {document.number} does not belong to order {order.number}")
    if document.status == InvoiceStatus.CANCELLED:
        return NotDue(DropCause.CANCELLED)

    def draft_document() -> _Document:
        if document.is_credit_note:
            return _draft_credit_note(document, items, order, original)
        return _draft_invoice(document, items, order, terms)

    return _judge_draft(document, order, terms, draft_document)


def _judge_draft(
    source: Order | ShopInvoice, order: Order, terms: Terms, draft_document: Callable[[], _Document]
) -> Verdict:
    """Draft a document and judge it. Numbers that cannot be calculated with (not a number, more
    digits than money has) are SEOshop's mistake and hold this order only.
    """
    try:
        is_zero = round_cents(source.price_excl) == round_cents(source.price_incl) == 0
        if is_zero and terms.policy.zero_orders is ZeroOrders.SKIP:
            return NotDue(DropCause.ZERO_VALUE)
        return _make_invoice(order, terms, draft_document())
    except HeldBack as held:
        return held.hold
    except ArithmeticError:
        return Hold(HoldReason.UNREADABLE)


def _draft_order(order: Order, terms: Terms) -> _Document:
    invoice = first_invoice(order.invoices)
    number = invoice.number if invoice else None
    return _Document(
        drafts=draft_order_lines(order),
        wanted=Amount(round_cents(order.price_excl), round_cents(order.price_incl)),
        day=choose_invoice_day(order, invoice, terms.policy, terms.paid_at),
        description=describe_order(order.number, number),
        invoice_number=number,
        is_vat_shifted=invoice is not None and invoice.is_vat_shifted,
    )


def _draft_invoice(
    document: ShopInvoice, items: Sequence[InvoiceItem], order: Order, terms: Terms
) -> _Document:
    return _Document(
        drafts=draft_invoice_lines(document, tuple(items), order),
        wanted=Amount(round_cents(document.price_excl), round_cents(document.price_incl)),
        day=choose_invoice_day(order, document, terms.policy, terms.paid_at),
        description=describe_order(order.number, document.number),
        invoice_number=document.number,
        is_vat_shifted=document.is_vat_shifted,
    )


def _draft_credit_note(
    document: ShopInvoice,
    items: Sequence[InvoiceItem],
    order: Order,
    original: ShopInvoice | None,
) -> _Document:
    original = find_original(document, order, original)
    amount = Amount(-abs(round_cents(document.price_excl)), -abs(round_cents(document.price_incl)))
    return _Document(
        drafts=draft_credit_lines(document, tuple(items), order),
        wanted=amount,
        day=local_day(document.created_at),
        description=describe_credit_note(order.number, document.number, original.number),
        invoice_number=document.number,
        credits=original.number,
        is_vat_shifted=document.is_vat_shifted or original.is_vat_shifted,
    )


def _make_invoice(order: Order, terms: Terms, document: _Document) -> Invoice:
    customer = make_debtor(order)
    _check_document(order, terms, document)
    sale = _make_sale(order, terms, customer, document)
    lines = reconcile_totals(make_invoice_lines(document.drafts, sale), document.wanted)
    return Invoice(
        order_id=order.id,
        order_number=order.number,
        invoice_number=document.invoice_number,
        credits=document.credits,
        day=document.day,
        rates_of=sale.day,
        description=document.description,
        currency=terms.currency,
        payment_code=_choose_payment_code(order, terms, document),
        debtor=customer,
        lines=lines,
        totals=sum_by_treatment(lines),
        excl=document.wanted.excl,
        vat=document.wanted.incl - document.wanted.excl,
        incl=document.wanted.incl,
    )


def _choose_payment_code(order: Order, terms: Terms, document: _Document) -> str | None:
    """The payment code; None where nothing was to be paid, whatever the method."""
    if document.wanted.incl == 0:
        return None
    return choose_payment_code(terms.policy, order.payment_id)


def _check_document(order: Order, terms: Terms, document: _Document) -> None:
    """Raise `HeldBack` for what concerns the document as a whole."""
    if terms.currency not in terms.policy.accepted_currencies:
        raise HeldBack(HoldReason.CURRENCY, terms.currency)
    if not document.drafts:
        raise HeldBack(HoldReason.NO_LINES)
    if document.credits is None and min(document.wanted.excl, document.wanted.incl) < 0:
        raise HeldBack(
            HoldReason.NEGATIVE_TOTAL,
            figures={"order_excl": document.wanted.excl, "order_incl": document.wanted.incl},
        )
    if order.has_gift_card_payment and terms.policy.gift_card_payments is GiftCardPayments.HOLD:
        raise HeldBack(HoldReason.GIFT_CARD_PAYMENT)


def _make_sale(order: Order, terms: Terms, customer: Debtor, document: _Document) -> Sale:
    """Goods go to the delivery address, else to the billing address; if collected, they stay."""
    day = local_day(order.created_at)
    home = terms.country or NETHERLANDS
    destination = order.shipping if order.shipping.country else order.billing
    territory = find_vat_territory(destination.country or "", destination.zipcode, day)
    return Sale(
        home=home,
        territory=home if order.is_pickup else territory,
        day=day,
        vat_number=customer.vat_number or None,
        is_vat_shifted=document.is_vat_shifted,
        has_only_services=_has_only_services(order, terms.policy),
        policy=terms.policy,
    )


def _has_only_services(order: Order, policy: Policy) -> bool:
    return bool(order.lines) and all(
        line.article_code in policy.service_articles for line in order.lines
    )
