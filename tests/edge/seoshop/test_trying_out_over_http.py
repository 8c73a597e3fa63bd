"""A try-out against the sandbox's SEOshop: what it reads, and what it leaves to others."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.domain.invoices import Invoice
from chalicelib.domain.policy import DateBasis, Policy, Source
from chalicelib.usecases.judging.page_reading import LEFT_ALONE, Stop
from chalicelib.usecases.judging.trying_out import compare, try_out
from chalicelib.usecases.workspace import Workspace
from tests.edge.seoshop.test_against_sandbox import SHOP, Platform, order, platform, running
from tests.unit.usecases.stage import Stage

LIST_OF_A_SMALL_SHOP = 2  # a short page may not be the last
__all__ = ["platform", "running"]  # fixtures


@pytest.fixture
def workspace(platform: Platform) -> Workspace:
    """A shop of our own, whose SEOshop is the sandbox's."""
    signed = urlsplit(platform.ask("install", shop_id=SHOP)["url"])
    token = dict(parse_qsl(signed.query))["token"]
    stage = Stage()
    stage.now = platform.time.now
    page = stage.workspace()
    page.connector = replace(
        page.connector,
        clock=platform.time,
        open_for_page=lambda shop: platform.api(token, reserve=0.0),
    )
    page.is_page = True
    return page


def test_fifty_orders_cost_a_call_each_and_one_for_the_list(
    platform: Platform, workspace: Workspace
) -> None:
    platform.ask("orders/bulk", n=60, shop_id=SHOP, paid=True)
    before = platform.calls()
    tried = try_out(workspace)
    assert (len(tried.invoices), tried.extent.read) == (50, 50)
    assert platform.calls() - before == 51


def test_two_policies_cost_no_more_than_one(platform: Platform, workspace: Workspace) -> None:
    platform.ask("orders/bulk", n=20, shop_id=SHOP, paid=True)
    before = platform.calls()
    found = compare(workspace, Policy(), Policy(date_basis=DateBasis.PAYMENT))
    assert found.extent.read == 20
    assert platform.calls() - before == LIST_OF_A_SMALL_SHOP + 20


def test_what_others_may_still_need_is_left_to_them(
    platform: Platform, workspace: Workspace
) -> None:
    platform.ask("orders/bulk", n=50, shop_id=SHOP, paid=True)
    platform.ask(f"shops/{SHOP}/limits", limits=[34, 3000, 12000], windows=[300, 3600, 86400])
    spent = platform.calls()
    extent = try_out(workspace).extent
    assert extent.stopped_by is Stop.ALLOWANCE
    assert 0 < extent.read < 50
    assert platform.calls() - spent <= 34 - LEFT_ALONE
    assert workspace.api.remaining_calls() == LEFT_ALONE


def test_invoices_cost_two_calls_each(platform: Platform, workspace: Workspace) -> None:
    numbers = [order(platform, paid=True)["invoices"][0] for _ in range(3)]
    before = platform.calls()
    tried = try_out(workspace, policy=Policy(source=Source.INVOICES))
    assert [each.hint.number for each in tried.documents] == numbers[::-1]
    assert all(isinstance(each.verdict, Invoice) for each in tried.documents)
    assert platform.calls() - before == LIST_OF_A_SMALL_SHOP + 2 * 3
