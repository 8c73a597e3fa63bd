"""Whether a bookkeeper may have a page of a client: asked before the page's handler is."""

from __future__ import annotations

from chalicelib.usecases.shop.seat_holders import find_seat, note_visit
from chalicelib.web.http.client_routes import CLIENT, find_right
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.typed_numbers import read_number

_LARGEST_NUMBER = 10**18 - 1


def enter_client(call: Call) -> None:
    """Answer this call for the client that its address names.

    Raises `BookkeeperNotSignedIn`; `NoSuchPage` alike for a shop that is not there, is no longer
    installed, or has no seat for this bookkeeper; `NotGranted` when the seat does not allow it.
    """
    holder = call.find_bookkeeper().holder
    number = read_number(call.params[CLIENT], _LARGEST_NUMBER)
    client = None if number is None else find_seat(call.connector, holder, number)
    if client is None or not client.shop.state.listens:
        raise NoSuchPage
    call.enter(client)
    right = find_right(call.request.method, call.request.route)
    if right is not None:
        call.require(right)
    note_visit(call.connector, client)
