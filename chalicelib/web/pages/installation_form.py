"""The form that installs the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import ShopState
from chalicelib.errors import LicenceError, ShopError, ShopUnauthorised
from chalicelib.schedule import next_export
from chalicelib.usecases.shop.app_proof import is_app_accepted
from chalicelib.usecases.shop.installing import complete_installation
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages import settings_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.subject_page import NOT_REACHED, list_methods
from chalicelib.web.texts.licence_texts import BAD_LICENCE, NO_LICENCE
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.settings_questions import QUESTIONS

_KEPT = msgid(
    "Your choices are stored, but your webshop did not answer and the connector could not sign up "
    "for its orders. Press the button again in a minute."
)
_REFUSED = msgid(
    "Your choices are stored, but your webshop no longer gives the connector access. Open the app "
    "from the AppCenter again, then press the button once more."
)
_NOT_LET_IN = msgid(
    "Your choices are stored, but SEOshop does not let the connector in at the moment, which need "
    "not be about your webshop. Press the button again in a quarter of an hour."
)


def show_form(call: Call) -> Response:
    """The form of a shop that is being installed; another shop goes on to its overview. Raises
    `NotSignedIn`.
    """
    if call.shop.state is not ShopState.INSTALLING:
        return redirect(call.home)
    return _render_form(call)


def install(call: Call, form: Form) -> Response:
    """Store the choices and the licence code, and install; 303 to the overview."""
    codes = frozenset(payment.code for payment in call.connector.profile().payments)
    answers = settings_form.read_answers(form, call.shop.policy, codes)
    if answers.problems:
        return _render_form(call, answers.problems, form.fields)
    return _install(call, form, answers.policy)


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
    banner = _find_banner(call, error)
    return _render_form(call, status=find_error_text(error).status, banner=banner)


def _find_banner(call: Call, error: ShopError) -> str:
    """What is said when the choices are stored and SEOshop did not do its part. The merchant is
    sent to the AppCenter only when it is proven to be his own token that is refused.
    """
    if not isinstance(error, ShopUnauthorised):
        return _KEPT
    is_own_fault = is_app_accepted(call.connector, besides=call.shop.shop_id, is_page=True)
    return _REFUSED if is_own_fault else _NOT_LET_IN


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
    filled = {"licence": "", **settings_form.list_values(shop.policy), **(values or {})}
    methods, is_listed = list_methods(call)
    return call.render(
        "form.html",
        status=400 if problems else status,
        installing=True,
        action=call.build_url("install"),
        values=filled,
        problems=problems or {},
        banner=banner or ("" if is_listed else NOT_REACHED),
        methods=methods,
        new={method.key for method in methods if is_new(shop.policy, method.key)},
        codes=call.connector.profile().payments,
        questions=QUESTIONS,
        rows=settings_form.count_rate_rows(filled),
        masked=shop.masked_licence,
        overview=None,
        next_run=next_export(call.connector.clock()),
        more_open=any(not name.startswith(("licence", "pay")) for name in problems or ()),
    )
