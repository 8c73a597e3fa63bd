"""The form that installs the app and changes its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import ShopState
from chalicelib.errors import LicenceError, ShopError
from chalicelib.schedule import next_export
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.repair import release_group
from chalicelib.usecases.shop.installing import change_choices, complete_installation
from chalicelib.usecases.shop.licence_change import is_code_in_use
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages import settings_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.licence_page import answer_code
from chalicelib.web.pages.subscription_trouble import find_banner
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.licence_texts import BAD_LICENCE, NO_LICENCE
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.settings_questions import QUESTIONS

_NOT_REACHED = msgid(
    "Your webshop does not answer at the moment, so your payment methods cannot be listed. You "
    "can go on: choices made before are kept, everything else follows the default. Come back "
    "later to choose."
)
MOST_RELEASED = 1000  # searched for causes; the release itself has no limit
_BY_SETTINGS = frozenset(reason.value for reason, text in TEXTS.items() if text.in_settings)


def show_form(call: Call) -> Response:
    """The form of a shop that is being installed; another shop goes on to its overview. Raises
    `NotSignedIn`.
    """
    if call.shop.state is not ShopState.INSTALLING:
        return redirect(call.home)
    return _render_form(call)


def render_settings(call: Call) -> Response:
    """``GET /settings``: the form of a shop that is signed in."""
    _ = call.shop
    return _render_form(call)


def save_settings(call: Call) -> Response:
    """``POST /install`` and ``POST /settings``: store the choices; 303 to the overview.

    The licence code is taken as it is while the shop is installed. Of an installed shop it is
    never changed here: a form with another code in it has its choices stored, and is answered by
    the step that changes the code.
    """
    form, shop = call.read_own_form(), call.shop
    installing = shop.state is ShopState.INSTALLING
    codes = frozenset(payment.code for payment in call.connector.profile().payments)
    ticked = None if installing else local_day(call.connector.clock())
    answers = settings_form.read_answers(form, shop.policy, codes, ticked=ticked)
    if answers.problems:
        return _render_form(call, answers.problems, form.fields)
    if installing:
        return _install(call, form, answers.policy)
    try:
        change_choices(call.workspace, answers.policy)
    except ShopError as error:
        return _render_unsubscribed(call, error)
    released = _release_held(call) if answers.policy != shop.policy else 0
    if form.get("licence") and not is_code_in_use(call.workspace, form.get("licence")):
        return answer_code(call, form, is_saved=True)
    notice = call.sessions.set_notice("saved_and_released" if released else "saved", released)
    return redirect(call.build_url(), cookies=[notice])


def _install(call: Call, form: Form, policy: Policy) -> Response:
    licence = form.get("licence")
    try:
        complete_installation(call.workspace, licence=licence, policy=policy)
    except LicenceError:
        problem = BAD_LICENCE if licence else NO_LICENCE
        return _render_form(call, {"licence": problem}, form.fields)
    except ShopError as error:
        return _render_unsubscribed(call, error)
    session = replace(call.find_session(), shop=call.shop)
    cookies = [call.sessions.rewrite(session), call.sessions.set_notice("installed")]
    return redirect(call.build_url(), cookies=cookies)


def _render_unsubscribed(call: Call, error: ShopError) -> Response:
    banner = find_banner(call, error)
    return _render_form(call, status=find_error_text(error).status, banner=banner)


def _release_held(call: Call) -> int:
    """Release the orders whose cause lies in the settings. Returns how many."""
    workspace = call.workspace
    entries = call.connector.entries.list_held(workspace.shop_id, limit=MOST_RELEASED)
    causes = {entry.hold for entry in entries if entry.hold in _BY_SETTINGS}
    return sum(
        release_group(workspace, hold=cause, detail=None, by=Actor.MERCHANT)
        for cause in sorted(filter(None, causes))
    )


def _render_form(
    call: Call,
    problems: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    banner: str = "",
) -> Response:
    """The form, with the `values` that were posted and the `problems` in them, if any."""
    shop = call.shop
    installing = shop.state is ShopState.INSTALLING
    filled = {"licence": "", **settings_form.list_values(shop.policy), **(values or {})}
    methods, is_listed = _list_methods(call)
    return call.render(
        "form.html",
        status=400 if problems else status,
        installing=installing,
        action=call.build_url("install" if installing else "settings"),
        values=filled,
        problems=problems or {},
        banner=banner or ("" if is_listed else _NOT_REACHED),
        methods=methods,
        new={method.key for method in methods if is_new(shop.policy, method.key)},
        codes=call.connector.profile().payments,
        questions=QUESTIONS,
        rows=settings_form.count_rate_rows(filled),
        masked=shop.masked_licence,
        overview=None if installing else read_overview(call.workspace),
        next_run=next_export(call.connector.clock()),
        more_open=any(not name.startswith(("licence", "pay")) for name in problems or ()),
    )


def _list_methods(call: Call) -> tuple[list[PaymentMethod], bool]:
    """The shop's payment methods, and whether it answered; else those chosen for before."""
    shop = call.shop
    try:
        return call.workspace.api.payment_methods(), True
    except ShopError as error:
        extra = {"shop_id": shop.shop_id, "error": type(error).__name__}
        call.log.warning("payment methods cannot be listed", extra=extra)
        known = sorted({*shop.policy.payments, *shop.policy.seen_payments})
        return [PaymentMethod(key=key, title=key) for key in known], False
