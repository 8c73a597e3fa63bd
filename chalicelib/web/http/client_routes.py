"""The pages of a shop that a bookkeeper with a seat in it may use, and where they are.

Each stands a second time under ``/clients/{client}``, whose `client` is the shop's number: the
address names the shop, so that two tabs never mix and a link can be kept. `SEATED` says which pages
these are, `NOT_SEATED` which are not and why; a test demands that every page is in one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.domain.seats import SeatRight
from chalicelib.web.http.routes import ANY_ADDRESS, HANDLERS, ROUTES, Route

CLIENTS, SIGN_IN = "clients", "sign-in"
CLIENT = "client"
"""The name of the part of an address that is the client's number."""

_PREFIX = f"/{CLIENTS}/{{{CLIENT}}}"

Right = SeatRight | None
"""What a page asks for beside reading, if anything."""

SEATED: Mapping[tuple[str, str], Right] = {
    ("GET", "/"): None,
    ("GET", "/orders/{number}"): None,
    ("POST", "/orders/{number}"): SeatRight.SOLVE,
    ("GET", "/orders/{number}/invoice"): None,
    ("GET", "/files"): None,
    ("GET", "/files/{name}"): None,
    ("POST", "/files/{name}"): SeatRight.SOLVE,
    ("GET", "/files/{name}/download"): None,
    ("GET", "/days/{day}"): None,
    ("GET", "/days/{day}/totals.csv"): None,
    ("GET", "/find"): None,
    ("POST", "/find"): None,  # looks a number up in the shop; what it puts in line is solving
    ("GET", "/try-out"): None,
    ("POST", "/held"): SeatRight.SOLVE,
    ("POST", "/changed"): SeatRight.SOLVE,
    ("GET", "/settings"): None,
    ("GET", "/settings/history"): None,
    ("GET", "/vat"): None,
    ("GET", "/vat/sheet.csv"): None,
    ("GET", "/vat/sheet.xlsx"): None,
    ("GET", "/vat/oss"): None,
    ("GET", "/vat/oss.csv"): None,
    ("GET", "/vat/icp"): None,
    ("GET", "/vat/icp.csv"): None,
    ("GET", "/vat/icp.xlsx"): None,
    ("GET", "/vat/payments"): None,
    ("GET", "/vat/payments.csv"): None,
    ("GET", "/journal"): None,
    ("GET", "/journal/download"): None,
    ("GET", "/lock"): None,
    ("POST", "/lock"): SeatRight.LOCK,
}
"""By method and path of the shop's own page: the right that it asks for."""

NOT_SEATED: Mapping[str, tuple[str, ...]] = {
    "SEOshop calls it, or it belongs to the installation": (
        *("GET /install", "POST /install", "GET /install/{step}", "POST /install/{step}"),
        *("GET /switch", "POST /switch", "GET /cancel", "GET /uninstall"),
    ),
    "it is no page of a shop": (
        *("GET /static/{name}", "GET /help", "GET /help/{chapter}", "GET /health"),
        *("GET /verify", "POST /verify"),
        *("GET /sign-out", "POST /sign-out", "GET /clients"),
    ),
    "a bookkeeper comes or goes by it, in whichever shop": (
        *("GET /clients/invitation", "POST /clients/invitation"),
        *("GET /clients/sign-in", "POST /clients/sign-in"),
        *("GET /clients/enter", "POST /clients/enter"),
        *("GET /clients/sign-out", "POST /clients/sign-out"),
    ),
    "a link in a mail to the merchant leads to it": (
        *("GET /unsubscribe", "POST /unsubscribe", "GET /confirm-address", "POST /confirm-address"),
    ),
    "how the shop is booked, where no held order asks for it, and where its files and mail go, is "
    "the merchant's to choose": (
        *("POST /settings", "POST /settings/history", "GET /settings/{subject}"),
        *("POST /settings/{subject}", "GET /settings/mail", "POST /settings/mail"),
        *("GET /licence", "POST /licence"),
    ),
    "it opens the merchant's account at Asperion, and decides where the invoices go": (
        *("GET /connect", "POST /connect", "GET /connect/callback"),
        *("GET /connect/administration", "POST /connect/administration"),
        *("GET /connect/proposal", "POST /connect/proposal"),
        *("GET /connect/try", "POST /connect/try", "GET /connect/done"),
        *("GET /connect/off", "POST /connect/off"),
    ),
    "it starts or stops the connector, or says what a person has seen": (
        *("POST /pause", "POST /resume", "GET /migration", "POST /migration", "POST /addresses"),
    ),
    "who has a seat is the merchant's decision": ("GET /seats", "POST /seats"),
    "leaving is the merchant's decision": ("GET /leave", "POST /leave", "GET /leave/{table}"),
}
"""Why a shop's pages are not a bookkeeper's, each as ``GET /path``."""


def find_client_path(path: str) -> str:
    """Where a shop's own page stands for a bookkeeper."""
    return _PREFIX if path == "/" else f"{_PREFIX}{path}"


def _list_routes() -> Iterator[Route]:
    seated = {path for _, path in SEATED}
    for route in ROUTES:
        if route.path in seated:
            purpose = f"Of a bookkeeper's client: {route.purpose}"
            yield Route(find_client_path(route.path), f"client_{route.name}", purpose)


CLIENT_ROUTES = tuple(_list_routes())
CLIENT_HANDLERS: Mapping[tuple[str, str], str] = {
    (method, find_client_path(path)): HANDLERS[method, path]
    for method, path in SEATED
    if (method, path) in HANDLERS
}
"""Method and path, and the handler of the shop's own page."""

_RIGHTS: Mapping[tuple[str, str], Right] = {
    (method, find_client_path(path)): right for (method, path), right in SEATED.items()
}

EVERY_ROUTE = (*ROUTES, *CLIENT_ROUTES)
EVERY_HANDLER: Mapping[tuple[str, str], str] = {**HANDLERS, **CLIENT_HANDLERS}


class NotGranted(Exception):
    """A bookkeeper's seat does not allow what was asked for; `right` would."""

    def __init__(self, right: SeatRight) -> None:
        super().__init__(right.value)
        self.right = right


def find_right(method: str, route: str) -> Right:
    """What a client's page asks for beside reading. Raises `KeyError` for any other page."""
    return _RIGHTS[method, route]


def is_of_client(route: str) -> bool:
    """Whether a page is one of a bookkeeper's client."""
    return route == _PREFIX or route.startswith(f"{_PREFIX}/")


def is_for_bookkeepers(route: str, params: Mapping[str, str]) -> bool:
    """Whether an address is under ``/clients``, also where there is no page."""
    address = params.get("proxy", "") if route == ANY_ADDRESS else route.removeprefix("/")
    return address.split("/", 1)[0] == CLIENTS


def list_methods(path: str) -> list[str]:
    """The methods that an address takes, as it is asked for, without a stage; none where there is
    no page. Every GET answers HEAD.
    """
    found = [method for method, pattern in EVERY_HANDLER if _fits(pattern, path)]
    return [*found, "HEAD"] if "GET" in found else found


def _fits(pattern: str, path: str) -> bool:
    wanted, given = pattern.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        part == name or (name.startswith("{") and part)
        for name, part in zip(wanted, given, strict=True)
    )
