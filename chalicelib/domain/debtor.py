"""The customer of an order as a debtor in the books, recognised by e-mail address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import attrgetter

from chalicelib.domain.addresses import normalise_address, tidy_text
from chalicelib.domain.days import local_day
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import Debtor, DebtorAddress
from chalicelib.domain.orders import Address, OrderDetails
from chalicelib.domain.vat import find_vat_territory, normalise_vat_number

_EMAIL = r"[^@\s<>\",;]{1,64}@[^@\s<>\",;]+\.[^@\s.<>\",;]{2,}"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_LONGEST_EMAIL = 254
_PREFIXES = frozenset(
    {"'s", "'t", "aan", "d'", "da", "de", "del", "dell'", "den", "der", "des", "di", "do", "dos"}
    | {"du", "el", "im", "in", "la", "las", "le", "les", "lo", "los", "onder", "op", "over", "te"}
    | {"ten", "ter", "tot", "uit", "uijt", "van", "vom", "von", "voor", "vor", "zu", "zum", "zur"}
)
_TYPED_TEXTS = (
    *("firstname", "middlename", "lastname", "phone"),
    *("company_name", "company_coc_number", "shipping_company"),
)
_place_texts = attrgetter(
    *("attention", "street", "line2", "number", "suffix", "postal_code", "city")
)
_COC_NL = r"\d{8}"
_COC_ELSEWHERE = r"(?=.*\d)[A-Za-z0-9 ./-]{4,24}"


def make_debtor(order: OrderDetails) -> Debtor:
    """Make the debtor of an order; raises `HeldBack` without e-mail address or country.

    Optional values that are not well-formed (VAT and chamber-of-commerce number, a phone number
    of fewer than six digits) are left out: Asperion checks them, and the books do without.
    """
    texts = {name: tidy_text(getattr(order, name)) for name in _TYPED_TEXTS}
    company, phone = texts["company_name"], texts["phone"]
    billing = normalise_address(order.billing)
    country = billing.country or order.shipping.country
    if country is None:
        raise HeldBack(HoldReason.COUNTRY_MISSING)
    territory = find_vat_territory(country, billing.postal_code, local_day(order.created_at))
    middlename, lastname = split_lastname(texts["middlename"], texts["lastname"])
    name = " ".join(filter(None, (texts["firstname"], middlename, lastname)))
    email = normalise_email(order.email)
    has_phone = sum(map(str.isdigit, phone)) >= 6
    return Debtor(
        external_id=order.customer_id,
        email=email,
        name=name or billing.attention or company or email,
        firstname=texts["firstname"],
        middlename=middlename,
        lastname=lastname,
        company=company,
        phone=phone if has_phone else "",
        vat_number=normalise_vat_number(order.company_vat_number, territory) or "",
        coc_number=_check_coc_number(texts["company_coc_number"], country),
        addresses=_make_addresses(billing, country, normalise_address(order.shipping), texts),
    )


def normalise_email(email: str) -> str:
    """Trim and lower-case an e-mail address; raises `HeldBack` when it is none."""
    key = email.strip().strip(_INVISIBLE).strip().lower()
    if not (len(key) <= _LONGEST_EMAIL and key.isprintable() and re.fullmatch(_EMAIL, key)):
        raise HeldBack(HoldReason.EMAIL_MISSING)
    return key


def split_lastname(middlename: str, lastname: str) -> tuple[str, str]:
    """Split tussenvoegsel and last name, also when it was typed into the last name, or twice.

    ``("", "van der Berg")`` and ``("van", "van der Berg")`` are both ``("van der", "Berg")``.
    A word counts as tussenvoegsel when the field for it says so, or when it is in lower case:
    ``Van den Broeck`` is a Belgian's whole last name.
    """
    middle, last = middlename.split(), lastname.split(" ")
    if middle and not _starts_with(last, middle):
        return middlename, lastname
    count = len(middle)
    while count < len(last) - 1 and last[count] in _PREFIXES:
        count += 1
    return " ".join([*middle, *last[len(middle) : count]]), " ".join(last[count:])


def _starts_with(words: list[str], first: list[str]) -> bool:
    """Whether a name starts with these words, in whatever capitals, and has more after them."""
    start = [word.casefold() for word in words[: len(first)]]
    return len(words) > len(first) and start == [word.casefold() for word in first]


def _check_coc_number(typed: str, country: str) -> str:
    """Eight digits for a Dutch company; elsewhere anything of a register number's form."""
    if country == "NL":
        digits = typed.replace(" ", "").replace(".", "")
        return digits if re.fullmatch(_COC_NL, digits) else ""
    return typed if re.fullmatch(_COC_ELSEWHERE, typed) else ""


def _make_addresses(
    billing: Address, country: str, shipping: Address, texts: Mapping[str, str]
) -> tuple[DebtorAddress, ...]:
    """The invoice address, and the delivery address when the goods go somewhere else."""
    invoice = _make_address("invoice", billing, country, billing.attention)
    if not (shipping.street or shipping.postal_code or shipping.city):
        return (invoice,)
    there, company = shipping.country or country, texts["shipping_company"]
    is_own_company = company.casefold() in ("", texts["company_name"].casefold())
    if is_own_company and _normalise_place(billing, country) == _normalise_place(shipping, there):
        return (invoice,)
    attention = ", ".join(filter(None, (company, shipping.attention)))
    return (invoice, _make_address("delivery", shipping, there, attention))


def _make_address(role: str, address: Address, country: str, attention: str) -> DebtorAddress:
    return DebtorAddress(
        role=role,
        attention=attention,
        street=address.street,
        line2=address.line2,
        number=address.number,
        suffix=address.suffix,
        postal_code=address.postal_code,
        city=address.city,
        region=address.region,
        country=country,
    )


def _normalise_place(address: Address, country: str) -> list[str]:
    """The parts that tell one place from another, without capitals and spaces."""
    return [part.replace(" ", "").casefold() for part in (*_place_texts(address), country)]
