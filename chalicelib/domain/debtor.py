"""Who the customer is, as a debtor in the books. The e-mail address is the key."""

from __future__ import annotations

import re

from chalicelib.domain.addresses import tidied, tidy
from chalicelib.domain.days import local_day
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import Debtor, DebtorAddress
from chalicelib.domain.orders import Address, Order
from chalicelib.domain.vat import vat_number, vat_territory

_EMAIL = re.compile(r"[^@\s<>\",;]{1,64}@[^@\s<>\",;]+\.[^@\s.<>\",;]{2,}")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_LONGEST_EMAIL = 254
_PREFIXES = frozenset(
    {"'s", "'t", "aan", "d'", "da", "de", "del", "dell'", "den", "der", "des", "di", "do", "dos"}
    | {"du", "el", "im", "in", "la", "las", "le", "les", "lo", "los", "onder", "op", "over", "te"}
    | {"ten", "ter", "tot", "uit", "uijt", "van", "vom", "von", "voor", "vor", "zu", "zum", "zur"}
)
_COC_NL = re.compile(r"\d{8}")
_COC_ELSEWHERE = re.compile(r"(?=.*\d)[A-Za-z0-9 ./-]{4,24}")


def debtor(order: Order) -> Debtor:
    """Make the debtor of an order; raises `HeldBack` without e-mail address or country.

    Optional values that are not well-formed (VAT and chamber-of-commerce number, a phone number
    of fewer than six digits) are left out: Asperion checks them, and the books do without.
    """
    billing = tidied(order.billing)
    country = billing.country or order.shipping.country
    if country is None:
        raise HeldBack(HoldReason.COUNTRY_MISSING)
    territory = vat_territory(country, billing.zipcode, local_day(order.created_at))
    middlename, lastname = split_lastname(tidy(order.middlename), tidy(order.lastname))
    return Debtor(
        external_id=order.customer_id,
        email=email_key(order.email),
        name=_name(order, billing, middlename, lastname),
        firstname=tidy(order.firstname),
        middlename=middlename,
        lastname=lastname,
        company=tidy(order.company_name),
        phone=_phone(tidy(order.phone)),
        vat_number=vat_number(order.company_vat_number, territory) or "",
        coc_number=_coc_number(tidy(order.company_coc_number), country),
        addresses=_addresses(order, billing, country),
    )


def email_key(email: str) -> str:
    """Trim and lower-case an e-mail address; raises `HeldBack` when it is none."""
    key = email.strip().strip(_INVISIBLE).strip().lower()
    if not (len(key) <= _LONGEST_EMAIL and key.isprintable() and _EMAIL.fullmatch(key)):
        raise HeldBack(HoldReason.EMAIL_MISSING)
    return key


def split_lastname(middlename: str, lastname: str) -> tuple[str, str]:
    """Give tussenvoegsel and name apart, also when it was typed into the last name, or twice.

    ``("", "van der Berg")`` and ``("van", "van der Berg")`` are both ``("van der", "Berg")``.
    Only lower-case words count where nothing else tells: ``Van den Broeck`` is a Belgian's whole
    name.
    """
    middle, last = middlename.split(), lastname.split(" ")
    if middle and not _begins(last, middle):
        return middlename, lastname
    count = len(middle)
    while count < len(last) - 1 and last[count] in _PREFIXES:
        count += 1
    return " ".join([*middle, *last[len(middle) : count]]), " ".join(last[count:])


def _begins(words: list[str], first: list[str]) -> bool:
    """Whether a name begins with these words, in whatever capitals, and goes on after them."""
    begun = [word.casefold() for word in words[: len(first)]]
    return len(words) > len(first) and begun == [word.casefold() for word in first]


def _name(order: Order, billing: Address, middlename: str, lastname: str) -> str:
    parts = (tidy(order.firstname), middlename, lastname)
    composed = " ".join(part for part in parts if part)
    return composed or billing.name or tidy(order.company_name) or email_key(order.email)


def _phone(typed: str) -> str:
    return typed if sum(sign.isdigit() for sign in typed) >= 6 else ""


def _coc_number(typed: str, country: str) -> str:
    """Eight digits for a Dutch company; elsewhere anything that looks like a register number."""
    if country == "NL":
        digits = typed.replace(" ", "").replace(".", "")
        return digits if _COC_NL.fullmatch(digits) else ""
    return typed if _COC_ELSEWHERE.fullmatch(typed) else ""


def _addresses(order: Order, billing: Address, country: str) -> tuple[DebtorAddress, ...]:
    """The invoice address, and the delivery address when the goods go somewhere else."""
    invoice = _address("invoice", billing, billing.name, country)
    shipping = tidied(order.shipping)
    if not (shipping.street or shipping.zipcode or shipping.city):
        return (invoice,)
    company = tidy(order.shipping_company)
    attention = ", ".join(part for part in (company, shipping.name) if part)
    delivery = _address("delivery", shipping, attention, shipping.country or country)
    plain = _address("delivery", shipping, shipping.name, shipping.country or country)
    own_company = company.casefold() in ("", tidy(order.company_name).casefold())
    if own_company and _same_place(invoice, plain):
        return (invoice,)
    return (invoice, delivery)


def _address(role: str, address: Address, attention: str, country: str) -> DebtorAddress:
    return DebtorAddress(
        role=role,
        attention=attention,
        street=address.street,
        line2=address.street2,
        number=address.number,
        suffix=address.extension,
        postal_code=address.zipcode,
        city=address.city,
        region=address.region,
        country=country,
    )


def _same_place(one: DebtorAddress, other: DebtorAddress) -> bool:
    """Whether two addresses differ in role, capitals and spaces at most; region is ignored."""
    return _place(one) == _place(other)


def _place(address: DebtorAddress) -> tuple[str, ...]:
    parts = (
        address.attention,
        address.street,
        address.line2,
        address.number,
        address.suffix,
        address.postal_code,
        address.city,
        address.country,
    )
    return tuple(part.replace(" ", "").casefold() for part in parts)
