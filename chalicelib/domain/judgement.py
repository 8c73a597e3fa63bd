"""The judgement: a SEOshop order, invoice or credit note becomes an invoice, or is held.

Pure functions of what the shop says and what the merchant decided. Every document gets exactly
one verdict; a hold names the first obstacle found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.closing import Amount, close, totals_by_treatment
from chalicelib.domain.dating import invoice_day
from chalicelib.domain.days import local_day
from chalicelib.domain.debtor import debtor
from chalicelib.domain.documents import credit_drafts, first_invoice, invoice_drafts, original_of
from chalicelib.domain.drafts import Draft, order_drafts
from chalicelib.domain.due import CANCELLED, ZERO_VALUE, not_due
from chalicelib.domain.holds import HeldBack, Hold, HoldReason
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.lines import invoice_lines
from chalicelib.domain.money import cents
from chalicelib.domain.orders import InvoiceItem, Order, ShopInvoice
from chalicelib.domain.payments import payment_code
from chalicelib.domain.policy import GiftCardPayments, Policy, ZeroOrders
from chalicelib.domain.statuses import InvoiceStatus
from chalicelib.domain.treatment import NETHERLANDS, Sale
from chalicelib.domain.vat import vat_territory
from chalicelib.domain.wording import credit_description, order_description


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a verdict depends on besides the document: the merchant's policy, the shop's currency
    (ISO 4217) and country (alpha-2; a shop that states none is Dutch), and, where the policy dates
    by payment and the order itself does not know it, the moment of payment.
    """

    policy: Policy
    currency: str
    country: str
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotDue:
    """Nothing to book: `cause` is a code of `due` (``not_paid``, …, ``zero_value``)."""

    cause: str


Verdict = Invoice | Hold | NotDue


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """What tells an order, an invoice and a credit note apart once their lines are drafted."""

    drafts: Sequence[Draft]
    wanted: Amount
    day: date
    description: str
    invoice_number: str | None
    credits: str | None = None
    shifted: bool


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
    return _settled(order, order, terms, lambda: _order_document(order, terms))


def judge_invoice(
    document: ShopInvoice,
    items: Sequence[InvoiceItem],
    order: Order,
    terms: Terms,
    *,
    original: ShopInvoice | None = None,
) -> Verdict:
    """Judge SEOshop's own invoice or credit note, for shops that export all invoices, paid or not.

    An invoice over the whole order is built from the order, which knows more; one over a part from
    its `items`. A credit note is mirrored from its items, negative whatever sign SEOshop gives,
    dated on its own day, at the VAT rates of its order; it names `original`, which is looked up
    among the order's invoices when not given. Raises ValueError when the document is of another
    order.
    """
    if document.order_id not in (None, order.id):
        raise ValueError(f"invoice {document.number} does not belong to order {order.number}")
    if document.status == InvoiceStatus.CANCELLED:
        return NotDue(CANCELLED)

    def drawn_up() -> _Document:
        if document.is_credit_note:
            return _credit_document(document, items, order, original)
        return _invoice_document(document, items, order, terms)

    return _settled(document, order, terms, drawn_up)


def _settled(
    source: Order | ShopInvoice, order: Order, terms: Terms, drawn_up: Callable[[], _Document]
) -> Verdict:
    """Turn a document into its verdict. Numbers that cannot be calculated with (not a number,
    more digits than money has) are SEOshop's mistake and hold this order only.
    """
    try:
        zero = cents(source.price_excl) == cents(source.price_incl) == 0
        if zero and terms.policy.zero_orders is ZeroOrders.SKIP:
            return NotDue(ZERO_VALUE)
        return _booked(order, terms, drawn_up())
    except HeldBack as held:
        return held.hold
    except ArithmeticError:
        return Hold(HoldReason.UNREADABLE)


def _order_document(order: Order, terms: Terms) -> _Document:
    invoice = first_invoice(order.invoices)
    number = invoice.number if invoice else None
    return _Document(
        drafts=order_drafts(order),
        wanted=Amount(cents(order.price_excl), cents(order.price_incl)),
        day=invoice_day(order, invoice, terms.policy, terms.paid_at),
        description=order_description(order.number, number),
        invoice_number=number,
        shifted=invoice is not None and invoice.is_vat_shifted,
    )


def _invoice_document(
    document: ShopInvoice, items: Sequence[InvoiceItem], order: Order, terms: Terms
) -> _Document:
    return _Document(
        drafts=invoice_drafts(document, tuple(items), order),
        wanted=Amount(cents(document.price_excl), cents(document.price_incl)),
        day=invoice_day(order, document, terms.policy, terms.paid_at),
        description=order_description(order.number, document.number),
        invoice_number=document.number,
        shifted=document.is_vat_shifted,
    )


def _credit_document(
    document: ShopInvoice,
    items: Sequence[InvoiceItem],
    order: Order,
    original: ShopInvoice | None,
) -> _Document:
    original = original_of(document, order, original)
    amount = Amount(-abs(cents(document.price_excl)), -abs(cents(document.price_incl)))
    return _Document(
        drafts=credit_drafts(document, tuple(items), order),
        wanted=amount,
        day=local_day(document.created_at),
        description=credit_description(order.number, document.number, original.number),
        invoice_number=document.number,
        credits=original.number,
        shifted=document.is_vat_shifted or original.is_vat_shifted,
    )


def _booked(order: Order, terms: Terms, document: _Document) -> Invoice:
    customer = debtor(order)
    _accept(order, terms, document)
    sale = _sale(order, terms, customer, document)
    lines = close(invoice_lines(document.drafts, sale), document.wanted)
    return Invoice(
        order_id=order.id,
        order_number=order.number,
        invoice_number=document.invoice_number,
        credits=document.credits,
        day=document.day,
        rates_of=sale.day,
        description=document.description,
        currency=terms.currency,
        payment_code=_payment(order, terms, document),
        debtor=customer,
        lines=lines,
        totals=totals_by_treatment(lines),
        excl=document.wanted.excl,
        vat=document.wanted.incl - document.wanted.excl,
        incl=document.wanted.incl,
    )


def _payment(order: Order, terms: Terms, document: _Document) -> str | None:
    """The payment code; where nothing was paid, no method is asked for."""
    if document.wanted.incl == 0:
        return None
    return payment_code(terms.policy, order.payment_id)


def _accept(order: Order, terms: Terms, document: _Document) -> None:
    """Hold what no line of it can put right."""
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


def _sale(order: Order, terms: Terms, customer: Debtor, document: _Document) -> Sale:
    """Where the goods go: to the delivery address, else the billing one; or to the counter."""
    day = local_day(order.created_at)
    home = terms.country or NETHERLANDS
    to = order.shipping if order.shipping.country else order.billing
    territory = vat_territory(to.country or "", to.zipcode, day)
    return Sale(
        home=home,
        territory=home if order.is_pickup else territory,
        day=day,
        vat_number=customer.vat_number or None,
        shifted=document.shifted,
        only_services=_only_services(order, terms.policy),
        policy=terms.policy,
    )


def _only_services(order: Order, policy: Policy) -> bool:
    return bool(order.lines) and all(
        line.article_code in policy.service_articles for line in order.lines
    )
