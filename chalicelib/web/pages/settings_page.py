"""``/settings``: what is chosen now, and the form that changes choices of several subjects."""

from __future__ import annotations

from chalicelib.domain.shops import ShopState
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.install_pages import install_at_once, show_path
from chalicelib.web.pages.settings_index import render_settings
from chalicelib.web.pages.several_choices import save_choices


def show_settings(call: Call) -> Response:
    """``GET /settings``: the choices of a shop that is signed in, one line a subject; of a shop
    that is being installed the page at which it goes on.
    """
    if call.shop.state is ShopState.INSTALLING:
        return show_path(call)
    return render_settings(call)


def save_settings(call: Call) -> Response:
    """``POST /settings``: store choices of any subjects, as `save_choices`; of a shop that is being
    installed, install it with them.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return install_at_once(call)
    return save_choices(call, form)
