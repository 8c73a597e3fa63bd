"""The page of a delivery, by file or by API, and its button for one that is in Asperion twice."""

from __future__ import annotations

from chalicelib.domain.ledger import FileState
from chalicelib.domain.ways import Way
from chalicelib.errors import RequestError
from chalicelib.usecases.filing.health_keeping import try_to_renew_health
from chalicelib.usecases.filing.late_arrivals import read_double
from chalicelib.usecases.operating.file_list import read_file
from chalicelib.usecases.operating.file_verdicts import FileVerdict, decide_file
from chalicelib.usecases.operating.former_licence import find_former_licence
from chalicelib.usecases.operating.landed_money import read_landed
from chalicelib.usecases.operating.rebuilding import may_be_rebuilt
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.state_labels import FILE_EVENTS, FILE_STATES, ORDER_STATES
from chalicelib.web.texts.unsent_texts import find_unsent_text


def render_file(call: Call) -> Response:
    """``GET /files/{name}``: one import file and the orders in it. Raises `UnknownFile`."""
    file, entries = read_file(call.workspace, call.params["name"])
    is_double = file.state is FileState.DOUBLE
    return call.render_with_notice(
        "file.html",
        file=file,
        label=FILE_STATES[file.state],
        file_events=FILE_EVENTS,
        order_states=ORDER_STATES,
        entries=entries,
        unknown=file.state is FileState.UNKNOWN,
        cover=file.cover if call.shop.policy.keep_totals else None,
        double=read_double(call.workspace, file) if is_double else None,
        former=find_former_licence(call.workspace, file) if file.way is Way.FILE else None,
        landed=read_landed(call.workspace, [file]),
        unsent=find_unsent_text(file),
        can_be_rebuilt=may_be_rebuilt(file),
    )


def change_file(call: Call) -> Response:
    """``POST /files/{name}``: ``action`` is ``resolved``, for a file that was in Asperion twice.
    Raises `UnknownFile`, and `RequestError` for another file.
    """
    form = call.read_own_form()
    if form.get("action") != FileVerdict.RESOLVED:
        raise RequestError("The form does not say what to do with the file.")
    name = call.params["name"]
    _, since = decide_file(call.workspace, name, FileVerdict.RESOLVED, by=call.actor, dry_run=False)
    try_to_renew_health(call.connector, call.shop.shop_id)
    return call.redirect_with_notice(call.build_url("files", name), "resolved", int(since is None))
