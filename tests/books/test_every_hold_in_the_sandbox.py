"""Every reason for which an order waits can be played in the sandbox with one click.

Scenario and policy → the sandbox's SEOshop over HTTP → the connector's client → the judgement →
exactly that reason. A reason without a scenario fails here, unless it is named with the cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import requests
from babel.messages.pofile import read_po

from chalicelib.adapters.vies import ViesRegister
from chalicelib.axml import find_unwritable
from chalicelib.domain.concept_making import find_concept_obstacle, make_concept
from chalicelib.domain.events import Actor
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import EntryState, Hint
from chalicelib.domain.period_locks import LockHolder
from chalicelib.domain.policy import (
    DateBasis,
    GiftCardPayments,
    LateOrders,
    Policy,
    Source,
    UnansweredNumbers,
    VatClass,
)
from chalicelib.domain.refused_fields import choose_field
from chalicelib.errors import AsperionInvalid, InboxUnknown
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.operating.closing_periods import close_period
from chalicelib.web.texts.hold_buttons import BUTTONS, Button, HoldText
from chalicelib.web.texts.hold_texts import FIGURES, TEXTS, find_hold_text
from sandbox import vies
from tests.books.sandbox_stage import PROFILE, Stage, Window, running
from tests.books.shelf import CATALOGUE
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_administration import MemoryAdministration
from tests.fakes.memory_asperion import DE_WILG
from tests.unit.usecases.stage import SHOP_ID
from tests.unit.usecases.stage import Stage as Nights

pytestmark = pytest.mark.slow

PLAIN = Policy()
OSS = Policy(one_stop_shop=True)
KOR = Policy(small_business_scheme=True)
DEPOSITS = Policy(outside_vat_articles=frozenset({"STATIEGELD"}))
R = HoldReason


@dataclass(frozen=True)
class Shown:
    """A scenario that shows a reason under `policy`; under `cure`, if any, all of it is booked."""

    reason: HoldReason
    scenario: str
    policy: Policy = PLAIN
    detail: str = ""
    cure: Policy | None = None


SHOWN = (
    Shown(R.EMAIL_MISSING, "geen-email"),
    Shown(R.EMAIL_MISSING, "foute-email"),
    Shown(R.COUNTRY_MISSING, "geen-land"),
    Shown(R.NO_LINES, "geen-regels"),
    Shown(
        R.CURRENCY,
        "valuta-dollar",
        detail="USD",
        cure=Policy(accepted_currencies=frozenset({"USD"})),
    ),
    Shown(
        R.CURRENCY, "valuta-pond", detail="GBP", cure=Policy(accepted_currencies=frozenset({"GBP"}))
    ),
    Shown(
        R.PAYMENT_METHOD_NEW,
        "nieuwe-betaalwijze",
        Policy(default_payment=None),
        "klarna",
        cure=Policy(default_payment=None, payments={"klarna": "Op factuur"}),
    ),
    Shown(
        R.PAYMENT_DATE_UNKNOWN,
        "betaaldag-onbekend",
        Policy(date_basis=DateBasis.PAYMENT),
        cure=PLAIN,
    ),
    Shown(
        R.GIFT_CARD_PAYMENT,
        "betaald-met-cadeaubon",
        cure=Policy(gift_card_payments=GiftCardPayments.BOOK),
    ),
    Shown(
        R.GIFT_CARD_WITH_VAT,
        "cadeaubon-met-btw",
        Policy(gift_card_articles=frozenset({"CADEAUBON-50"})),
        "21%",
        cure=PLAIN,
    ),
    Shown(R.TOTALS_DIFFER, "totaal-1-euro"),
    Shown(R.TOTALS_DIFFER, "totaal-5-cent"),
    Shown(R.TOTALS_DIFFER, "totaal-5-cent-btw"),
    Shown(R.VAT_DIFFERS, "btw-klopt-niet", detail="21%"),
    Shown(R.RATE_UNKNOWN, "onbekend-tarief", detail="NL 13%"),
    Shown(
        R.RATE_FOREIGN,
        "belgie-oss",
        OSS,
        "BE 6%",
        cure=Policy(one_stop_shop=True, foreign_rates={("BE", Decimal("0.06")): VatClass.LOW}),
    ),
    Shown(R.RATE_AVERAGED, "verzending-gemiddeld", detail="NL 15%"),
    Shown(R.POSTAL_CODE, "postcode-te-kort", detail="ES"),
    Shown(R.UNTAXED_LINE, "statiegeld-belgie", detail="BE", cure=DEPOSITS),
    Shown(R.OUTSIDE_VAT_WITH_VAT, "statiegeld-met-btw", DEPOSITS, "21%", cure=PLAIN),
    Shown(R.VAT_NUMBER, "duitsland-fout-nummer", detail="DE"),
    Shown(R.GOODS_STAYED, "duitsland-bezorgd-in-nederland", detail="NL"),
    Shown(R.BUSINESS_CHARGED_VAT, "oss-zakelijk-met-btw", OSS, "DE 21%", cure=PLAIN),
    Shown(R.SMALL_BUSINESS_VAT, "kor-met-btw", KOR, "21%", cure=PLAIN),
    Shown(R.NEGATIVE_TOTAL, "onder-nul"),
    Shown(
        R.CREDIT_WITHOUT_ORIGINAL,
        "credit-zonder-factuur",
        Policy(source=Source.INVOICES),
        "INV000002",
    ),
    Shown(R.UNREADABLE, "onleesbaar"),
    Shown(R.UNWRITABLE, "lange-artikelcode"),
)
AFTER_BOOKING = {  # what happens in the shop, a night between: the merchant corrects each time
    R.REVERSAL_DIFFERS: ["later-gewijzigd-en-geannuleerd"],
    R.CREDITED_ALREADY: ["later-deels-terug", "later-geannuleerd"],
}
BESIDE_ANOTHER = {  # what the ledger says of another document decides
    R.CREDIT_BEFORE_ORIGINAL: ("credit-voor-factuur", Source.INVOICES, R.EMAIL_MISSING),
}
FROM_BEFORE = {R.MAYBE_BEFORE_START: "betaaldag-onbekend"}  # made before the connector came
LATE = {R.PERIOD_LOCKED: "te-laat-voor-de-periode"}  # its period is closed
BY_THE_REGISTER = {R.VAT_NUMBER_INVALID: ("belgie-nummer-niet-in-gebruik", "BE")}  # of VAT numbers
WITHOUT_BELGIUM = replace(
    CHOICES, vat_codes=tuple(each for each in CHOICES.vat_codes if each.country == "NL")
)
BY_CHOICES = {  # what the merchant confirmed for what goes straight into Asperion
    R.VAT_CODE_MISSING: (
        "belgie-oss",
        Policy(one_stop_shop=True, foreign_rates={("BE", Decimal("0.06")): VatClass.LOW}),
        WITHOUT_BELGIUM,
        "BE oss 6%",
    ),
    R.LEDGER_ACCOUNT_MISSING: (
        "gast",
        PLAIN,
        replace(CHOICES, ledger_accounts={}),
        "high",
    ),
    R.CURRENCY_BY_API: (
        "valuta-dollar",
        Policy(accepted_currencies=frozenset({"USD"})),
        CHOICES,
        "USD",
    ),
}
BY_ASPERION = {R.ASPERION_REFUSED: "gast"}  # its VAT code was taken away there
OTHERWISE_UNDER_WAY = {R.SALE_UNDER_WAY: "wijzigt-later"}  # its invoice is in an unknown file


def _list_ways(text: HoldText) -> tuple[str, ...]:
    return text.in_shop, text.in_settings, text.in_choices, text.by_hand


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with running() as stage:
        yield stage


def holds(stage: Stage, scenario: str, policy: Policy) -> list[Hold | None]:
    """A hold, or None, for every document of a scenario that is due."""
    window = stage.window()
    verdicts = [one.verdict for one in window.judged(window.play(scenario), policy)]
    found: list[Hold | None] = []
    for verdict in verdicts:
        assert not isinstance(verdict, NotDue), verdict
        if isinstance(verdict, Invoice):
            writable = find_unwritable(PROFILE, verdict) is None
            found.append(None if writable else Hold(HoldReason.UNWRITABLE))
        else:
            found.append(verdict)
    return found


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_has_a_scenario(reason: HoldReason) -> None:
    by_the_ledger = (*AFTER_BOOKING, *BESIDE_ANOTHER, *FROM_BEFORE, *LATE, *OTHERWISE_UNDER_WAY)
    by_others = (*BY_THE_REGISTER, *BY_CHOICES, *BY_ASPERION)
    shown = [*(one.reason for one in SHOWN), *by_the_ledger, *by_others]
    assert reason in shown, f"no scenario of the sandbox shows {reason}"


@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: f"{one.reason}-{one.scenario}")
def test_one_click_in_the_sandbox_shows_the_reason(stage: Stage, shown: Shown) -> None:
    (hold,) = holds(stage, shown.scenario, shown.policy)
    assert hold is not None
    assert (hold.reason, hold.detail) == (shown.reason, shown.detail)
    assert set(hold.figures) <= set(FIGURES)


@pytest.mark.parametrize(
    "shown", [one for one in SHOWN if one.cure], ids=lambda one: f"{one.reason}-{one.scenario}"
)
def test_the_setting_that_the_text_speaks_of_frees_the_order(stage: Stage, shown: Shown) -> None:
    assert shown.cure is not None
    assert holds(stage, shown.scenario, shown.cure) == [None]


def sell_in(window: Window, nights: Nights) -> None:
    """From now on the nights' shop is that of the sandbox."""
    nights.connector = replace(
        nights.connector,
        open_shop=lambda shop: window.api,
        open_for_page=lambda shop: window.api,
    )


def ask_at(register: vies.Running, nights: Nights) -> None:
    """From now on VAT numbers are asked for at the sandbox's register."""
    adapter = ViesRegister(register.api_url, requests.Session, lambda: nights.now)
    nights.connector = replace(nights.connector, vat_register=adapter)


@pytest.mark.parametrize("reason", BY_THE_REGISTER)
def test_what_the_register_says_of_a_number_shows_the_reason(reason: HoldReason) -> None:
    scenario, detail = BY_THE_REGISTER[reason]
    for policy, state in (
        (PLAIN, EntryState.HELD),
        (Policy(vies=UnansweredNumbers.WAIT), EntryState.HELD),
        (Policy(vies=UnansweredNumbers.OFF), EntryState.PLACED),
    ):
        nights = Nights(vies=policy.vies)
        with (
            running(clock=lambda nights=nights: nights.now) as stage,  # type: ignore[misc]
            vies.serve(vies.Config(port=0)) as register,
        ):
            window = stage.window()
            sell_in(window, nights)
            ask_at(register, nights)
            (order_id,) = window.play(scenario)
            nights.night()
            entry = nights.entry(f"order-{order_id}")
        assert entry.state is state
        if state is EntryState.HELD:
            assert (entry.hold, entry.hold_detail) == (reason, detail)


def book_one(stage: Stage, scenario: str, policy: Policy) -> Invoice:
    """The invoice that a scenario's order becomes."""
    window = stage.window()
    [document] = window.judged(window.play(scenario), policy)
    assert isinstance(document.verdict, Invoice), document.verdict
    return document.verdict


@pytest.mark.parametrize("reason", BY_CHOICES)
def test_what_was_not_confirmed_for_asperion_shows_the_reason(
    stage: Stage, reason: HoldReason
) -> None:
    scenario, policy, choices, detail = BY_CHOICES[reason]
    invoice = book_one(stage, scenario, policy)

    assert find_concept_obstacle(invoice, choices) == Hold(reason, detail)
    if reason is not R.CURRENCY_BY_API:  # which no choice helps
        assert find_concept_obstacle(invoice, CHOICES) is None


@pytest.mark.parametrize("reason", BY_ASPERION)
def test_what_asperion_refuses_is_worded_by_its_field(stage: Stage, reason: HoldReason) -> None:
    concept = make_concept(book_one(stage, BY_ASPERION[reason], PLAIN), CHOICES)
    gone = replace(concept, lines=tuple(replace(each, vat_code="WEG") for each in concept.lines))
    books = MemoryAdministration(lambda: datetime(2026, 4, 15, tzinfo=UTC), DE_WILG)

    books.check_invoice(concept, None)
    with pytest.raises(AsperionInvalid) as refused:
        books.check_invoice(gone, None)

    text = find_hold_text(reason, detail=choose_field(refused.value.fields))
    assert text.what == "Asperion does not take the VAT code that you chose."
    assert text.button is Button.CHOICES


@pytest.mark.parametrize("reason", AFTER_BOOKING)
def test_what_happens_to_a_booked_order_shows_the_reason(reason: HoldReason) -> None:
    nights = Nights()
    with running(clock=lambda: nights.now) as stage:
        window = stage.window()
        sell_in(window, nights)
        (order_id,) = window.play("wijzigt-later")
        number = window.api.order(order_id).number
        nights.night()
        assert nights.entry(f"order-{order_id}").state is EntryState.PLACED
        for happening in AFTER_BOOKING[reason]:
            assert window.play(happening) == [order_id]
            nights.watch()
            nights.night()
            assert request_correction(nights.workspace(), number, by=Actor.MERCHANT) == 1
            nights.night()
    held = nights.entry(f"reversal-{order_id}")
    assert (held.state, held.hold) == (EntryState.HELD, reason)


@pytest.mark.parametrize("reason", BESIDE_ANOTHER)
def test_what_another_document_waits_for_shows_the_reason(reason: HoldReason) -> None:
    scenario, source, others = BESIDE_ANOTHER[reason]
    nights = Nights(source=source)
    with running(clock=lambda: nights.now) as stage:
        window = stage.window()
        sell_in(window, nights)
        window.play(scenario)
        nights.night()
    held = nights.entries.list_held(SHOP_ID)
    assert sorted(entry.hold or "" for entry in held) == sorted([reason, others])


@pytest.mark.parametrize("reason", FROM_BEFORE)
def test_an_order_from_before_the_connector_shows_the_reason(reason: HoldReason) -> None:
    nights = Nights()
    with running(clock=lambda: nights.now) as stage:
        window = stage.window()
        sell_in(window, nights)
        (order_id,) = window.play(FROM_BEFORE[reason])
        installed_at = nights.now + timedelta(hours=1)
        nights.shops.update(SHOP_ID, lambda shop: replace(shop, installed_at=installed_at))
        nights.night()
    assert nights.entry(f"order-{order_id}").hold == reason


@pytest.mark.parametrize("reason", LATE)
def test_an_order_of_a_closed_period_shows_the_reason_and_the_choice_frees_it(
    reason: HoldReason,
) -> None:
    nights = Nights(late_orders=LateOrders.HOLD)
    with running(clock=lambda: nights.now) as stage:
        window = stage.window()
        sell_in(window, nights)
        close_period(nights.workspace(), date(2025, 12, 31), LockHolder(Actor.MERCHANT))
        (order_id,) = window.play(LATE[reason])
        nights.night()
        held = nights.entry(f"order-{order_id}")
        assert (held.hold, held.hold_detail) == (reason, "2025-12-31")
        nights.shops.update(SHOP_ID, lambda shop: replace(shop, policy=PLAIN))
        nights.night()
    [booked] = nights.booked()
    assert booked.date == date(2026, 1, 1)
    assert booked.description.endswith("(datum 31-12-2025, periode afgesloten)")


@pytest.mark.parametrize("reason", OTHERWISE_UNDER_WAY)
def test_a_sale_under_way_as_another_document_shows_the_reason(reason: HoldReason) -> None:
    nights = Nights(source=Source.INVOICES)
    nights.inbox.fail(InboxUnknown("lost"), times=1, though_stored=True)
    nights.inbox.mute = True
    with running(clock=lambda: nights.now) as stage:
        window = stage.window()
        sell_in(window, nights)
        (order_id,) = window.play(OTHERWISE_UNDER_WAY[reason])
        nights.night()
        nights.shops.update(SHOP_ID, lambda shop: replace(shop, policy=PLAIN))
        order = window.api.order(order_id)
        nights.workspace().record_hint(Hint.of_order(order), Actor.WEBHOOK)
        nights.night()
    assert nights.entry(f"order-{order_id}").hold == reason


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_has_its_text_in_english_and_in_dutch(reason: HoldReason) -> None:
    explained = TEXTS[reason]
    ways = [way for way in _list_ways(explained) if way]
    english = [explained.what, explained.why, *ways, BUTTONS[explained.button]]
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    for text in english:
        assert text.strip()
        message = catalogue.get(text)
        assert message is not None, f"no Dutch for: {text}"
        assert message.string
        assert message.string != text
        assert not message.fuzzy
