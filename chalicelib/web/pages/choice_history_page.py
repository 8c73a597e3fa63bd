"""The history of a shop's choices: who changed what and when, and taking a change back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from chalicelib.domain.choice_history import ChoiceChange, TakingBack, propose_taking_back
from chalicelib.domain.policy import Policy
from chalicelib.domain.policy_edits import Edits
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError
from chalicelib.usecases.shop.choosing import read_history
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages import settings_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.choice_saving import Intent, answer_intent
from chalicelib.web.pages.typed_numbers import read_number

_LAST_NUMBER = 10**9 - 1
_TOUCHED_TOGETHER = frozenset(settings_form.ARTICLE_LISTS)


def render_history(call: Call) -> Response:
    """``GET /settings/history``: the changes that are kept, the newest first."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    return _render(call)


def take_back(call: Call) -> Response:
    """``POST /settings/history``: take a change back (field ``change``, its number). First what
    that changes is shown, then, confirmed, it is a change of its own.
    """
    form, history = call.read_own_form(), read_history(call.workspace)
    change = history.find(_read_change(form))
    taking = None if change is None else _propose(change, call.shop.policy)
    if taking is None or not taking.edits:
        return call.redirect_with_notice(call.build_url("settings", "history"), "nothing", 0)
    if problems := _list_problems(call, taking):
        return _render(call, status=409, problems=problems)
    return answer_intent(
        call,
        form,
        Intent(
            policy=taking.policy,
            address=call.build_url("settings", "history"),
            fields={"change": str(taking.change.number)},
            back=call.build_url("settings", "history"),
            takes_back=taking.change.number,
            overtaken=taking.overtaken,
        ),
    )


def _read_change(form: Form) -> int:
    number = read_number(form.get("change"), _LAST_NUMBER)
    if number is None:
        raise RequestError("The form does not say which change is meant.")
    return number


def _propose(change: ChoiceChange, policy: Policy) -> TakingBack | None:
    """What taking a change back would do; None where a value that it puts back is no choice any
    more.
    """
    with suppress(ValueError):
        return propose_taking_back(change, policy)
    return None


def _list_problems(call: Call, taking: TakingBack) -> list[str]:
    """Why the choices cannot be put back as they were: texts, their English sources. They are read
    as a form would be that has them.
    """
    names = {edit.field for edit in taking.edits}
    if names & _TOUCHED_TOGETHER:
        names |= _TOUCHED_TOGETHER
    values = settings_form.list_values(taking.policy)
    form = Form(settings_form.select_controls(values, names))
    codes = frozenset(payment.code for payment in call.workspace.profile.payments)
    answers = settings_form.read_answers(form, taking.policy, codes)
    return list(dict.fromkeys(answers.problems.values()))


def _render(call: Call, *, status: int = 200, problems: list[str] | None = None) -> Response:
    changes = read_history(call.workspace).changes
    return call.render_with_notice(
        "choice_history.html",
        status=status,
        problems=problems or [],
        changes=[_show(call, change) for change in reversed(changes)],
        moments={change.number: change.at for change in changes},
    )


def _show(call: Call, change: ChoiceChange) -> dict[str, Any]:
    taking = _propose(change, call.shop.policy)
    left: Edits = () if taking is None else taking.edits
    return {
        "change": change,
        "lines": call.words.list_lines(change.edits),
        "can_be_taken_back": bool(left),
    }
