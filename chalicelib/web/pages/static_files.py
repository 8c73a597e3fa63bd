"""What pages load: the style sheet, and the pictures of the help pages."""

from __future__ import annotations

from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.security_headers import CACHED
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.help_pictures import SUFFIX, draw_picture, list_pictures
from chalicelib.web.pages.page_templates import STYLE


def send_file(call: Call) -> Response:
    """``GET /static/{name}``: a file, kept by browsers until its address changes. Raises
    `NoSuchPage`.
    """
    name = call.params["name"]
    if name == STYLE.name:
        return _send("text/css; charset=utf-8", STYLE.read_text("utf-8"))
    picture = name.removesuffix(SUFFIX)
    if name.endswith(SUFFIX) and picture in list_pictures():
        return _send("image/svg+xml", draw_picture(picture))
    raise NoSuchPage


def _send(kind: str, body: str) -> Response:
    return Response(status=200, body=body, headers={"Content-Type": kind, "Cache-Control": CACHED})
