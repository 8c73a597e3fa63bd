"""The form of licence code, payment methods and settings: what it shows and what it means.

Whatever a form does not post keeps its stored value, so that a form sent while the shop did not
answer (and showed no payment methods) loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.policy import LEFT_TO_ASPERION, NOT_CHOSEN, Policy
from chalicelib.domain.vat import percentage, read_own_number
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.http_messages import Form
from chalicelib.web.pages.description_form import read_pattern
from chalicelib.web.pages.rate_rows import read_rates
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts import settings_questions as questions
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.question_forms import Scheme
from chalicelib.web.texts.settings_subjects import find_field

STANDARD = ""  # a payment method that follows the default
ASPERION = "-asperion"  # exported without a payment code, whatever the default
HOLD = "-hold"  # the default: hold orders with a method that is new
AUTO = "-auto"  # the default: hold them once a method has a code
PAYMENT = "payment:"
SPARE_RATES = 3  # empty rows for rates of other countries
ARTICLE_LISTS = ("service_articles", "outside_vat_articles", "gift_card_articles")

_CHOSEN: Mapping[str, str | None] = MappingProxyType(
    {AUTO: NOT_CHOSEN, HOLD: None, ASPERION: LEFT_TO_ASPERION, STANDARD: LEFT_TO_ASPERION}
)
_DEFAULTS: Mapping[str | None, str] = MappingProxyType({NOT_CHOSEN: AUTO, None: HOLD})
_NO_METHOD = msgid("Choose one of Asperion's payment methods.")
_TOO_MANY_METHODS = msgid(
    "These are more payment methods than can be kept. Leave those out that are not in use."
)
_ON_TWO_LISTS = msgid(
    "One of these articles is also on the list of services or of gift cards. Take it off one of "
    "the two."
)
_ON_THE_OTHER_LIST = msgid(
    "One of these articles is on the list of articles outside VAT. Take it off one of the two."
)
_CURRENCY = r"[A-Z]{3}"
_BETWEEN = r"[\s,;]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A form as read. `problems` maps field names to texts (English sources) for the merchant;
    with any, the policy is not to be stored.
    """

    policy: Policy
    problems: Mapping[str, str]


def list_values(policy: Policy) -> dict[str, str]:
    """The form's fields for a policy, but for the licence code (which is never filled in)."""
    values = questions.list_answers(policy)
    values["default_payment"] = _DEFAULTS.get(policy.default_payment, policy.default_payment or "")
    values |= dict.fromkeys((PAYMENT + key for key in policy.seen_payments), STANDARD)
    for key, code in policy.payments.items():
        values[PAYMENT + key] = ASPERION if code == LEFT_TO_ASPERION else code
    values |= {name: "\n".join(sorted(getattr(policy, name))) for name in ARTICLE_LISTS}
    values["own_vat_number"] = policy.own_vat_number
    values["description_pattern"] = policy.description_pattern
    values["accepted_currencies"] = ", ".join(sorted(policy.accepted_currencies))
    rates = sorted(policy.foreign_rates.items(), key=lambda item: item[0])
    for row, ((country, rate), vat_class) in enumerate(rates):
        values[f"rate_country:{row}"] = country
        values[f"rate_percent:{row}"] = percentage(rate).removesuffix("%")
        values[f"rate_class:{row}"] = vat_class.value
    return values


def select_controls(fields: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Those of a form's fields that are for these fields of the policy."""
    return {name: value for name, value in fields.items() if find_field(name) in names}


def count_rate_rows(values: Mapping[str, str]) -> range:
    """Rows of the table of rates: the filled ones and some to spare."""
    filled = (row for row in range(bounds.MOST_RATES) if values.get(f"rate_country:{row}"))
    return range(min(max(filled, default=-1) + 1 + SPARE_RATES, bounds.MOST_RATES))


def read_answers(
    form: Form,
    stored: Policy,
    codes: Collection[str],
    *,
    ticked: date | None = None,
    home: str = "",
) -> Answers:
    """What a posted form makes of the stored policy; `codes` are those of the aXML profile, `home`
    is the shop's country (alpha-2).

    `ticked` is the first day of a scheme that is ticked without one; None for a shop of which
    nothing is booked yet, where it counts for all orders.
    """
    problems: dict[str, str] = {}
    changes: dict[str, Any] = _read_questions(form, problems)
    for scheme in questions.SCHEMES:
        if scheme.name in form:
            changes |= _read_period(form, scheme, stored, ticked, problems)
    changes |= _read_payments(form, stored, codes, problems)
    changes |= _read_article_lists(form, stored, problems)
    if "accepted_currencies" in form:
        changes["accepted_currencies"] = _read_currencies(form, problems)
    if "own_vat_number" in form:
        changes["own_vat_number"] = _read_vat_number(form, home, problems)
    if "description_pattern" in form:
        changes["description_pattern"] = read_pattern(form, problems)
    if form.select("rate_country:"):
        changes["foreign_rates"] = read_rates(form, problems)
    return Answers(policy=replace(stored, **changes), problems=problems)


def _read_questions(form: Form, problems: dict[str, str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for choice in questions.CHOICES:
        if choice.name in form:
            try:
                changes[choice.name] = choice.parse(form.get(choice.name))
            except ValueError:
                problems[choice.name] = msgid("Choose one of the answers.")
    for switch in questions.SWITCHES:
        if switch.name in form:
            changes[switch.name] = form.get(switch.name) == questions.YES
    return changes


def _read_period(
    form: Form,
    scheme: Scheme,
    stored: Policy,
    ticked: date | None,
    problems: dict[str, str],
) -> dict[str, date | None]:
    """The first and last day of a scheme. One that was ticked before keeps the first day it had
    when none is given, so that clearing a field moves no sales to another VAT.
    """
    since, until = (
        _read_day(form, name, problems) if name in form else getattr(stored, name)
        for name in (scheme.since, scheme.until)
    )
    if since is None and form.get(scheme.name) == questions.YES:
        since = getattr(stored, scheme.since) if getattr(stored, scheme.name) else ticked
    if since and until and until < since:
        problems[scheme.until] = msgid("The last day lies before the first.")
    return {scheme.since: since, scheme.until: until}


def _read_day(form: Form, name: str, problems: dict[str, str]) -> date | None:
    text = form.get(name)
    if not text:
        return None
    day = read_day(text)
    if day is None:
        problems[name] = msgid("Fill in a day, such as 1-7-2026.")
    return day


def _read_payments(
    form: Form, stored: Policy, codes: Collection[str], problems: dict[str, str]
) -> dict[str, Any]:
    payments, seen = dict(stored.payments), set(stored.seen_payments)
    for key, code in form.select(PAYMENT).items():
        if not bounds.is_key(key) or code not in (STANDARD, ASPERION, *codes):
            problems[PAYMENT + key] = _NO_METHOD
        elif code == STANDARD:
            payments.pop(key, None)
            seen.add(key)
        else:
            payments[key] = LEFT_TO_ASPERION if code == ASPERION else code
            seen.discard(key)
        if not bounds.fits_methods(payments, seen):
            problems[PAYMENT + key] = _TOO_MANY_METHODS
            break
    changes: dict[str, Any] = {
        "payments": MappingProxyType(payments),
        "seen_payments": frozenset(seen),
    }
    if "default_payment" in form:
        chosen = form.get("default_payment")
        changes["default_payment"] = _CHOSEN.get(chosen, chosen)
        if chosen not in (*_CHOSEN, *codes):
            problems["default_payment"] = _NO_METHOD
    return changes


def _read_article_lists(
    form: Form, stored: Policy, problems: dict[str, str]
) -> dict[str, frozenset[str]]:
    """The lists of article codes. What is outside VAT is neither a service nor a gift card; an
    overlap that is stored already is a problem of the list outside VAT alone.
    """
    read = {name: _read_articles(form, name, problems) for name in ARTICLE_LISTS if name in form}
    lists = {name: read.get(name, getattr(stored, name)) for name in ARTICLE_LISTS}
    for name in ("service_articles", "gift_card_articles"):
        both = lists["outside_vat_articles"] & lists[name]
        if both and "outside_vat_articles" in read:
            problems["outside_vat_articles"] = _ON_TWO_LISTS
        elif name in read and both - getattr(stored, name):
            problems[name] = _ON_THE_OTHER_LIST
    return read


def _read_articles(form: Form, name: str, problems: dict[str, str]) -> frozenset[str]:
    """Article codes, one a line."""
    codes = frozenset(line.strip() for line in form.get(name).splitlines() if line.strip())
    if len(codes) > bounds.MOST_ARTICLES or not all(bounds.is_key(code) for code in codes):
        problems[name] = msgid("Give one article code per line, at most 500.")
    elif not bounds.fits_articles(codes):
        problems[name] = msgid("These codes are too long to keep so many of them.")
    return codes


def _read_vat_number(form: Form, home: str, problems: dict[str, str]) -> str:
    typed = form.get("own_vat_number").strip()
    number = read_own_number(typed, home) if typed else ""
    if number is None:
        problems["own_vat_number"] = msgid("This is no VAT number of an EU country.")
    return number or ""


def _read_currencies(form: Form, problems: dict[str, str]) -> frozenset[str]:
    found = frozenset(
        code.upper() for code in re.split(_BETWEEN, form.get("accepted_currencies")) if code
    )
    is_listed = 0 < len(found) <= bounds.MOST_CURRENCIES
    if not is_listed or not all(re.fullmatch(_CURRENCY, code) for code in found):
        problems["accepted_currencies"] = msgid(
            "Give currencies by their three letters, such as EUR, USD."
        )
    return found
