"""Taking back a document that was delivered, from the page of its order."""

from __future__ import annotations

from chalicelib.errors import RequestError, ShopBusy
from chalicelib.usecases.operating.taking_back import NotTakenBack, TakingBack, take_back
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.taking_back_texts import BUSY, OBSTACLES

_WAYS = {way.value: way for way in TakingBack}
_NOTICES = {TakingBack.DELETE: "invoice_deleted", TakingBack.CREDIT: "order_credited"}


def take_back_document(call: Call, number: str, form: Form) -> Response:
    """The answer to ``action`` ``take_back``, with ``document`` (a key), ``way`` (``delete`` or
    ``credit``) and ``reason``. What is in the way is said on a page of its own. Raises
    `RequestError` for a document that is none of the order's, `UnknownOrder`.
    """
    key, way = form.get("document"), _WAYS.get(form.get("way"))
    if way is None or all(entry.key != key for entry in call.workspace.entries_of(number)):
        raise RequestError("The form does not say what is to be taken back, and how.")
    try:
        taken = take_back(call.workspace, key, way, reason=form.get("reason"), by=call.actor)
    except NotTakenBack as refused:
        text = OBSTACLES[refused.obstacle]
        return call.render("not_taken_back.html", status=409, number=number, text=text)
    except ShopBusy:
        return call.render("not_taken_back.html", status=409, number=number, text=BUSY)
    url = call.build_url("orders", number)
    return call.redirect_with_notice(url, _NOTICES[way], int(taken is not None))
