"""A page of the VAT return reads the files of its period once: what it says is of one moment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.web import OURS, Browser, World


@pytest.mark.parametrize(
    "page",
    [
        *("/vat", "/vat/sheet.csv", "/vat/sheet.xlsx", "/vat/icp", "/vat/icp.csv"),
        *("/vat/payments", "/vat/payments.csv", "/vat/oss.csv"),
    ],
)
def test_the_files_of_a_period_are_read_once(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    browser.install()
    get_returns, times = world.connector.files.get_returns, 0

    def count(*asked: Any) -> Any:
        nonlocal times
        times += 1
        return get_returns(*asked)

    monkeypatch.setattr(world.connector.files, "get_returns", count)
    assert browser.get(page, {"period": "2026-Q3"}, **OURS).status == 200
    assert times == 1
