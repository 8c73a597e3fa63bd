"""The pages of the installation, answered one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.web.http.http_messages import Response
from tests.edge.web.filled_forms import FilledForm, read_filled_form
from tests.fakes.documents_of_shop import order
from tests.fakes.web import PUBLIC_URL, Browser, World

LICENCE = "ASP-2026-4711"
STEPS = ("about", "licence", "payments", "start")
SINCE = {"start": "since", "since": "2026-11-01"}


def form_of(page: Response) -> FilledForm:
    return read_filled_form(page.body)


def press(browser: Browser, page: Response, **typed: str) -> Response:
    """Press the page's button after typing; gives the page that follows."""
    form = form_of(page)
    path = form.action.removeprefix(PUBLIC_URL)
    if form.method == "get":
        return browser.get(path)
    answer = browser.post(path, {**form.values, **typed})
    return browser.follow(answer) if answer.status == 303 else answer


def reach(browser: Browser, step: str) -> Response:
    """The page of a step, after all that comes before it was answered by taking what is there."""
    page = browser.arrive()
    if step == "about":
        return page
    page = press(browser, page)
    if step == "licence":
        return page
    page = press(browser, press(browser, page, licence=LICENCE))
    return page if step == "payments" else press(browser, page)


def make_order(world: World, id_: int, made: datetime, status: str = "paid") -> None:
    bought = order(
        id=id_, number=f"ORD{id_:05}", created_at=made, paid_at=made, payment_status=status
    )
    world.api.orders[id_] = replace(bought, updated_at=made)
