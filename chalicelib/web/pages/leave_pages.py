"""The calls SEOshop makes when a merchant cancels the app, or removes it."""

from __future__ import annotations

from chalicelib.usecases.shop.leaving import cancel_shop, uninstall_shop
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.session_cookies import SESSION
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import list_msgids, msgid

_CANCELLED = list_msgids(
    "It goes on working until the end of the period you have paid for: orders paid until then "
    "still arrive in Asperion.",
    "Changed your mind? Install the app again from the AppCenter.",
)
_REMOVED = list_msgids(
    "Your licence code and the access to your webshop are erased. Of your orders only number and "
    "date are kept, and of files and days the totals if you had them kept, as a proof of what went "
    "to Asperion.",
    "Invoices that are in Asperion stay there. Thank you for using the connector.",
)


def cancel_app(call: Call) -> Response:
    """``GET /cancel``: it works on until the period that was paid for ends."""
    callback = call.verify_callback(with_token=False)
    workspace = open_workspace(call.connector, callback.shop_id)
    cancel_shop(workspace, called_at=callback.timestamp)
    title = msgid("The connector is cancelled")
    return call.render("message.html", icon="check", title=title, lines=_CANCELLED, reference="")


def uninstall_app(call: Call) -> Response:
    """``GET /uninstall``: token and licence code are erased."""
    callback = call.verify_callback(with_token=False)
    workspace = open_workspace(call.connector, callback.shop_id)
    uninstall_shop(workspace, called_at=callback.timestamp)
    title = msgid("The connector is removed")
    page = {"icon": "check", "title": title, "lines": _REMOVED, "reference": ""}
    return call.render("message.html", cookies=[call.sessions.clear(SESSION)], **page)
