"""The installation: a short path of pages with one question each.

Every answer is kept as it is given, so that a merchant goes on where he was, and goes back without
losing anything. Whoever posts all answers to ``/install`` at once has the app installed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.domain.licence import clean_licence
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import ShopState
from chalicelib.errors import LicenceError, ShopError
from chalicelib.usecases.shop.installation_steps import (
    keep_licence,
    keep_payments,
    read_progress,
)
from chalicelib.usecases.shop.installing import complete_installation
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages import settings_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage, find_error_text
from chalicelib.web.pages.install_payments import (
    list_codes,
    render_payments,
    save_payments,
    see_methods,
)
from chalicelib.web.pages.install_starts import (
    render_count,
    render_done,
    render_start,
    save_start,
    take_along,
)
from chalicelib.web.pages.install_steps import (
    Step,
    find_current,
    go_to,
    is_open,
    read_step,
    render_step,
)
from chalicelib.web.pages.settings_form import PAYMENT
from chalicelib.web.pages.several_choices import save_choices
from chalicelib.web.pages.subscription_trouble import find_banner
from chalicelib.web.texts.licence_texts import BAD_LICENCE, NO_LICENCE
from chalicelib.web.texts.settings_questions import QUESTIONS


def show_path(call: Call) -> Response:
    """The page at which a shop that is being installed goes on; another shop goes on to its
    overview. Raises `NotSignedIn`.
    """
    if call.shop.state is not ShopState.INSTALLING:
        return redirect(call.home)
    return _SHOWN[find_current(call)](call)


def show_step(call: Call) -> Response:
    """``GET /install/{step}``: one page of the path; one whose turn it is not yet leads to the one
    whose turn it is.
    """
    step = read_step(call)
    if call.shop.state is not ShopState.INSTALLING:
        is_done = step is Step.DONE and call.shop.state is ShopState.ACTIVE
        return render_done(call) if is_done else redirect(call.home)
    if not is_open(call, step, read_progress(call.workspace)):
        return go_to(call, find_current(call))
    return _SHOWN[step](call)


def save_step(call: Call) -> Response:
    """``POST /install/{step}``: keep the answer of one page; 303 to the next one, but for the
    licence code, which is shown once to be checked.

    A button that is pressed again, when the shop is installed by then, leads to the last page.
    """
    form, step = call.read_own_form(), read_step(call)
    if step not in _SAVED:
        raise NoSuchPage
    if call.shop.state is not ShopState.INSTALLING:
        return _press_again(call, step)
    if not is_open(call, step, read_progress(call.workspace)):
        return go_to(call, find_current(call))
    return _SAVED[step](call, form)


def install_at_once(call: Call) -> Response:
    """``POST /install``: all answers in one form, the licence code among them; 303 to the overview.

    What is not posted stays as it was, or follows the default, and where any payment method is
    answered, the others that the shop has by then count as seen. With anything wrong nothing is
    kept, and the form comes back with all that was posted. Of a shop that is installed by then the
    choices are stored as by ``/settings``.
    """
    form = call.read_own_form()
    if call.shop.state is not ShopState.INSTALLING:
        return save_choices(call, form)
    answers = settings_form.read_answers(form, call.shop.policy, list_codes(call))
    problems = {**_check_licence(call, form), **answers.problems}
    if problems:
        return _render_whole(call, form, problems)
    policy = see_methods(call, answers.policy) if form.select(PAYMENT) else answers.policy
    refused = _complete(call, licence=form.get("licence"), policy=policy)
    if refused is not None:
        keep_payments(call.workspace, call.shop.policy)  # they were answered in the same form
        return _render_refused(call, render_start, refused)
    notice = call.set_notice("installed")
    return redirect(call.build_url(), cookies=[_renew_session(call), notice])


def _show_about(call: Call) -> Response:
    return render_step(call, Step.ABOUT)


def _show_licence(call: Call) -> Response:
    return _render_licence(call)


def _save_licence(call: Call, form: Form) -> Response:
    """The code is shown in full in this one answer, and in none after it."""
    problems = _check_licence(call, form)
    if problems:
        return _render_licence(call, problems, form.fields.get("licence", ""))
    if not form.get("licence"):
        return go_to(call, Step.PAYMENTS)
    code = keep_licence(call.workspace, form.get("licence"))
    return call.render("install_check.html", number=2, count=4, problems={}, code=code)


def _check_licence(call: Call, form: Form) -> Mapping[str, str]:
    """What is wrong with a licence code; nothing when none is posted and there is one already."""
    typed = form.get("licence")
    if not typed and call.shop.licence is not None:
        return {}
    try:
        clean_licence(typed)
    except LicenceError:
        return {"licence": BAD_LICENCE if typed else NO_LICENCE}
    return {}


def _render_licence(
    call: Call, problems: Mapping[str, str] | None = None, typed: str = ""
) -> Response:
    return render_step(call, Step.LICENCE, problems=problems, typed=typed)


def _save_start(call: Call, form: Form) -> Response:
    answer = save_start(call, form)
    return _finish(call, render_start) if answer is None else answer


def _save_count(call: Call, _: Form) -> Response:
    return _finish(call, render_count)


def _finish(call: Call, render: Callable[..., Response]) -> Response:
    """Install with what was kept. `render` is the page of the button, shown again when SEOshop did
    not do its part.
    """
    refused = _complete(call, licence="", policy=call.shop.policy)
    if refused is not None:
        return _render_refused(call, render, refused)
    take_along(call)
    done = call.build_url("install", Step.DONE.value)
    return redirect(done, cookies=[_renew_session(call)])


def _render_refused(call: Call, render: Callable[..., Response], refused: ShopError) -> Response:
    status = find_error_text(refused).status
    return render(call, status=status, banner=find_banner(call, refused))


def _press_again(call: Call, step: Step) -> Response:
    if step not in (Step.START, Step.COUNT) or call.shop.state is not ShopState.ACTIVE:
        return redirect(call.home)
    take_along(call)
    return go_to(call, Step.DONE)


def _complete(call: Call, *, licence: str, policy: Policy) -> ShopError | None:
    """Install; gives what SEOshop answered when it did not do its part. The answers are kept."""
    try:
        complete_installation(call.workspace, licence=licence, policy=policy)
    except ShopError as error:
        return error
    return None


def _renew_session(call: Call) -> str:
    return call.sessions.rewrite(replace(call.find_session(), shop=call.shop))


def _render_whole(call: Call, form: Form, problems: Mapping[str, str]) -> Response:
    """All answers of one form: those with problems and the code to be mended, the rest as it is."""
    return call.render(
        "install_whole.html",
        status=400,
        problems=problems,
        values=form.fields,
        codes=call.workspace.profile.payments,
        questions=QUESTIONS,
        masked=call.shop.masked_licence,
    )


_SHOWN: Mapping[Step, Callable[[Call], Response]] = {
    Step.ABOUT: _show_about,
    Step.LICENCE: _show_licence,
    Step.PAYMENTS: render_payments,
    Step.START: render_start,
    Step.COUNT: render_count,
}
_SAVED: Mapping[Step, Callable[[Call, Form], Response]] = {
    Step.LICENCE: _save_licence,
    Step.PAYMENTS: save_payments,
    Step.START: _save_start,
    Step.COUNT: _save_count,
}
