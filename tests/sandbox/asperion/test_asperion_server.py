"""The stand-in as a program: from a shell, and as a merchant's browser sees it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.sandbox.asperion.conftest import Client
from tests.sandbox.asperion.samples import FIGURE_5

ROOT = Path(__file__).parents[3]


def test_the_program_prints_its_address_answers_there_and_stops_on_a_signal() -> None:
    command = [sys.executable, "-W", "error", "-m", "sandbox.asperion", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address, line
        assert requests.get(address[0], timeout=60).status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_a_port_that_is_taken_is_named(client: Client) -> None:
    port = client.asperion.url.rpartition(":")[2]
    command = [sys.executable, "-W", "error", "-m", "sandbox.asperion", "--port", port]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot listen on 127.0.0.1:{port}: ")
    assert "Traceback" not in done.stderr


@pytest.mark.browser
def test_a_merchant_synchronises_and_makes_all_invoices_final(
    client: Client, browser: Browser
) -> None:
    client.put("a.xml", FIGURE_5)
    _walk(browser, client)
    assert {i["status"] for i in client.read("invoices")} == {"definitief"}


def _walk(browser: Browser, client: Client) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(client.asperion.url)
    page.get_by_label("Licentiecode").fill(client.licence)
    page.get_by_role("button", name="Openen").click()
    page.get_by_role("link", name="Menu", exact=True).click()
    page.get_by_label("Hoofdmenu").get_by_role("link", name="Import orders (xml)").click()
    page.get_by_role("button", name="Synchroniseren met Webwinkelfacturen.nl").click()
    page.get_by_role("link", name="Naar de facturen").click()
    expect(page.locator("tbody tr")).to_have_count(7)
    expect(page.locator("tfoot [data-col=incl]")).to_have_text("€ 1.043,45")
    page.get_by_label("Alles selecteren").check()
    expect(page.locator("#picked")).to_have_text("7 geselecteerd")
    page.get_by_role("button", name="Uitvoeren").click()
    expect(page.get_by_role("status")).to_have_text("7 facturen definitief gemaakt.")
    expect(page.locator("tr[data-status=definitief]")).to_have_count(7)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems == []
    context.close()
