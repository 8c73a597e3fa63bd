"""How invoices are booked in the administration: a proposal to look over and confirm."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.choice_problems import ProblemKind
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.proposals import Proposal
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.errors import AsperionError, ShopBusy
from chalicelib.usecases.operating.changing_connection import confirm_choices
from chalicelib.usecases.operating.connection_reading import ChoicesRefused, read_lists
from chalicelib.usecases.operating.reading_proposal import read_proposal
from chalicelib.usecases.operating.releasing import release_and_judge
from chalicelib.usecases.shop.connect_obstacles import ConnectRefused
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.connect_choices_form import (
    ALSO,
    SURE,
    ReadChoices,
    fill_values,
    read_also,
    read_choices,
    word_problems,
)
from chalicelib.web.pages.connect_pickers import PickerMaker
from chalicelib.web.pages.connect_steps import (
    ConnectState,
    ConnectStep,
    find_address,
    find_detour,
    find_mark,
    go_to,
    read_progress,
    render_step,
)
from chalicelib.web.pages.connect_trouble import find_connect_refusal
from chalicelib.web.texts.connect_texts import OBSTACLES, RUN_AT_WORK

HELD_FOR_CHOICES = frozenset(
    {
        HoldReason.VAT_CODE_MISSING,
        HoldReason.LEDGER_ACCOUNT_MISSING,
        HoldReason.ASPERION_REFUSED,
    }
)
"""What a person may have mended by choosing otherwise."""

_DOUBTS = frozenset(each for each in ProblemKind if each.may_be_confirmed)


def render_proposal(call: Call) -> Response:
    """``GET /connect/proposal``: all that is to be chosen, filled in with what was confirmed before
    or is proposed; with ``?also=…`` (see `write_also`) a VAT code for that VAT as well.
    """
    if detour := find_detour(call, wanted=ConnectState.PROPOSAL):
        return detour
    try:
        lists = read_lists(call.workspace)
    except AsperionError as error:
        return _render_refusal(call, error)
    also = call.request.query.get(ALSO, "")
    proposal = read_proposal(call.workspace, lists, read_also(also))
    return _render(call, lists, proposal, {**fill_values(proposal.make_choices()), ALSO: also})


def save_proposal(call: Call) -> Response:
    """``POST /connect/proposal``: the choices in the form count from now on; the try-out is next,
    or where deliveries go straight into Asperion already, how the connection stands.
    """
    form = call.read_own_form()
    if detour := find_detour(call, wanted=ConnectState.PROPOSAL):
        return detour
    try:
        lists = read_lists(call.workspace)
        proposal = read_proposal(call.workspace, lists, read_also(form.get(ALSO)))
        read = read_choices(form, proposal, lists)
        return _confirm(call, form, lists, proposal, read)
    except AsperionError as error:
        return _render_refusal(call, error)


def _confirm(
    call: Call, form: Form, lists: AdministrationLists, proposal: Proposal, read: ReadChoices
) -> Response:
    if read.problems:
        return _render(call, lists, proposal, read.values, problems=read.problems)
    confirmed = _DOUBTS if form.get(SURE) == "yes" else frozenset[ProblemKind]()
    try:
        confirm_choices(
            call.workspace,
            read.choices,
            by=call.actor,
            seen=form.get("seen"),
            confirmed=confirmed,
            lists=lists,
        )
    except ChoicesRefused as refused:
        problems = word_problems(refused.problems, read.values)
        has_doubts = any(each.kind.may_be_confirmed for each in refused.problems)
        return _render(call, lists, proposal, read.values, problems=problems, has_doubts=has_doubts)
    except ShopBusy:
        return _render(call, lists, proposal, read.values, banner=RUN_AT_WORK)
    except ConnectRefused as refused:
        return _render(call, lists, proposal, read.values, banner=OBSTACLES[refused.obstacle])
    return _go_on(call)


def _go_on(call: Call) -> Response:
    if not read_progress(call).is_on:
        return go_to(call, ConnectStep.TRY)
    released = release_and_judge(call.workspace, HELD_FOR_CHOICES, by=call.actor)
    address = find_address(call, ConnectStep.BEGIN)
    return call.redirect_with_released(address, released, "choices_confirmed")


def _render(
    call: Call,
    lists: AdministrationLists,
    proposal: Proposal,
    values: Mapping[str, str],
    *,
    problems: Mapping[str, str] | None = None,
    has_doubts: bool = False,
    banner: str = "",
) -> Response:
    pickers = PickerMaker(
        templates=call.templates,
        lists=lists,
        values=values,
        home=call.shop.country or NETHERLANDS,
        methods={each.code: each.label for each in call.workspace.profile.payments},
    ).make(proposal)
    rows = pickers.exceptions
    targets = {each.name: each.id for each in pickers.every}
    targets |= {row.articles_name: row.articles_id for row in rows}
    return render_step(
        call,
        ConnectStep.PROPOSAL,
        status=409 if banner else 200,
        problems=problems,
        targets=targets,
        names={each.name: each.title for each in pickers.every},
        pickers=pickers,
        has_doubts=has_doubts,
        banner=banner,
        refusal=None,
        progress=read_progress(call),
        seen=find_mark(call),
        also=values.get(ALSO, ""),
    )


def _render_refusal(call: Call, error: AsperionError) -> Response:
    refusal = find_connect_refusal(call, error)
    return render_step(
        call,
        ConnectStep.PROPOSAL,
        status=refusal.status,
        targets={},
        names={},
        pickers=None,
        has_doubts=False,
        banner="",
        refusal=refusal,
        progress=read_progress(call),
        seen="",
        also="",
    )
