"""Every reason for which an order waits can be played in the sandbox with one click.

Scenario and policy → the sandbox's SEOshop over HTTP → the connector's client → the judgement →
exactly that reason. A reason without a scenario fails here, unless it is named with the cause.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from babel.messages.pofile import read_po

from chalicelib.axml import Profile, load_profile, unwritable
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.policy import DateBasis, GiftCardPayments, Policy, Source, VatClass
from chalicelib.web.hold_buttons import BUTTONS
from chalicelib.web.hold_texts import FIGURES, TEXTS
from tests.books.shelf import CATALOGUE
from tests.books.stage import PROFILE, Stage, running

PLAIN = Policy()
OSS = Policy(one_stop_shop=True)
KOR = Policy(small_business_scheme=True)
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
    Shown(R.VAT_DIFFERS, "btw-klopt-niet", detail="21%"),
    Shown(R.RATE_UNKNOWN, "onbekend-tarief", detail="NL 13%"),
    Shown(
        R.RATE_FOREIGN,
        "belgie-oss",
        OSS,
        "BE 6%",
        cure=Policy(one_stop_shop=True, foreign_rates={("BE", Decimal("0.06")): VatClass.LOW}),
    ),
    Shown(R.VAT_NUMBER, "duitsland-fout-nummer", detail="DE"),
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
    Shown(R.UNWRITABLE, "land-zonder-code"),
)
ELSEWHERE = {
    R.REVERSAL_DIFFERS: "a merchant's click on a late change comes first; tested with reversals",
    R.CREDITED_ALREADY: "needs a reversal that is booked already; tested with reversals",
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with running() as stage:
        yield stage


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """The profile as it would be if Asperion wanted three letters for a country."""
    folder = tmp_path_factory.mktemp("profile") / "alpha-3"
    shutil.copytree(PROFILE.directory, folder)
    told = (folder / "profile.toml").read_text(encoding="utf-8")
    changed = told.replace('notation = "alpha-2"', 'notation = "alpha-3"')
    assert changed != told
    (folder / "profile.toml").write_text(changed, encoding="utf-8")
    return load_profile(folder)


def holds(stage: Stage, strict: Profile, scenario: str, policy: Policy) -> list[Hold | None]:
    """A hold, or None, for every document of a scenario that is due."""
    window = stage.window()
    verdicts = [one.verdict for one in window.judged(window.play(scenario), policy)]
    found: list[Hold | None] = []
    for verdict in verdicts:
        assert not isinstance(verdict, NotDue), verdict
        if isinstance(verdict, Invoice):
            writable = unwritable(strict, verdict) is None
            found.append(None if writable else Hold(HoldReason.UNWRITABLE))
        else:
            found.append(verdict)
    return found


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_has_a_scenario_or_a_cause_why_not(reason: HoldReason):
    shown = reason in {one.reason for one in SHOWN}
    assert shown != (reason in ELSEWHERE), f"no scenario of the sandbox shows {reason}"


@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: f"{one.reason}-{one.scenario}")
def test_one_click_in_the_sandbox_shows_the_reason(stage: Stage, strict: Profile, shown: Shown):
    (hold,) = holds(stage, strict, shown.scenario, shown.policy)
    assert hold is not None
    assert (hold.reason, hold.detail) == (shown.reason, shown.detail)
    assert set(hold.figures) <= set(FIGURES)


@pytest.mark.parametrize(
    "shown", [one for one in SHOWN if one.cure], ids=lambda one: f"{one.reason}-{one.scenario}"
)
def test_the_setting_that_the_text_speaks_of_frees_the_order(
    stage: Stage, strict: Profile, shown: Shown
):
    assert shown.cure is not None
    assert holds(stage, strict, shown.scenario, shown.cure) == [None]


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_has_its_text_in_english_and_in_dutch(reason: HoldReason):
    told = TEXTS[reason]
    english = [told.what, told.why, told.cure, BUTTONS[told.button]]
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    for text in english:
        assert text.strip()
        message = catalogue.get(text)
        assert message is not None, f"no Dutch for: {text}"
        assert message.string
        assert message.string != text
        assert not message.fuzzy
