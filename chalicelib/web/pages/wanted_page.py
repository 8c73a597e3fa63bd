"""The page of a client that somebody asked for before he signed in, and is led to afterwards.

A signed cookie holds the parts of its address, which are encoded anew: it can be of no other site.
"""

from __future__ import annotations

from urllib.parse import urlencode

from chalicelib.web.http.client_routes import is_of_client
from chalicelib.web.pages.call import Call

WANTED = "wanted"
"""The cookie's name."""

_KEPT_FOR = 30 * 60  # seconds: a mail comes in between
_LONGEST = 2_000  # a longer cookie may be cut off


def keep_wanted(call: Call) -> list[str]:
    """The ``Set-Cookie`` value that keeps the page that is asked for; none for what is no page of a
    client.
    """
    if not is_of_client(call.request.route):
        return []
    content = [_list_parts(call), dict(call.request.query)]
    line = call.sessions.write(WANTED, content, _KEPT_FOR)
    return [line] if len(line) <= _LONGEST else []


def find_wanted(call: Call) -> str:
    """The address of the page that was kept; empty without one."""
    kept = call.sessions.read(call.request.cookies, WANTED, _KEPT_FOR)
    if kept is None:
        return ""
    parts, query = kept
    return "?".join(filter(None, [call.build_url(*parts), urlencode(query)]))


def _list_parts(call: Call) -> list[str]:
    named = {f"{{{name}}}": part for name, part in call.params.items()}
    return [named.get(part, part) for part in call.request.route.strip("/").split("/")]
