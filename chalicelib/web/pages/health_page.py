"""Handlers without a merchant: health and the style sheet."""

from __future__ import annotations

import json

from chalicelib.errors import ProfileError
from chalicelib.version import VERSION
from chalicelib.web.http.http_messages import JSON, Response
from chalicelib.web.http.security_headers import KEPT
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage


def health(call: Call) -> Response:
    """``GET /health``: whether this deployment can work, without touching a table."""
    told: dict[str, object] = {
        "status": "ok",
        "version": VERSION,
        "time": call.connector.clock().isoformat(timespec="seconds"),
    }
    status = 200
    try:
        profile = call.connector.profile()
    except ProfileError:
        call.log.exception("the aXML profile is broken")
        told |= {"status": "failing", "problem": "the aXML profile is broken; see the log"}
        status = 503
    else:
        told["profile"] = {"id": profile.id, "official": profile.official}
    return Response(status=status, body=json.dumps(told), headers={"Content-Type": JSON})


def static(call: Call) -> Response:
    """``GET /static/{name}``: the style sheet, kept by browsers until its address changes."""
    from chalicelib.web.pages import page_templates as pages

    if call.params["name"] != pages.STYLE.name:
        raise NoSuchPage
    return Response(
        status=200,
        body=pages.style_sheet(),
        headers={"Content-Type": "text/css; charset=utf-8", "Cache-Control": KEPT},
    )
