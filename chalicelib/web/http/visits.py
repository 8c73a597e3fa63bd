"""Whether a GET is a person's visit, or a browser that looks ahead or embeds.

Browsers say so themselves: ``Sec-Purpose`` when they fetch a page before anybody asked for it, and
``Sec-Fetch-Dest`` for what it is to be shown in. Who sends neither header is taken at his word.
"""

from __future__ import annotations

from chalicelib.web.http.http_messages import Request

_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_AHEAD = ("prefetch", "prerender", "preview")


class NotAVisit(Exception):
    """A browser asks ahead of the person, or for a part of another page."""


def check_visit(request: Request, *, is_page: bool) -> None:
    """Refuse a GET that changes something before anybody asked for it; with `is_page` also one that
    a browser makes for a part of another page, such as an image. Raises `NotAVisit`.
    """
    purposes = " ".join(request.headers.get(name, "") for name in _PURPOSES).lower()
    if any(word in purposes for word in _AHEAD):
        raise NotAVisit
    if is_page and request.headers.get("sec-fetch-dest", "document") != "document":
        raise NotAVisit


def is_asked_for(request: Request) -> bool:
    """Whether the merchant asks, on one of our pages or by an address of his own. A link elsewhere,
    or a browser that looks ahead, uses up none of the shop's allowance.
    """
    try:
        check_visit(request, is_page=True)
    except NotAVisit:
        return False
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
