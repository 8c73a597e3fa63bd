"""The page on which a merchant says which bookkeepers may look along, and what they may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.seats import MOST_SEATS, SeatRight
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError
from chalicelib.usecases.shop.invitations import (
    Inviting,
    invite,
    list_invitations,
    revoke_invitation,
)
from chalicelib.usecases.shop.seat_holders import (
    change_rights,
    list_seats,
    open_address,
    revoke_seat,
)
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.seat_texts import (
    NO_SEATS,
    NOT_INVITED,
    RIGHT_HELP,
    RIGHT_TITLES,
    WHY_NO_SEATS,
)


def render_seats(call: Call) -> Response:
    """``GET /seats``: the seats and the open invitations, or that there are none without mail.
    Raises `NotSignedIn`.
    """
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    if call.connector.post is None:
        page = {"icon": "info", "title": NO_SEATS, "lines": WHY_NO_SEATS, "reference": ""}
        return call.render("message.html", **page)
    return _render(call)


def change_seats(call: Call) -> Response:
    """``POST /seats``: what `action` says, one of `_DEEDS`. 303 to the page, or the page with what
    is wrong, or with the link that was made. Raises as `read_own_form`, and `NoSuchPage` where no
    mail is sent.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    if call.connector.post is None:
        raise NoSuchPage
    deed = _DEEDS.get(form.get("action"))
    if deed is None:
        raise RequestError("There is no such action.")
    return deed(call, form)


def _invite(call: Call, form: Form) -> Response:
    outcome, _ = invite(call.workspace, form.get("address"), _read_rights(form))
    if outcome is Inviting.INVITED:
        return _return(call, "seat_invited")
    return _render(call, status=400, form=form, problems={"address": NOT_INVITED[outcome]})


def _make_link(call: Call, form: Form) -> Response:
    """The link is shown in this answer alone: what is kept of it is a hash."""
    outcome, token = invite(call.workspace, None, _read_rights(form))
    if outcome is not Inviting.MADE:
        return _render(call, status=400, form=form, problems={"address": NOT_INVITED[outcome]})
    return _render(call, link=f"{call.build_url('clients', 'invitation')}?invitation={token}")


def _change_rights(call: Call, form: Form) -> Response:
    is_changed = change_rights(call.workspace, form.get("seat"), _read_rights(form))
    return _return(call, "seat_changed" if is_changed else "saved_as_before")


def _revoke(call: Call, form: Form) -> Response:
    revoke_seat(call.workspace, form.get("seat"))
    return _return(call, "seat_revoked")


def _take_back(call: Call, form: Form) -> Response:
    revoke_invitation(call.workspace, form.get("invitation"))
    return _return(call, "invitation_revoked")


_DEEDS: Mapping[str, Callable[[Call, Form], Response]] = {
    "invite": _invite,
    "link": _make_link,
    "rights": _change_rights,
    "revoke": _revoke,
    "take-back": _take_back,
}


def _return(call: Call, notice: str) -> Response:
    """To the page, which says what was done; twice is harmless, and says the same."""
    return redirect(call.build_url("seats"), cookies=[call.set_notice(notice)])


def _read_rights(form: Form) -> frozenset[SeatRight]:
    return frozenset(right for right in SeatRight if form.get(f"right-{right}") == "yes")


def _render(
    call: Call,
    *,
    status: int = 200,
    form: Form | None = None,
    problems: Mapping[str, str] | None = None,
    link: str = "",
) -> Response:
    workspace = call.workspace
    seats = list_seats(workspace)
    invitations = list_invitations(workspace)
    return call.render_with_notice(
        "seats.html",
        status=status,
        seats=[(seat, open_address(workspace, seat.address)) for seat in seats],
        invitations=[
            (name, one, open_address(workspace, one.address) if one.address else "")
            for name, one in invitations
        ],
        has_room=len(seats) + len(invitations) < MOST_SEATS,
        rights=list(SeatRight),
        titles=RIGHT_TITLES,
        explained=RIGHT_HELP,
        typed="" if form is None else form.get("address"),
        chosen=frozenset() if form is None else _read_rights(form),
        problems=problems or {},
        link=link,
    )
