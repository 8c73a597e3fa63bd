"""A form with choices of several subjects: stored at once, without a page in between."""

from __future__ import annotations

from chalicelib.usecases.shop.licence_change import is_code_in_use
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.choice_saving import store_choices
from chalicelib.web.pages.licence_page import answer_code
from chalicelib.web.pages.settings_index import render_settings
from chalicelib.web.pages.subject_page import read_answers, render_problems


def save_choices(call: Call, form: Form) -> Response:
    """Store the choices that an installed shop's merchant posted; 303 to the overview. What is not
    posted stays as it is.

    The licence code is never changed here: a form with another code in it has its choices stored,
    and is answered by the step that changes the code.
    """
    answers = read_answers(call, form)
    if answers.problems:
        return render_problems(call, form, answers.problems)
    stored = store_choices(call, answers.policy)
    if stored.obstacle:
        return render_settings(call, banner=stored.obstacle, status=stored.status)
    if form.get("licence") and not is_code_in_use(call.workspace, form.get("licence")):
        return answer_code(call, form, is_saved=True)
    kind = "saved" if stored.is_changed else "saved_as_before"
    return call.redirect_with_released(call.build_url(), stored.released, kind)
