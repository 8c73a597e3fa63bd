"""The page behind an invitation. Nobody has to be signed in: the link says for which shop it is.

Following the link changes nothing, since programs that look mail through follow links too; the
button on the page does.
"""

from __future__ import annotations

from chalicelib.usecases.shop.accepting import accept_invitation
from chalicelib.usecases.shop.invitation_links import (
    Claim,
    FoundInvitation,
    claim_invitation,
    read_invitation,
    read_proof,
)
from chalicelib.web.http.bookkeeper_sessions import sign_bookkeeper_in
from chalicelib.web.http.http_messages import Response, read_form, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.seat_texts import (
    INVITATION_OVER,
    NOT_CLAIMED,
    RIGHT_TITLES,
    WHY_INVITATION_OVER,
)

_LINKS = ("invitation", "proof")
"""The parameters that say which invitation it is: its token, or what carries it on."""


def show_invitation(call: Call) -> Response:
    """``GET /clients/invitation``: who invites, and a button; behind a link to copy a field for the
    address. Raises `VaultUnavailable`.
    """
    found = _find(call)
    return _render_over(call) if found is None else _render(call, found)


def answer_invitation(call: Call) -> Response:
    """``POST /clients/invitation``: where the link proves an address, the seat, a session, and 303
    to the shop; else a mail to the address that was typed. Raises `NotOurPage`, `VaultUnavailable`.
    """
    call.check_origin()
    found = _find(call)
    if found is None:
        return _render_over(call)
    if not found.address:
        return _claim(call, found)
    seat = accept_invitation(found)
    if seat is None:
        return _render_over(call)
    shop = call.build_url("clients", str(seat.shop_id))
    return redirect(shop, cookies=[sign_bookkeeper_in(call.sessions, seat.holder)])


def _claim(call: Call, found: FoundInvitation) -> Response:
    typed = read_form(call.request).get("address")
    outcome = claim_invitation(found, typed)
    if outcome is Claim.ASKED:
        return _render(call, found, typed=typed, is_asked=True)
    problems = {"address": NOT_CLAIMED[outcome]}
    return _render(call, found, status=400, typed=typed, problems=problems)


def _find(call: Call) -> FoundInvitation | None:
    """The open invitation that the address names. Raises `NoSuchPage` where no mail is sent."""
    if call.connector.post is None:
        raise NoSuchPage
    query = {} if call.request.repeated else call.request.query
    if "proof" in query:
        return read_proof(call.connector, query["proof"])
    return read_invitation(call.connector, query.get("invitation", ""))


def _render_over(call: Call) -> Response:
    return call.render(
        "link_over.html", status=400, title=INVITATION_OVER, lines=WHY_INVITATION_OVER
    )


def _render(
    call: Call,
    found: FoundInvitation,
    *,
    status: int = 200,
    typed: str = "",
    problems: dict[str, str] | None = None,
    is_asked: bool = False,
) -> Response:
    name = next(name for name in reversed(_LINKS) if name in call.request.query)
    return call.render(
        "invitation.html",
        status=status,
        parameter=name,
        token=call.request.query[name],
        title=found.workspace.shop.title,
        rights=[RIGHT_TITLES[right] for right in sorted(found.invitation.rights)],
        until=found.invitation.until,
        address=found.address,
        typed=typed,
        problems=problems or {},
        is_asked=is_asked,
    )
