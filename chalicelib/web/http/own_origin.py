"""Whether a call that changes something comes from one of our own pages."""

from __future__ import annotations

from chalicelib.web.http.http_messages import Request, find_origin


class NotOurPage(Exception):
    """A state-changing call that does not come from one of our own pages."""


def check_origin(request: Request, public_url: str) -> None:
    """Refuse a state-changing call from another site's page. Raises `NotOurPage`.

    Browsers send where a form was posted from in ``Sec-Fetch-Site``, older ones in ``Origin`` only
    (``null`` where the referrer policy hides it, hence the first decides). A caller that sends
    neither is no browser, and has no merchant's cookie to misuse.
    """
    own = find_origin(public_url)
    is_own = request.headers.get("origin", own).lower() == own
    site = request.headers.get("sec-fetch-site")
    if site != "same-origin" and not (site is None and is_own):
        raise NotOurPage
