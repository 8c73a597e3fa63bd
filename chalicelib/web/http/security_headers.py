"""The security headers of every response."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.web.http.http_messages import HTML, Response, find_origin

POLICY = "Content-Security-Policy"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'{}; "
    "base-uri 'none'; frame-ancestors 'none'"
)
REFERRER = "same-origin"
"""Sends other sites nothing. ``no-referrer`` would make browsers send ``Origin: null`` with our own
forms, and those without ``Sec-Fetch-Site`` could then not be distinguished from other sites.
"""

_YEAR = 365 * 24 * 60 * 60  # seconds
CACHED = f"public, max-age={_YEAR}, immutable"
"""For files whose address changes with their content."""

_BROKEN_PAGE = (
    '<!doctype html><html lang="nl"><title>Er ging bij ons iets mis</title>'
    "<h1>Er ging bij ons iets mis</h1><p>Probeer het later nog eens; uw bestellingen wachten.</p>"
    '<p lang="en">Something went wrong on our side. Try again later; your orders wait.</p>'
)


def make_broken_page() -> Response:
    """What is answered when not even a page of the error can be made; it needs nothing."""
    broken = Response(status=500, body=_BROKEN_PAGE, headers={"Content-Type": HTML})
    return add_security_headers(broken, "")


def write_policy(*, leads_to: str = "") -> str:
    """The content security policy of a page; `leads_to` is an address at whose origin the answer to
    one of its forms may lead on, which browsers refuse otherwise.
    """
    return _POLICY.format(f" {find_origin(leads_to)}" if leads_to else "")


def add_security_headers(response: Response, public_url: str) -> Response:
    """The response with all security headers; what a handler set itself stays.

    The AppCenter opens the app in a window of its own, so no page may frame ours.
    """
    headers = {
        POLICY: write_policy(),
        "Referrer-Policy": REFERRER,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    if find_origin(public_url).startswith("https:"):
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    return replace(response, headers={**headers, **response.headers})
