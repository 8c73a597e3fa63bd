"""The pages that the links of mails lead to. Nobody has to be signed in: the link's ticket says for
which shop it is, and permits one thing. Following a link changes nothing, since programs that look
mail through follow links too; the button on the page does.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.mail_records import MailKind
from chalicelib.domain.shops import ShopState
from chalicelib.errors import UnknownShop
from chalicelib.usecases.shop.mail_choices import (
    confirm_address,
    is_proposed,
    read_choices,
    subscribe_again,
    unsubscribe,
)
from chalicelib.usecases.shop.mail_tickets import Purpose, Ticket, read_ticket
from chalicelib.usecases.workspace import Workspace, open_workspace
from chalicelib.web.http.http_messages import Form, Response, read_form
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.localisation import list_msgids, msgid

_WORTHLESS = msgid("This link is no longer valid")
_WHY_NOT_UNSUBSCRIBED = list_msgids(
    "It is incomplete, or from a mail to an address that gets no mail any more. Nothing was "
    "changed.",
    "Open the connector from the AppCenter of your webshop, and choose under Settings › E-mail "
    "which mail you get.",
)
_WHY_NOT_CONFIRMED = list_msgids(
    "It is incomplete, older than three days, or another address was filled in after it. Nothing "
    "was changed.",
    "Fill the address in once more: open the connector from the AppCenter of your webshop, and "
    "choose Settings › E-mail.",
)


def ask_to_unsubscribe(call: Call) -> Response:
    """``GET /unsubscribe``: a page with the button."""
    workspace = _find_subscriber(call)
    if workspace is None:
        return _render_worthless(call, _WHY_NOT_UNSUBSCRIBED)
    wanted = read_choices(workspace).wanted
    return _render_mails(call, workspace, "asking" if wanted else "off", frozenset())


def change_subscription(call: Call) -> Response:
    """``POST /unsubscribe``: switch all mails off, as the button does and mail programs do by
    themselves (RFC 8058); with ``again`` switch those on that were. Twice is harmless.
    """
    workspace = _find_subscriber(call)
    if workspace is None:
        return _render_worthless(call, _WHY_NOT_UNSUBSCRIBED)
    form = _read_any_form(call)
    if "again" in form:
        kinds = frozenset(kind for kind in MailKind if kind in form.get("again").split())
        subscribe_again(workspace, kinds)
        return _render_mails(call, workspace, "on", frozenset())
    return _render_mails(call, workspace, "off", unsubscribe(workspace))


def _read_any_form(call: Call) -> Form:
    """The form of the page's buttons; of a mail program's, which may be of several parts, nothing
    is needed.
    """
    kind = call.request.headers.get("content-type", "")
    return Form({}) if "urlencoded" not in kind else read_form(call.request)


def ask_to_confirm(call: Call) -> Response:
    """``GET /confirm-address``: a page with the button."""
    found = _find_proposer(call)
    if found is None:
        return _render_worthless(call, _WHY_NOT_CONFIRMED)
    workspace, _ = found
    return _render_confirmation(call, workspace, is_done=False)


def confirm(call: Call) -> Response:
    """``POST /confirm-address``: mail goes to the address from now on."""
    found = _find_proposer(call)
    post = call.connector.post
    if found is None or post is None or not confirm_address(found[0], post, found[1]):
        return _render_worthless(call, _WHY_NOT_CONFIRMED)
    return _render_confirmation(call, found[0], is_done=True)


def _find_subscriber(call: Call) -> Workspace | None:
    found = _find_shop(call, Purpose.UNSUBSCRIBE)
    if found is None or str(read_choices(found[0]).era) != found[1].address:
        return None
    return found[0]


def _find_proposer(call: Call) -> tuple[Workspace, Ticket] | None:
    found = _find_shop(call, Purpose.CONFIRM)
    return found if found is not None and is_proposed(*found) else None


def _find_shop(call: Call, purpose: Purpose) -> tuple[Workspace, Ticket] | None:
    """The shop that the link's ticket is of; None for a ticket that is worth nothing. Raises
    `NoSuchPage` where no mail is sent.
    """
    if call.connector.post is None:
        raise NoSuchPage
    text = "" if call.request.repeated else call.request.query.get("ticket", "")
    ticket = read_ticket(call.connector.secrets, purpose, text, now=call.connector.clock())
    if ticket is None:
        return None
    try:
        workspace = open_workspace(call.connector, ticket.shop_id, is_page=True)
    except UnknownShop:
        return None
    return None if workspace.shop.state is ShopState.UNINSTALLED else (workspace, ticket)


def _render_worthless(call: Call, lines: tuple[str, ...]) -> Response:
    page = {"icon": "alert", "title": _WORTHLESS, "lines": lines, "reference": ""}
    return call.render("message.html", status=400, **page)


def _render_mails(
    call: Call, workspace: Workspace, stage: str, former: frozenset[MailKind]
) -> Response:
    again = " ".join(sorted(former)) or "all"
    title = workspace.shop.title
    return _render(call, "unsubscribe.html", stage=stage, again=again, title=title)


def _render_confirmation(call: Call, workspace: Workspace, *, is_done: bool) -> Response:
    title = workspace.shop.title
    return _render(call, "confirm_address.html", is_done=is_done, title=title)


def _render(call: Call, template: str, **values: object) -> Response:
    """The link must not reach whoever a page is read by next: no address of it is kept."""
    ticket = call.request.query["ticket"]
    answer = call.render(template, ticket=ticket, **values)
    return replace(answer, headers={**answer.headers, "Referrer-Policy": "no-referrer"})
