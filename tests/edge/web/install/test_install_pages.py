"""The pages of the installation, as pages: labels, costs, HEAD, and what is no form."""

from __future__ import annotations

import re

import pytest

from tests.edge.web.install.answered_steps import LICENCE, SINCE, STEPS, reach
from tests.fakes.web import OURS, Browser, World


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_control_of_every_page_has_a_label_and_an_id_of_its_own(
    browser: Browser, language: str
) -> None:
    pages = [
        browser.arrive(language=language),
        browser.get("/install/licence"),
        browser.post("/install/licence", {"licence": "a b"}),
        browser.post("/install/licence", {"licence": LICENCE}),
        browser.get("/install/payments"),
        browser.post("/install/payments", {"payment:ideal": "nope"}),
        browser.follow(browser.post("/install/payments", {"payment:ideal": "IDEAL"})),
        browser.post("/install/start", {"start": "since"}),
        browser.follow(browser.post("/install/start", SINCE)),
        browser.post("/install", {"licence": "a b", "payment:ideal": "nope", "source": "nope"}),
        browser.follow(browser.post("/install/count")),
    ]

    for page in pages:
        assert page.body.startswith("<!doctype html>")
        assert f'<html lang="{language}">' in page.body
        assert "%(" not in page.body
        ids = re.findall(r'\bid="([^"]+)"', page.body)
        assert len(ids) == len(set(ids))
        labels = set(re.findall(r'<label for="([^"]+)"', page.body))
        for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page.body):
            found = re.search(r'\bid="([^"]+)"', control)
            assert 'type="hidden"' in control or (found and found[1] in labels), control
        for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page.body):
            assert set(names.split()) <= set(ids), names


def test_each_page_costs_one_call_of_the_shop_at_most(browser: Browser, world: World) -> None:
    reach(browser, "start")
    for step in STEPS:
        world.api.calls.clear()
        browser.get(f"/install/{step}")
        assert world.api.calls.total() <= 1


def test_pages_answer_head_as_get(browser: Browser) -> None:
    reach(browser, "start")
    for step in STEPS:
        shown, asked = browser.get(f"/install/{step}"), browser.head(f"/install/{step}")
        assert (asked.status, asked.headers, asked.body) == (shown.status, shown.headers, "")


def test_a_form_of_garbage_keeps_nothing(browser: Browser, world: World) -> None:
    reach(browser, "start")
    before = world.shop

    for step in ("licence", "payments", "start"):
        answer = browser._send(
            "POST", f"/install/{step}", headers=OURS, body=b"licence=%ff&start=today"
        )
        assert answer.status == 400
    assert world.shop == before
