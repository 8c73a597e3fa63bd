"""What changed is said back, choice by choice."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from chalicelib.domain.policy import DateBasis, Policy, VatClass
from chalicelib.domain.policy_edits import Edit, Edits, list_edits
from chalicelib.web.pages.choice_words import SHOWN_OF_A_LIST, find_words
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.pages.subject_words import describe_subject
from chalicelib.web.texts.choice_texts import LISTS
from chalicelib.web.texts.settings_subjects import SUBJECTS
from tests.fakes.drawn_policies import policies
from tests.fakes.web import NOW, PUBLIC_URL

LABELS = {"IDEAL": "iDEAL", "Op factuur": "Op factuur"}


def say(edits: Edits, language: str = "nl") -> list[str]:
    pages = PageTemplates(language=language, public_url=PUBLIC_URL, now=NOW)
    return find_words(pages, LABELS).list_lines(edits)


@pytest.mark.parametrize("language", ["nl", "en"])
@given(before=policies(), after=policies())
def test_every_choice_that_changed_is_said_and_no_other(
    language: str, before: Policy, after: Policy
) -> None:
    edits = list_edits(before, after)
    lines = say(edits, language)

    whole = {edit.field for edit in edits if edit.field in LISTS}
    alone = [edit for edit in edits if edit.field not in LISTS]
    assert len(lines) == len(whole) + len(alone)
    assert len(set(lines)) == len(lines)
    for name in whole:
        codes = [edit.key for edit in edits if edit.field == name]
        assert any(all(code in line for code in codes) for line in lines)
    assert not any(re.search(r"%\(|_|None|True|False", line) for line in lines)


@given(before=policies(), after=policies())
def test_a_value_is_called_the_same_on_the_way_there_and_back(
    before: Policy, after: Policy
) -> None:
    there, back = say(list_edits(before, after)), say(list_edits(after, before))

    for line in there:
        what, _, values = line.partition(": van ")
        if values and values.count(" naar ") == 1:
            former, _, new = values.partition(" naar ")
            assert f"{what}: van {new} naar {former}" in back


def test_the_words_are_a_merchants() -> None:
    before = Policy(
        payments={"ideal": "IDEAL"},
        seen_payments=frozenset({"klarna"}),
        foreign_rates={("DE", Decimal("0.19")): VatClass.HIGH},
        accepted_currencies=frozenset({"EUR", "GBP"}),
    )
    after = Policy(
        payments={"ideal": "", "klarna": "Op factuur"},
        seen_payments=frozenset({"paypal"}),
        default_payment=None,
        date_basis=DateBasis.PAYMENT,
        on_account=True,
        kor_since=date(2026, 7, 1),
        foreign_rates={("FI", Decimal("0.255")): VatClass.NONE},
        service_articles=frozenset({"S-1"}),
        accepted_currencies=frozenset({"EUR", "USD"}),
        keep_totals=False,
    )

    as_soon = "nieuwe vasthouden zodra ik voor één methode iets kies"
    assert say(list_edits(before, after)) == [
        "Betaalmethode ideal: van iDEAL naar laat Asperion kiezen",
        "Betaalmethode klarna: van standaard naar Op factuur",
        "Betaalmethode paypal: van nog niet gekozen naar standaard",
        f"Standaard en nieuwe methoden: van {as_soon} naar nieuwe altijd vasthouden tot ik kies",
        "Bestellingen op rekening: van uit naar aan",
        "Factuurdatum: van datum van de bestelling naar datum van betaling",
        "KOR, eerste dag: van geen naar 1 juli 2026",
        "Btw-tarief van DE, 19%: van hoog naar niet op de lijst",
        "Btw-tarief van FI, 25,5%: van niet op de lijst naar geen (zonder btw)",
        "Artikelen die diensten zijn: S-1 erbij",
        "Valuta: USD erbij, GBP eraf",
        "Totalen van elk bestand en elke dag: van aan naar uit",
    ]


def test_a_method_is_called_as_the_shop_calls_it() -> None:
    (line,) = say((Edit(field="payments", key="k-1", after="IDEAL", title="Klarna – achteraf"),))

    assert line == "Betaalmethode Klarna – achteraf: van nog niet gekozen naar iDEAL"


def test_of_a_long_list_the_first_are_named_and_the_others_counted() -> None:
    codes = frozenset(f"A-{number:02}" for number in range(SHOWN_OF_A_LIST + 4))

    (line,) = say(list_edits(Policy(), Policy(gift_card_articles=codes)))

    assert line.endswith("A-07 en nog 4 erbij")


def test_a_code_like_a_place_in_a_text_is_a_code() -> None:
    odd = frozenset({"%(what)s 100%"})

    assert "%(what)s 100%" in say(list_edits(Policy(), Policy(service_articles=odd)))[0]


@pytest.mark.parametrize("language", ["nl", "en"])
@given(policy=policies())
def test_every_subject_has_a_plain_line(language: str, policy: Policy) -> None:
    words = find_words(PageTemplates(language=language, public_url=PUBLIC_URL, now=NOW), LABELS)
    for subject in SUBJECTS:
        line = describe_subject(subject, policy, words)
        assert line[0].isupper() or line[0].isdigit()
        assert line.endswith(".")
        assert not re.search(r"%\(|_|None|True|False", line)
