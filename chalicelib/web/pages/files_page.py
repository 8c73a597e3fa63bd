"""The list of all import files."""

from __future__ import annotations

from chalicelib.domain.file_names import is_file_name
from chalicelib.usecases.operating.file_list import list_files
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.state_labels import FILE_STATES
from chalicelib.web.texts.unsent_texts import find_unsent_text


def render_files(call: Call) -> Response:
    """``GET /files``: every file, the newest first; ``?before=`` and ``?after=`` name the file at
    which a page begins. Raises `NoSuchPage` for what is no file's name.
    """
    shop = call.shop
    given = {name: call.request.query.get(name, "") for name in ("before", "after")}
    if not all(not name or is_file_name(name, shop.shop_id) for name in given.values()):
        raise NoSuchPage
    if all(given.values()):
        raise NoSuchPage
    return call.render(
        "files.html",
        page=list_files(call.workspace, **given),
        labels=FILE_STATES,
        find_unsent_text=find_unsent_text,
        is_first=not any(given.values()),
    )
