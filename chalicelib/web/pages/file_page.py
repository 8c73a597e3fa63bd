"""The page of an import file."""

from __future__ import annotations

from chalicelib.domain.ledger import FileState
from chalicelib.usecases.operating.overview import read_file
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.state_labels import FILE_EVENTS, FILE_STATES, ORDER_STATES


def render_file(call: Call) -> Response:
    """``GET /files/{name}``: one import file and the orders in it. Raises `UnknownFile`."""
    file, entries = read_file(call.workspace, call.params["name"])
    return call.render(
        "file.html",
        file=file,
        label=FILE_STATES[file.state],
        file_events=FILE_EVENTS,
        order_states=ORDER_STATES,
        entries=entries,
        unknown=file.state is FileState.UNKNOWN,
        cover=file.cover if call.shop.policy.keep_totals else None,
    )
