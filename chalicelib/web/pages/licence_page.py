"""The page that changes the licence code, in two steps: the new code is typed, then what follows
from it is shown, with the code in full this once, and confirmed.

It wants a merchant who has just come from the AppCenter: a session that somebody borrowed is
seldom that fresh.
"""

from __future__ import annotations

from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import ShopState
from chalicelib.errors import LicenceError
from chalicelib.schedule import next_export
from chalicelib.usecases.shop.licence_change import (
    Proposal,
    TooManyChanges,
    change_licence,
    propose_licence,
)
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.fresh_session import is_fresh
from chalicelib.web.texts.licence_texts import BAD_LICENCE, NO_LICENCE, SAME_CODE, TOO_OFTEN

_PURPOSE = "licence"
_SEEN_FOR = 15 * 60  # seconds


def render_licence(call: Call) -> Response:
    """``GET /licence``: the field for the new code."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    return _render(call, "typing") if is_fresh(call) else _render(call, "stale")


def save_licence(call: Call) -> Response:
    """``POST /licence``: with a new code, what would follow, to be confirmed; confirmed, the change
    and 303 to the overview. Sent again, it changes nothing.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    return answer_code(call, form)


def answer_code(call: Call, form: Form, *, is_saved: bool = False) -> Response:
    """The answer to a form with a licence code in it. `is_saved`: other choices in the same form
    are stored by now.
    """
    typed = form.get("licence")
    if not is_fresh(call):
        return _render(call, "stale", status=403, typed=typed, is_saved=is_saved)
    try:
        proposal = propose_licence(call.workspace, typed)
    except LicenceError:
        problem = BAD_LICENCE if typed else NO_LICENCE
        return _render(call, "typing", status=400, problem=problem, typed=typed, is_saved=is_saved)
    if proposal.is_same:
        _change(call, proposal)
        return _render(call, "typing", banner=SAME_CODE, is_saved=is_saved)
    if not _is_confirmed(call, form, proposal):
        return _render_proposal(call, proposal, is_saved=is_saved)
    try:
        _change(call, proposal)
    except TooManyChanges:
        return _render(call, "typing", status=429, problem=TOO_OFTEN)
    notice = call.set_notice("licence_changed")
    return redirect(call.build_url(), cookies=[notice])


def _change(call: Call, proposal: Proposal) -> None:
    code, mark = proposal.code, proposal.former_mark
    change_licence(call.workspace, code, by=call.actor, former_mark=mark)


def _is_confirmed(call: Call, form: Form, proposal: Proposal) -> bool:
    """Whether the merchant has seen this very change: the same two codes, a while ago."""
    said: object = call.sessions.check(_PURPOSE, form.get("confirm"), _SEEN_FOR)
    return said == _claim(call, proposal)


def _claim(call: Call, proposal: Proposal) -> list[object]:
    return [call.shop.shop_id, proposal.former_mark, proposal.new_print]


def _render_proposal(call: Call, proposal: Proposal, *, is_saved: bool) -> Response:
    unfinished = call.connector.files.list_unfinished(call.shop.shop_id)
    return _render(
        call,
        "confirming",
        is_saved=is_saved,
        proposal=proposal,
        confirm=call.sessions.sign(_PURPOSE, _claim(call, proposal)),
        unknown=sum(file.state is FileState.UNKNOWN for file in unfinished),
    )


def _render(
    call: Call,
    step: str,
    *,
    status: int = 200,
    problem: str = "",
    banner: str = "",
    typed: str = "",
    is_saved: bool = False,
    proposal: Proposal | None = None,
    confirm: str = "",
    unknown: int = 0,
) -> Response:
    return call.render(
        "licence.html",
        status=status,
        step=step,
        masked=call.shop.masked_licence,
        problems={"licence": problem} if problem else {},
        banner=banner,
        typed=typed,
        is_saved=is_saved,
        proposal=proposal,
        confirm=confirm,
        unknown=unknown,
        next_run=next_export(call.connector.clock()),
        tells=call.connector.post is not None,
    )
