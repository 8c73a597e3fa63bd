"""Handlers of leaving: the calls SEOshop makes when a merchant cancels or the app is removed."""

from __future__ import annotations

from chalicelib.domain.signatures import Callback, verify_callback
from chalicelib.usecases.lifecycle import leave
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import mark


def cancelled(call: Call) -> Response:
    """``GET /cancel``: it works on until the period that was paid for ends."""
    callback = _proven(call)
    leave.cancel(call.connector, callback.shop_id, called_at=callback.timestamp)
    return call.pages().render(
        "message.html",
        icon="check",
        title=mark("The connector is cancelled"),
        lines=[
            mark(
                "It goes on working until the end of the period you have paid for: orders paid "
                "until then still arrive in Asperion."
            ),
            mark("Changed your mind? Install the app again from the AppCenter."),
        ],
        reference="",
    )


def uninstalled(call: Call) -> Response:
    """``GET /uninstall``: token and licence code are erased."""
    callback = _proven(call)
    leave.uninstall(call.connector, callback.shop_id, called_at=callback.timestamp)
    return call.pages().render(
        "message.html",
        cookies=[call.sessions.end()],
        icon="check",
        title=mark("The connector is removed"),
        lines=[
            mark(
                "Your licence code and the access to your webshop are erased. Of your orders only "
                "number and date are kept, as a proof of what went to Asperion."
            ),
            mark("Invoices that are in Asperion stay there. Thank you for using the connector."),
        ],
        reference="",
    )


def _proven(call: Call) -> Callback:
    return verify_callback(
        call.request.query,
        secret=call.connector.settings.app_secret,
        now=call.connector.clock(),
        with_token=False,
    )
