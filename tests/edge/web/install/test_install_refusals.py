"""What cannot be is refused on its page of the installation, and keeps nothing."""

from __future__ import annotations

import re

import pytest

from chalicelib.domain.shops import ShopState
from tests.edge.web.install.answered_steps import LICENCE, form_of, press, reach
from tests.fakes.open_vault import look_into
from tests.fakes.web import Browser, World


@pytest.mark.parametrize(
    "typed", ["", "   ", "a/b", "..", "two words", "x" * 65, "a%2fb", "\u202eabc"]
)
def test_a_code_that_cannot_be_one_is_said_first_and_what_was_typed_stays(
    browser: Browser, world: World, typed: str
) -> None:
    page = press(browser, reach(browser, "licence"), licence=typed)

    assert page.status == 400
    assert "<title>Fout: " in page.body
    assert 'problems" role="alert" tabindex="-1" autofocus' in page.body
    assert '<a href="#licence">' in page.body
    assert 'id="licence-problem"' in page.body
    assert 'aria-invalid="true"' in page.body
    assert form_of(page).values["licence"] == typed
    assert world.shop.licence is None
    assert page.body.index("problems-title") < page.body.index("<h1>")


def test_an_impossible_code_leaves_the_one_that_was_kept(browser: Browser, world: World) -> None:
    reach(browser, "payments")

    assert press(browser, browser.get("/install/licence"), licence="a b").status == 400
    assert look_into(world.shop.licence) == LICENCE


def test_a_code_that_the_profile_has_not_is_refused_with_a_link_to_its_method(
    browser: Browser, world: World
) -> None:
    form = form_of(reach(browser, "payments"))
    page = browser.post(
        "/install/payments", {**form.values, "payment:ideal": "BITCOIN", "payment:banktransfer": ""}
    )

    assert page.status == 400
    row = re.search(r'<label for="(payment-\d+)">iDEAL', page.body)
    assert row
    assert f'<a href="#{row[1]}">iDEAL: Kies een van de betaalmethoden' in page.body
    assert form_of(page).values["payment:banktransfer"] == ""
    assert "Ons voorstel" not in page.body
    assert dict(world.shop.policy.payments) == {}


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"start": "since", "since": ""}, "since", "Vul een datum in"),
        ({"start": "since", "since": "gisteren"}, "since", "Vul een datum in"),
        ({"start": "since", "since": "2026-13-45"}, "since", "Vul een datum in"),
        ({"start": "since", "since": "0001-01-01"}, "since", "Vul een datum in"),
        ({"start": "since", "since": "2026-11-24"}, "since", "moet nog komen"),
        ({"start": "today", "since": "2026-11-01"}, "since", "Kies een van de twee"),
        ({"start": "later", "since": ""}, "start", "Kies vanaf wanneer"),
    ],
)
def test_a_start_that_cannot_be_is_refused_and_nothing_installed(
    browser: Browser, world: World, typed: dict[str, str], field: str, said: str
) -> None:
    page = press(browser, reach(browser, "start"), **typed)

    assert page.status == 400
    assert said in page.body
    target = "start-today" if field == "start" else field
    assert f'<a href="#{target}">' in page.body
    assert f'id="{target}"' in page.body
    assert world.shop.state is ShopState.INSTALLING
