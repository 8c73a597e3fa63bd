"""``/settings``: what is chosen now, and the form that changes choices of several subjects."""

from __future__ import annotations

from chalicelib.domain.shops import ShopState
from chalicelib.usecases.shop.licence_change import is_code_in_use
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.choice_saving import set_notice, store_choices
from chalicelib.web.pages.installation_form import install, show_form
from chalicelib.web.pages.licence_page import answer_code
from chalicelib.web.pages.settings_index import render_settings
from chalicelib.web.pages.subject_page import read_answers, render_problems


def show_settings(call: Call) -> Response:
    """``GET /settings``: the choices of a shop that is signed in, one line a subject; of a shop
    that is being installed the page at which it goes on.
    """
    if call.shop.state is ShopState.INSTALLING:
        return show_form(call)
    return render_settings(call)


def save_settings(call: Call) -> Response:
    """``POST /settings``, ``POST /install``: store choices of any subjects; 303 to the overview.

    The licence code of an installed shop is never changed here: a form with another code in it has
    its choices stored, and is answered by the step that changes the code.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return install(call, form)
    answers = read_answers(call, form)
    if answers.problems:
        return render_problems(call, form, answers.problems)
    stored = store_choices(call, answers.policy)
    if stored.obstacle:
        return render_settings(call, banner=stored.obstacle, status=stored.status)
    if form.get("licence") and not is_code_in_use(call.workspace, form.get("licence")):
        return answer_code(call, form, is_saved=True)
    kind = "saved" if stored.is_changed else "saved_as_before"
    return redirect(call.build_url(), cookies=[set_notice(call, kind, stored.released)])
