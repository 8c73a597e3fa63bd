"""Faults of the API and of the token endpoint, each for a number of requests."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switched_faults import ALWAYS, SwitchedFault, SwitchedFaults

BEFORE = (
    "lost-before",
    "status",
    "html",
    "refused-fields",
    "token-ends",
    "redirect",
)
AFTER = ("lost-after", "status-after", "malformed", "cut-off", "empty", "wrong-type")
AROUND = ("slow", "twice")
LISTS = ("short-page", "missing-item", "lagging", "repeated-item", "endless-pages")
KINDS = (*BEFORE, *AFTER, *AROUND, *LISTS)
"""Kinds of fault.

Nothing is stored: lost-before (the connection closes without an answer), status (`status`, with
`retry_after` in the header), html (200 with a page to sign in), refused-fields (400 naming the
`fields`), token-ends (401, and the access tokens of the user serve no more until they are
refreshed), redirect (302 to a page to sign in).

The request is carried out: lost-after (the connection closes without an answer), status-after
(`status` all the same), malformed (half of the JSON), cut-off (the connection closes within the
body), empty (no body), wrong-type (a list where an object is expected), slow (after `seconds`),
twice (carried out twice, answered once).

Lists: short-page (the last half of the page is left out, the counts are not), missing-item (the
first object is left out of page and counts), lagging (what was made in the last `seconds` is left
out), repeated-item (the first object comes twice), endless-pages (there is always a next page).
"""

_KEYS = {
    *("kind", "count", "licence", "method", "path", "seconds"),
    *("status", "retry_after", "text", "fields"),
}


class UnknownRestFault(ValueError):
    """A request for a fault with an unknown kind or key, or a value out of range."""


@dataclass(frozen=True)
class RestFault(SwitchedFault):
    """A fault that will hit `count` more requests, of one licence code or (None) of any.

    `path` is the start of a path after /v1/, or connect/token; "" is every path under /v1.
    """

    licence: str | None = None
    method: str | None = None
    path: str = ""
    seconds: float = 0.0
    status: int = 500
    retry_after: str | None = None
    """Seconds as a text, "date:5" for that many seconds as an HTTP date, or any other text."""
    text: str = ""
    """What the title and detail of an error say, so that a test can find it again."""
    fields: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: object) -> "RestFault":
        """Build from an object with `kind` and any of this class's fields; `count` -1 is always.

        Raises UnknownRestFault naming what is wrong.
        """
        if not isinstance(data, Mapping) or data.get("kind") not in KINDS:
            raise UnknownRestFault(f"kind must be one of: {', '.join(KINDS)}")
        unknown = set(data) - _KEYS
        if unknown:
            raise UnknownRestFault(f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
        count, seconds = data.get("count", 1), data.get("seconds", 0)
        status = data.get("status", 500)
        if not _is_number(count) or (count < 1 and count != ALWAYS):
            raise UnknownRestFault("count must be 1 or more, or -1")
        if not _is_number(seconds) or seconds < 0:
            raise UnknownRestFault("seconds must be 0 or more")
        if not _is_number(status) or not 200 <= status <= 599:
            raise UnknownRestFault("status must be from 200 to 599")
        retry_after = data.get("retry_after")
        return cls(
            kind=str(data["kind"]),
            count=int(count),
            licence=data.get("licence"),
            method=data.get("method"),
            path=str(data.get("path", "")).removeprefix("/").removeprefix("v1/"),
            seconds=float(seconds),
            status=int(status),
            retry_after=None if retry_after is None else str(retry_after),
            text=str(data.get("text", "")),
            fields=tuple(map(str, data.get("fields", ()))),
        )

    def hits(self, method: str, path: str, licences: tuple[str, ...]) -> bool:
        """Whether it is for a request; `path` is that after /v1/, or connect/token."""
        if self.licence is not None and self.licence not in licences:
            return False
        if self.method is not None and self.method.upper() != method:
            return False
        if (self.kind in LISTS) != (method == "GET") and self.kind in (*LISTS, "twice"):
            return False
        if not self.path:
            return not path.startswith("connect/")
        return path == self.path or path.startswith(f"{self.path.rstrip('/')}/")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class RestFaults(SwitchedFaults[RestFault]):
    """The faults that are on."""

    def take(self, method: str, path: str, licences: tuple[str, ...]) -> RestFault | None:
        """The first fault that hits a request, one use less; None if it may pass."""
        return self.take_first(lambda fault: fault.hits(method, path, licences))
