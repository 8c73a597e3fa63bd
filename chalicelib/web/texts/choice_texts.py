"""Words for choices that changed: what a choice is called, and what each of its values is."""

from __future__ import annotations

from chalicelib.domain.policy import NOT_CHOSEN, VatClass
from chalicelib.web.texts.localisation import Msgids, msgid

FROM_TO = msgid("%(what)s: from %(before)s to %(after)s")
ADDED = msgid("%(what)s: %(added)s added")
TAKEN_OFF = msgid("%(what)s: %(removed)s taken off")
ADDED_AND_TAKEN_OFF = msgid("%(what)s: %(added)s added, %(removed)s taken off")
AND_MORE = msgid("%(names)s and %(count)s more")

ON, OFF = msgid("on"), msgid("off")
NO_DAY = msgid("none")
METHOD = msgid("Payment method %(name)s")
RATE = msgid("VAT rate of %(country)s, %(rate)s")
NOT_MAPPED = msgid("not on the list")
UNSEEN = msgid("not chosen yet")
DEFAULT = msgid("the default")
LET_ASPERION = msgid("let Asperion choose")

LISTS: Msgids[str] = {
    "service_articles": "Articles that are services",
    "outside_vat_articles": "Articles outside VAT",
    "gift_card_articles": "Articles that are gift cards",
    "accepted_currencies": "Currencies",
}
DAYS: Msgids[str] = {
    "kor_since": "KOR, first day",
    "kor_until": "KOR, last day",
    "oss_since": "OSS, first day",
    "oss_until": "OSS, last day",
}
TYPED: Msgids[str] = {
    "own_vat_number": "Your own VAT number",
    "description_pattern": "Description of an invoice",
}
"""Choices that are typed."""

NO_NUMBER = msgid("not filled in")
DEFAULT_PAYMENT = msgid("Default and new methods")
DEFAULTS: Msgids[str | None] = {
    NOT_CHOSEN: "hold new ones as soon as I choose for one",
    None: "always hold new ones until I choose",
}
CLASSES: Msgids[str] = {
    VatClass.HIGH.value: "high",
    VatClass.LOW.value: "low",
    VatClass.NONE.value: "none (no VAT)",
}
