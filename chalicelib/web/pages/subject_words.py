"""What a shop's choices are now, in one plain line for each subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.descriptions import STANDARD
from chalicelib.domain.policy import (
    LEFT_TO_ASPERION,
    NOT_CHOSEN,
    GiftCardPayments,
    LateOrders,
    Policy,
    Source,
    UnansweredNumbers,
    ZeroOrders,
)
from chalicelib.web.pages.choice_words import ChoiceWords
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.settings_subjects import Subject, SubjectName

_Parts = list[str]


def describe_subject(subject: Subject, policy: Policy, words: ChoiceWords) -> str:
    """What is chosen on a subject's page, as one line of short sentences."""
    return " ".join(_DESCRIBED[subject.name](policy, words))


def _describe_payments(policy: Policy, words: ChoiceWords) -> _Parts:
    say, count, default = words.say, len(policy.payments), policy.default_payment
    own = [say(msgid("The description of invoices is your own."))]
    if policy.description_pattern == STANDARD:
        own.clear()
    if default == NOT_CHOSEN and not count:
        return [say(msgid("Asperion chooses for all of them.")), *own]
    chosen = (
        msgid("You chose for one method.")
        if count == 1
        else msgid("You chose for %(count)s methods.")
    )
    if default in (None, NOT_CHOSEN):
        rest = say(msgid("New ones are held until you choose."))
    elif default == LEFT_TO_ASPERION:
        rest = say(msgid("Asperion chooses for the others."))
    else:
        label = words.name_value("default_payment", default)
        rest = say(msgid("The others get %(label)s."), label=label)
    return [*([say(chosen, count=count)] if count else []), rest, *own]


def _describe_orders(policy: Policy, words: ChoiceWords) -> _Parts:
    is_orders = policy.source is Source.ORDERS
    parts = [msgid("All paid orders.") if is_orders else msgid("All invoices of SEOshop.")]
    if is_orders and policy.on_account:
        parts.append(msgid("Orders on account as well."))
    if policy.zero_orders is ZeroOrders.SKIP:
        parts.append(msgid("Not those of € 0.00."))
    return [words.say(part) for part in parts]


def _describe_date(policy: Policy, words: ChoiceWords) -> _Parts:
    label = words.name_value("date_basis", policy.date_basis.value)
    parts = [f"{label[:1].upper()}{label[1:]}."]
    if policy.late_orders is LateOrders.HOLD:
        parts.append(words.say(msgid("Orders of a closed period are held.")))
    return parts


def _describe_vat(policy: Policy, words: ChoiceWords) -> _Parts:
    say, parts = words.say, []
    for name, is_used, since, until in (
        ("KOR", policy.small_business_scheme, policy.kor_since, policy.kor_until),
        ("OSS", policy.one_stop_shop, policy.oss_since, policy.oss_until),
    ):
        if not is_used:
            continue
        days = {
            "name": name,
            "since": "" if since is None else words.format_day(since),
            "until": "" if until is None else words.format_day(until),
        }
        parts.append(say(_PERIODS[since is not None, until is not None], **days))
    if not parts:
        parts = [say(msgid("No KOR, no OSS."))]
    if count := len(policy.foreign_rates):
        rates = (
            msgid("One rate of another country.")
            if count == 1
            else msgid("%(count)s rates of other countries.")
        )
        parts.append(say(rates, count=count))
    return [*parts, say(_VIES[policy.vies])]


_VIES: Mapping[UnansweredNumbers, str] = {
    UnansweredNumbers.BOOK: msgid("VAT numbers are checked in VIES."),
    UnansweredNumbers.WAIT: msgid("VAT numbers are checked in VIES; orders wait for its answer."),
    UnansweredNumbers.OFF: msgid("VAT numbers are not checked in VIES."),
}


_PERIODS: Mapping[tuple[bool, bool], str] = {
    (False, False): msgid("%(name)s, for all orders."),
    (True, False): msgid("%(name)s from %(since)s."),
    (False, True): msgid("%(name)s until %(until)s."),
    (True, True): msgid("%(name)s from %(since)s until %(until)s."),
}


def _describe_articles(policy: Policy, words: ChoiceWords) -> _Parts:
    services, outside = len(policy.service_articles), len(policy.outside_vat_articles)
    if not services and not outside:
        return [words.say(msgid("No articles."))]
    text = msgid("Services: %(services)s. Outside VAT: %(outside)s.")
    return [words.say(text, services=services, outside=outside)]


def _describe_gift_cards(policy: Policy, words: ChoiceWords) -> _Parts:
    count = len(policy.gift_card_articles)
    if count == 1:
        sold = msgid("One article is a gift card.")
    else:
        sold = msgid("%(count)s articles are gift cards.") if count else ""
    if policy.gift_card_payments is GiftCardPayments.HOLD:
        spent = msgid("An order that was paid with one is held until you have looked.")
    else:
        spent = msgid("An order that was paid with one is booked in full.")
    return [words.say(text, count=count) for text in (sold, spent) if text]


def _describe_currencies(policy: Policy, words: ChoiceWords) -> _Parts:
    return [", ".join(sorted(policy.accepted_currencies)) + "."]


def _describe_totals(policy: Policy, words: ChoiceWords) -> _Parts:
    return [words.say(msgid("They are kept.") if policy.keep_totals else msgid("Not kept."))]


_DESCRIBED: Mapping[SubjectName, Callable[[Policy, ChoiceWords], _Parts]] = {
    SubjectName.PAYMENTS: _describe_payments,
    SubjectName.ORDERS: _describe_orders,
    SubjectName.INVOICE_DATE: _describe_date,
    SubjectName.VAT: _describe_vat,
    SubjectName.ARTICLES: _describe_articles,
    SubjectName.GIFT_CARDS: _describe_gift_cards,
    SubjectName.CURRENCIES: _describe_currencies,
    SubjectName.TOTALS: _describe_totals,
}
