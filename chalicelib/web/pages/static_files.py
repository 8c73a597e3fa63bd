"""What pages load: the style sheet, the pictures of the help pages, and the program that checks a
journal.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache

from chalicelib.web.http.http_messages import Response, send_download
from chalicelib.web.http.security_headers import CACHED
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.help_pictures import SUFFIX, draw_picture, list_pictures
from chalicelib.web.pages.page_templates import STYLE, PageTemplates

PROGRAM = STYLE.with_name("verify_journal.py")


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
    if name == PROGRAM.name:
        program = PROGRAM.read_text("utf-8")
        sent = send_download(program, "text/x-python; charset=utf-8", PROGRAM.name)
        return replace(sent, headers={**sent.headers, "Cache-Control": CACHED})
    raise NoSuchPage


def build_program_url(templates: PageTemplates) -> str:
    """The address of the program that checks a journal."""
    return f"{templates.build_url('static', PROGRAM.name)}?v={_hash_program()}"


@cache
def _hash_program() -> str:
    return hashlib.sha256(PROGRAM.read_bytes()).hexdigest()[:12]


def _send(kind: str, body: str) -> Response:
    return Response(status=200, body=body, headers={"Content-Type": kind, "Cache-Control": CACHED})
