"""Whether this deployment works, for whoever watches over it."""

from __future__ import annotations

import json

from chalicelib.errors import ProfileError, SettingsError
from chalicelib.version import VERSION
from chalicelib.web.http.http_messages import JSON, Response
from chalicelib.web.pages.call import Call


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
    except ProfileError as error:
        call.log.error("the aXML profile is broken: %s", error)
        report |= {"status": "failing", "problem": "the aXML profile is broken; see the log"}
        status = 503
    except SettingsError as error:
        call.log.error("a secret is unusable: %s", error)
        report |= {"status": "failing", "problem": "a secret is unusable; see the log"}
        status = 503
    else:
        report["profile"] = {"id": profile.id, "official": profile.official}
    return Response(status=status, body=json.dumps(report), headers={"Content-Type": JSON})
