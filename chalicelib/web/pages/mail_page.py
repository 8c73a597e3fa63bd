"""The page on which a merchant chooses which mail there is, and where it goes."""

from __future__ import annotations

from chalicelib.domain.mail_records import MailKind, MailProgress
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import ShopState
from chalicelib.errors import VaultError
from chalicelib.usecases.shop.mail_choices import (
    Proposal,
    choose_mails,
    forget_address,
    propose_address,
    read_choices,
)
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.localisation import list_msgids, msgid
from chalicelib.web.texts.mail_page_texts import KIND_HELP, KIND_TITLES, LAST_MAIL, PROPOSALS

_ELSEWHERE = "elsewhere"
_NO_MAIL = msgid("No e-mail is sent here")
_NO_MAIL_LINES = list_msgids(
    "This installation of the connector sends none. What waits for you is in the overview."
)


def render_mail(call: Call) -> Response:
    """``GET /settings/mail``: the choices, or that no mail is sent here. Raises `NotSignedIn`."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    if call.connector.post is None:
        page = {"icon": "info", "title": _NO_MAIL, "lines": _NO_MAIL_LINES, "reference": ""}
        return call.render("message.html", **page)
    return _render(call)


def save_mail(call: Call) -> Response:
    """``POST /settings/mail``: store the choices; another address is asked first, by mail. 303 to
    the page, or the form with what is wrong in it. Raises as `read_own_form`, and `NoSuchPage`
    where no mail is sent.
    """
    form, post = call.read_own_form(), call.connector.post
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    if post is None:
        raise NoSuchPage
    notice = "mail_saved"
    if form.get("where") == _ELSEWHERE:
        outcome = propose_address(call.workspace, post, form.get("address"))
        if outcome in PROPOSALS:
            problems = {"address": PROPOSALS[outcome]}
            return _render(call, status=400, form=form, problems=problems)
        notice = "mail_asked" if outcome is Proposal.ASKED else notice
    else:
        forget_address(call.workspace, post)
    choose_mails(call.workspace, _read_kinds(form), by=call.actor)
    cookies = [call.set_notice(notice)]
    return redirect(call.build_url("settings", "mail"), cookies=cookies)


def _read_kinds(form: Form) -> frozenset[MailKind]:
    return frozenset(kind for kind in MailKind if form.get(f"mail-{kind}") == "yes")


def _render(
    call: Call,
    *,
    status: int = 200,
    form: Form | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    choices, shop = read_choices(call.workspace), call.shop
    own, is_broken = _open_own_address(call)
    progress = call.connector.shops.load(shop.shop_id, MailProgress) or MailProgress()
    is_elsewhere = form is not None or shop.mail_address is not None
    return call.render_with_notice(
        "mail.html",
        status=status,
        kinds=list(MailKind),
        titles=KIND_TITLES,
        explained=KIND_HELP,
        wanted=choices.wanted if form is None else _read_kinds(form),
        is_elsewhere=is_elsewhere,
        address=own if form is None else form.get("address"),
        is_broken=is_broken,
        is_asked=choices.proposed is not None,
        problems=problems or {},
        progress=progress,
        outcomes=LAST_MAIL,
    )


def _open_own_address(call: Call) -> tuple[str, bool]:
    """The merchant's own address, empty without one; and whether it cannot be opened."""
    sealed, shop_id = call.shop.mail_address, call.shop.shop_id
    if sealed is None:
        return "", False
    try:
        return call.connector.vault.open(shop_id, SecretKind.MAIL_ADDRESS, sealed), False
    except VaultError:
        return "", True
