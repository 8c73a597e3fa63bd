"""Sending an order again, and the page in between when its first invoice is in Asperion still."""

from __future__ import annotations

from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.first_invoices import FirstInvoice, FirstStillThere
from chalicelib.web.http.http_messages import Form, Response
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.first_invoice_texts import FIRSTS

_VALUES = {first.value: first for first in FirstInvoice}


def send_again(call: Call, number: str, form: Form) -> Response:
    """The answer to ``action`` ``again``, with ``reason``; with ``first``, where the first invoice
    is as the page in between said, nothing more is asked. Raises `RequestError`, `UnknownOrder`.
    """
    said = _VALUES.get(form.get("first"))
    reason = form.get("reason")
    try:
        count = repair.send_order_again(
            call.workspace,
            number,
            reason=reason,
            by=call.actor,
            confirmed=() if said is None else (said,),
        )
    except FirstStillThere as there:
        return call.render(
            "order_again.html",
            status=409,
            number=number,
            reason=" ".join(reason.split()),
            first=there.worst,
            text=FIRSTS[there.worst],
        )
    return call.redirect_with_notice(call.build_url("orders", number), "again", count)
