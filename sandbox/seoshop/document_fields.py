"""Order and customer documents, field for field as the API gives them."""

from __future__ import annotations

from typing import Any

from sandbox.seoshop.jsonout import iso
from sandbox.seoshop.models import Address, Contact, Customer, Line, Order
from sandbox.seoshop.pricing import ZERO, Price, Tax, add_taxes
from sandbox.seoshop.resource_links import country_doc, language_doc, link
from sandbox.seoshop.webshop import Shop

Doc = dict[str, Any]


def tax_docs(taxes: list[Tax] | tuple[Tax, ...]) -> list[Doc]:
    """Return ``taxRates``: name, rate as a fraction, amount to four decimals."""
    return [{"name": "BTW", "rate": tax.rate, "amount": tax.amount} for tax in taxes]


def order_totals(order: Order) -> tuple[Any, Any]:
    """Return (excluding, including) VAT: lines plus shipping plus payment cost."""
    prices = [line.price for line in order.lines] + [order.shipping, order.payment]
    return sum((each.excl for each in prices), ZERO), sum((each.incl for each in prices), ZERO)


def address_doc(prefix: str, address: Address, with_region_data: bool = True) -> Doc:
    """Return the flat ``addressBilling…`` or ``addressShipping…`` fields."""
    names = ["name", "street", "street2", "number", "extension", "zipcode", "city", "region"]
    doc: Doc = {f"{prefix}{name.capitalize()}": getattr(address, name) for name in names}
    doc[f"{prefix}Country"] = country_doc(address.country)
    if with_region_data:
        doc[f"{prefix}RegionData"] = False
    return doc


def contact_doc(person: Contact, with_region_data: bool = True) -> Doc:
    """Return who ordered: names, company, both addresses."""
    ship = person.shipping or person.billing
    return {
        "gender": person.gender or False,
        "birthDate": person.birth_date or False,
        "nationalId": "",
        "email": person.email,
        "firstname": person.firstname,
        "middlename": person.middlename,
        "lastname": person.lastname,
        "phone": person.phone,
        "mobile": person.mobile,
        "newsletterSubscribed": False,
        "isCompany": bool(person.company),
        "companyName": person.company,
        "companyCoCNumber": person.coc,
        "companyVatNumber": person.vat,
        **address_doc("addressBilling", person.billing, with_region_data),
        "addressShippingCompany": person.shipping_company or False,
        **address_doc("addressShipping", ship, with_region_data),
    }


def price_doc(amount: Price) -> Doc:
    """Return the six price fields of a line."""
    return {
        "basePriceExcl": amount.base_excl,
        "basePriceIncl": amount.base_incl,
        "priceExcl": amount.excl,
        "priceIncl": amount.incl,
        "discountExcl": amount.discount_excl,
        "discountIncl": amount.discount_incl,
    }


def line_doc(line: Line, language: str, scheme: str = "https") -> Doc:
    """Return an order product."""
    doc: Doc = {
        "id": line.id,
        "supplierTitle": "",
        "brandTitle": line.brand,
        "productTitle": line.title,
        "variantTitle": line.variant,
        "taxRate": line.rate,
        "taxRates": tax_docs(line.price.taxes),
        "quantityOrdered": line.quantity,
        "quantityInvoiced": line.invoiced,
        "quantityShipped": line.shipped,
        "quantityRefunded": line.refunded,
        "quantityReturned": 0,
        "articleCode": line.article_code,
        "ean": line.ean,
        "sku": line.article_code,
        "weight": None if line.variant_id is None else 350,
        "volume": 0,
        "colli": 0,
        "sizeX": 0,
        "sizeY": 0,
        "sizeZ": 0,
        "priceCost": 0,
        "customExcl": 0,
        "customIncl": 0,
        **price_doc(line.price),
        "customFields": False,
        "product": link(f"products/{line.product_id}", language, line.product_id, scheme),
        "variant": line.variant_id is not None
        and link(f"variants/{line.variant_id}", language, line.variant_id, scheme),
    }
    return {**doc, **line.overrides}


def _cost_doc(prefix: str, amount: Price) -> Doc:
    return {
        f"{prefix}TaxRate": amount.taxes[0].rate,
        f"{prefix}TaxRates": tax_docs(amount.taxes) if amount.incl else [],
        f"{prefix}BasePriceExcl": amount.base_excl,
        f"{prefix}BasePriceIncl": amount.base_incl,
        f"{prefix}PriceExcl": amount.excl,
        f"{prefix}PriceIncl": amount.incl,
    }


def _payment_doc(order: Order) -> Doc:
    later = order.payment_id == "invoice"
    return {
        "paymentId": order.payment_id,
        "paymentStatus": order.payment_status,
        "paymentIsPost": later,
        "paymentIsInvoiceExternal": False,
        **_cost_doc("payment", order.payment),
        "paymentTitle": order.payment_title,
        "paymentData": _payment_data(order),
    }


def _payment_data(order: Order) -> Doc | list[object]:
    """What the gateway left with the order: an object of its own, which is a list when empty."""
    left: Doc = {} if order.payment_id == "banktransfer" else {"method": order.payment_id}
    if order.payment_reference:
        left["transaction_id"] = order.payment_reference
    return left or []


def _shipment_doc(order: Order) -> Doc:
    return {
        "shipmentId": "core|740001|3290002",
        "shipmentStatus": order.shipment_status,
        "shipmentIsCashOnDelivery": False,
        "shipmentIsPickup": False,
        **_cost_doc("shipment", order.shipping),
        "shipmentDiscountExcl": 0,
        "shipmentDiscountIncl": 0,
        "shipmentTitle": order.shipping_title,
        "shipmentData": {
            "method": "default",
            "shipment_id": 740001,
            "shipping_value_id": 3290002,
        },
        "shippingDate": None,
        "deliveryDate": None,
    }


def _discount_doc(order: Order) -> Doc:
    coupon = order.coupon
    return {
        "isDiscounted": any(line.price.discount_incl for line in order.lines),
        "discountType": "percentage" if "percentage" in coupon else "amount",
        "discountAmount": coupon.get("amount", 0),
        "discountPercentage": coupon.get("percentage", 0),
        "discountCouponCode": coupon.get("code", ""),
    }


def order_doc(shop: Shop, order: Order, language: str) -> Doc:
    """Return an order's own fields, in the API's order, without its links."""
    excl, incl = order_totals(order)
    taxes = add_taxes([line.price.taxes for line in order.lines])
    doc: Doc = {
        "id": order.id,
        "createdAt": iso(order.created_at),
        "updatedAt": iso(order.updated_at),
        "number": order.number,
        "status": order.status,
        "customStatusId": None,
        "channel": "main",
        "remoteIp": "203.0.113.24",
        "userAgent": "Mozilla/5.0",
        "referralId": False,
        "priceCost": 0,
        "priceExcl": excl,
        "priceIncl": incl,
        "weight": sum(350 * line.quantity for line in order.lines),
        "volume": 0,
        "colli": 0,
        **contact_doc(order.contact),
        **_payment_doc(order),
        **_shipment_doc(order),
        **_discount_doc(order),
        "taxRates": tax_docs(taxes),
        "isNewCustomer": False,
        "comment": order.comment,
        "memo": "",
        "allowNotifications": True,
        "doNotifyNew": False,
        "doNotifyReminder": False,
        "doNotifyCancelled": False,
        "language": language_doc(shop, shop.language),
        "giftCardsPayment": [],
    }
    return doc


def customer_doc(shop: Shop, customer: Customer, language: str, scheme: str = "https") -> Doc:
    """Return a customer account."""
    base = f"customers/{customer.id}"
    query = f"?customer={customer.id}"
    return {
        "id": customer.id,
        "createdAt": iso(customer.created_at),
        "updatedAt": iso(customer.updated_at),
        "isConfirmed": True,
        "type": "registered",
        "lastOnlineAt": None,
        "remoteIp": False,
        "userAgent": False,
        "referralId": False,
        **contact_doc(customer.contact, with_region_data=False),
        "memo": "",
        "doNotifyRegistered": False,
        "doNotifyConfirmed": False,
        "doNotifyPassword": False,
        "language": language_doc(shop, shop.language),
        "groups": link(f"{base}/groups", language, scheme=scheme),
        **{
            name: link(f"{name}{query}", language, scheme=scheme)
            for name in ("invoices", "orders", "reviews", "shipments", "tickets")
        },
        "metafields": link(f"{base}/metafields", language, scheme=scheme),
        "login": link(f"{base}/login", language, scheme=scheme),
    }
