"""The steps of the installation, where a merchant is on the way, and the frame of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.installation_progress import InstallationProgress
from chalicelib.domain.shops import Shop
from chalicelib.usecases.shop.installation_steps import read_progress
from chalicelib.usecases.shop.offers import find_offer
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage

COUNTED = 4
"""The steps that a merchant sees counted: "step 2 of 4"."""


class Step(StrEnum):
    """The pages of the path, as in their addresses, in their order."""

    ABOUT = "about"
    LICENCE = "licence"
    PAYMENTS = "payments"
    START = "start"
    COUNT = "count"  # of the orders to be taken along, when there are to be any
    DONE = "done"


_NUMBERS = {Step.ABOUT: 1, Step.LICENCE: 2, Step.PAYMENTS: 3, Step.START: 4, Step.COUNT: 4}
_ORDER = list(Step)


def read_step(call: Call) -> Step:
    """The step that an address names. Raises `NoSuchPage`."""
    try:
        return Step(call.params["step"])
    except ValueError:
        raise NoSuchPage from None


def find_current(call: Call) -> Step:
    """Where the merchant is: the first page when nothing was answered yet, else the first that was
    not.
    """
    furthest = _find_furthest(call.shop, read_progress(call.workspace))
    return Step.ABOUT if furthest is Step.LICENCE else furthest


def is_open(call: Call, step: Step, progress: InstallationProgress) -> bool:
    """Whether all that comes before a step is answered, so that it can be shown."""
    furthest = _find_furthest(call.shop, progress)
    if step is Step.COUNT and progress.since is None:
        return False
    reached = Step.COUNT if furthest is Step.START else furthest
    return _ORDER.index(step) <= _ORDER.index(reached)


def go_to(call: Call, step: Step) -> Response:
    """To the page of a step."""
    return redirect(call.build_url("install", step.value))


def render_step(
    call: Call,
    step: Step,
    *,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The page of a step; 400 with `problems`, which map names of fields to what is wrong."""
    return call.render(
        f"install_{step.value}.html",
        status=400 if problems else status,
        step=step.value,
        number=_NUMBERS.get(step, 0),
        count=COUNTED,
        problems=problems or {},
        masked=call.shop.masked_licence,
        offer=find_offer(call.connector.settings, call.shop, local_day(call.connector.clock())),
        **values,
    )


def _find_furthest(shop: Shop, progress: InstallationProgress) -> Step:
    if shop.licence is None:
        return Step.LICENCE
    return Step.START if progress.has_payments else Step.PAYMENTS
