"""The choice about VIES, and the shop's own VAT number: suggested, checked, said back."""

from __future__ import annotations

import pytest

from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.errors import ShopUnavailable
from chalicelib.web.http.http_messages import Response
from tests.edge.web.markup import read, read_text
from tests.fakes.web import Browser, World

VAT = "/settings/vat"
OWN = "NL123456782B12"


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install(language="en")


def post(browser: Browser, **changed: str) -> Response:
    fields = read(browser.get(VAT).body).press("Save").fields
    return browser.post(VAT, {**fields, **changed})


def test_the_own_number_is_suggested_by_the_shop(browser: Browser, world: World) -> None:
    world.api.own_vat_number = "NL 1234.56.782.B12"
    page = str(browser.get(VAT).body)
    assert f'name="own_vat_number" value="{OWN}"' in page
    assert "Filled in from the company details of your webshop." in page
    assert world.shop.policy.own_vat_number == "", "nothing is kept before it is saved"
    assert post(browser, own_vat_number=OWN).status == 303
    assert world.shop.policy.own_vat_number == OWN
    assert "Filled in from" not in str(browser.get(VAT).body)


@pytest.mark.parametrize("typed", ["", "no number", "GB980780684", "\x00<b>"])
def test_what_the_shop_gives_is_only_suggested_when_it_is_a_number(
    browser: Browser, world: World, typed: str
) -> None:
    world.api.own_vat_number = typed
    assert 'name="own_vat_number" value=""' in str(browser.get(VAT).body)


def test_a_shop_that_does_not_answer_suggests_nothing(browser: Browser, world: World) -> None:
    world.api.fail(ShopUnavailable("no"), "vat_number")
    assert browser.get(VAT).status == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("123456782B12", OWN),
        ("btw nl 1234.56.782.B.12", OWN),
        ("BE 0403.019.261", "BE0403019261"),
        ("GR094259216", "EL094259216"),
        ("", ""),
    ],
)
def test_the_own_number_is_kept_in_its_compact_form(
    browser: Browser, world: World, typed: str, kept: str
) -> None:
    assert post(browser, own_vat_number=typed).status == 303
    assert world.shop.policy.own_vat_number == kept


@pytest.mark.parametrize("typed", ["NL123", "GB980780684", "CHE123456789", "x" * 500, "<script>"])
def test_what_is_no_number_is_said_and_not_kept(browser: Browser, world: World, typed: str) -> None:
    answer = post(browser, own_vat_number=typed)
    assert answer.status == 400
    page = str(answer.body)
    assert "This is no VAT number of an EU country." in page
    assert "Error:" in page
    assert 'href="#own_vat_number"' in page
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page
    assert world.shop.policy.own_vat_number == ""


def test_what_was_chosen_is_said_back_and_can_be_taken_back(browser: Browser, world: World) -> None:
    assert post(browser, vies="wait", own_vat_number=OWN).status == 303
    assert world.shop.policy.vies is UnansweredNumbers.WAIT
    history = read_text(str(browser.get("/settings/history").body))
    assert (
        "Checking VAT numbers in VIES: from book the order, and ask again every night to let the "
        "order wait for an answer" in history
    )
    assert f"Your own VAT number: from not filled in to {OWN}" in history
    index = read_text(str(browser.get("/settings").body))
    assert "VAT numbers are checked in VIES; orders wait for its answer." in index


def test_no_other_answer_is_taken(browser: Browser, world: World) -> None:
    assert post(browser, vies="maybe").status == 400
    assert world.shop.policy.vies is UnansweredNumbers.BOOK
