"""The calls SEOshop makes when a merchant cancels the app, or removes it."""

from __future__ import annotations

from chalicelib.domain.shops import ShopState
from chalicelib.usecases.shop.leaving import cancel_shop
from chalicelib.usecases.shop.uninstalling import uninstall_shop
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.session_cookies import SESSION
from chalicelib.web.pages.app_centers import KNOWN_SHOP
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import list_msgids, msgid

_CANCELLED = list_msgids(
    "It goes on working until the end of the period you have paid for: orders paid until then "
    "still arrive in Asperion.",
    "Changed your mind? Install the app again from the AppCenter.",
)
_LEAVING = list_msgids(
    "SEOshop has not ended the connector's access to your webshop yet. As soon as it has, your "
    "licence code, the access and everything that refers to your webshop are erased. We look "
    "every night.",
    "Until then it goes on working. Did you not remove the connector? Open it from the AppCenter; "
    "you need not do anything else.",
)
_REMOVED = list_msgids(
    "Your licence code, the access to your webshop and everything that refers to your webshop are "
    "erased. Of your orders only number and date are kept, and of files and days the totals if "
    "you had them kept, as proof of what went to Asperion.",
    "Invoices that are in Asperion stay there. Thank you for using the connector.",
)


def cancel_app(call: Call) -> Response:
    """``GET /cancel``: it works on until the period that was paid for ends."""
    callback = call.verify_callback(with_token=False)
    workspace = open_workspace(call.connector, callback.shop_id)
    if cancel_shop(workspace, called_at=callback.timestamp).state is ShopState.UNINSTALLED:
        return _render_removed(call)
    title = msgid("The connector is cancelled")
    return call.render("message.html", icon="check", title=title, lines=_CANCELLED, reference="")


def uninstall_app(call: Call) -> Response:
    """``GET /uninstall``: once SEOshop refuses the token, all that names the shop is erased."""
    callback = call.verify_callback(with_token=False)
    workspace = open_workspace(call.connector, callback.shop_id, is_page=True)
    shop = uninstall_shop(workspace, called_at=callback.timestamp)
    if shop.state is not ShopState.UNINSTALLED:
        title = msgid("The connector is being removed")
        return call.render("message.html", icon="info", title=title, lines=_LEAVING, reference="")
    return _render_removed(call)


def _render_removed(call: Call) -> Response:
    title = msgid("The connector is removed")
    page = {"icon": "check", "title": title, "lines": _REMOVED, "reference": ""}
    cookies = [call.sessions.clear(name) for name in (SESSION, KNOWN_SHOP)]
    return call.render("message.html", cookies=cookies, **page)
