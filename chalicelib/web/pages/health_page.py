"""What is served without a merchant: the health report and the style sheet."""

from __future__ import annotations

import json

from chalicelib.errors import ProfileError, SettingsError
from chalicelib.version import VERSION
from chalicelib.web.http.http_messages import JSON, Response
from chalicelib.web.http.security_headers import CACHED
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.page_templates import STYLE


def report_health(call: Call) -> Response:
    """``GET /health``: whether this deployment can work, without touching a table: its
    profile and its own secrets are usable.
    """
    report: dict[str, object] = {
        "status": "ok",
        "version": VERSION,
        "time": call.connector.clock().isoformat(timespec="seconds"),
    }
    status = 200
    secrets = call.connector.secrets
    try:
        for read in (secrets.app_pairs, secrets.session_secrets, secrets.print_secrets):
            read()
        profile = call.connector.profile()
    except ProfileError:
        call.log.exception("the aXML profile is broken")
        report |= {"status": "failing", "problem": "the aXML profile is broken; see the log"}
        status = 503
    except SettingsError:
        call.log.exception("a secret is unusable")
        report |= {"status": "failing", "problem": "a secret is unusable; see the log"}
        status = 503
    else:
        report["profile"] = {"id": profile.id, "official": profile.official}
    return Response(status=status, body=json.dumps(report), headers={"Content-Type": JSON})


def send_style(call: Call) -> Response:
    """``GET /static/{name}``: the style sheet, kept by browsers until its address changes."""
    if call.params["name"] != STYLE.name:
        raise NoSuchPage
    return Response(
        status=200,
        body=STYLE.read_text("utf-8"),
        headers={"Content-Type": "text/css; charset=utf-8", "Cache-Control": CACHED},
    )
