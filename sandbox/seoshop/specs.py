"""Reading the order forms that tests, scenarios and the back office hand in.

A form is a plain mapping, as from JSON. An unknown key is an error, so that a typing mistake
never quietly makes another order than was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.seoshop.jsonout import AMSTERDAM
from sandbox.seoshop.models import Address, Contact

Form = Mapping[str, Any]

ORDER_KEYS = frozenset(
    [
        "number",
        "created_at",
        "customer",
        "guest",
        "lines",
        "shipping",
        "payment_cost",
        "payment",
        "payment_id",
        "payment_title",
        "payment_reference",
        "coupon",
        "invoice",
        "invoice_number",
        "comment",
        "status",
        "paid",
        "paid_at",
        "overrides",
    ]
)
LINE_KEYS = frozenset(
    [
        "title",
        "variant",
        "brand",
        "code",
        "ean",
        "rate",
        "quantity",
        "priceIncl",
        "priceExcl",
        "discount",
        "free_line",
        "overrides",
    ]
)
COST_KEYS = frozenset(["title", "priceIncl", "priceExcl", "rate", "split"])
ADDRESS_KEYS = frozenset(
    ["name", "street", "street2", "number", "extension", "zipcode", "city", "region", "country"]
)
CONTACT_KEYS = frozenset(
    [
        "email",
        "firstname",
        "middlename",
        "lastname",
        "phone",
        "mobile",
        "gender",
        "birth_date",
        "company",
        "coc",
        "vat",
        "shipping_company",
    ]
)
CUSTOMER_KEYS = CONTACT_KEYS | {"id", "billing", "shipping", "country"}
DEFAULT_CUSTOMER: Form = {
    "email": "s.devries@example.nl",
    "firstname": "Sanne",
    "middlename": "de",
    "lastname": "Vries",
    "phone": "+31 20 5550123",
    "gender": "female",
}
DEFAULT_ADDRESS: Form = {
    "street": "Voorbeeldstraat",
    "number": "12",
    "extension": "A",
    "zipcode": "1234 AB",
    "city": "Voorbeeldstad",
}


def check_keys(form: Form, allowed: frozenset[str], what: str) -> None:
    """Refuse keys that mean nothing; ValueError lists those that do."""
    unknown = sorted(set(form) - allowed)
    if unknown:
        known = ", ".join(sorted(allowed))
        raise ValueError(f"{what}: unknown {', '.join(unknown)}; known: {known}")


def decimal(value: Any, what: str) -> Decimal:
    """Read an amount or rate; ValueError when it is not a finite number."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{what} is not a number: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"{what} is not a number: {value!r}")
    return number


def optional_decimal(form: Form, key: str) -> Decimal | None:
    """Read an amount that may be absent."""
    return None if form.get(key) is None else decimal(form[key], key)


def moment(value: Any) -> datetime:
    """Read ISO 8601 (``2014-12-21`` or with a time); without an offset it is Amsterdam time."""
    try:
        parsed = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"not a date: {value!r}; write 2026-03-14T10:22:04") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=AMSTERDAM)


def contact(form: Form) -> Contact:
    """Read who ordered: names, company, addresses (the delivery address only if different)."""
    check_keys(form, CUSTOMER_KEYS, "customer")
    given = form if "email" in form or "firstname" in form else {**DEFAULT_CUSTOMER, **form}
    person = Contact(**{key: given[key] for key in CONTACT_KEYS if key in given})
    full = " ".join(filter(None, (person.firstname, person.middlename, person.lastname)))
    home = {**DEFAULT_ADDRESS, "name": full}
    if "country" in form:
        home["country"] = form["country"]
    person.billing = address({**home, **form.get("billing", {})})
    if form.get("shipping"):
        person.shipping = address({"name": full, **form["shipping"]})
    return person


def address(form: Form) -> Address:
    """Read an address; ``country`` is a two-letter code, or None for a missing one."""
    check_keys(form, ADDRESS_KEYS, "address")
    return Address(**form)
