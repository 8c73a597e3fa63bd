"""The inbox over HTTP: PUT to place a file, HEAD to ask for it, GET to read it back."""

from collections.abc import Iterator
from datetime import UTC

from flask import Blueprint, Response, request
from waitress.channel import ClientDisconnected
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import http_date

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.inbox_faults import STATUSES, Fault
from sandbox.asperion.inbox_files import InboxError, StoredFile, check_digests

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 200
TRUNCATED = ("truncated", "truncated-lost")
_REASONS = {
    "401": "Not signed in.",
    "403": "This licence may not place files.",
    "500": "Something went wrong; nothing was stored.",
    "503": "Out of service for a moment; nothing was stored.",
    "507": "The inbox is full; nothing was stored.",
}


def inbox_routes(store: Store) -> Blueprint:
    """Build the routes under /inbox/{licence}/{file}; answers are short plain text."""
    routes = Blueprint("inbox", __name__)

    @routes.put("/inbox/<licence>/<name>")
    def place(licence: str, name: str) -> Response:
        return _place(store, licence, name)

    @routes.get("/inbox/<licence>/<name>")
    def ask(licence: str, name: str) -> Response:
        return _ask(store, licence, name)

    @routes.errorhandler(InboxError)
    def refuse(error: InboxError) -> Response:
        return _plain(error.status, str(error))

    return routes


def _place(store: Store, licence: str, name: str) -> Response:
    content = _body()
    fault = store.faults.take("PUT", licence)
    refused = _refusal(store, fault)
    if refused:
        return refused
    _check_name(licence)
    _check_name(name)
    if request.headers.get("Content-Encoding"):
        raise InboxError(415, "Content-Encoding is not supported; send the file as it is.")
    check_digests(
        content, request.headers.get("Content-Digest"), request.headers.get("Repr-Digest")
    )
    if fault and fault.kind in TRUNCATED:
        content = content[: len(content) // 2]
    stored, new = _store(store.administration(licence), name, content)
    if fault and fault.kind in ("lost-after", "truncated-lost"):
        return _hang_up()
    if fault and fault.kind == "repeated":
        raise InboxError(412, f"A file named {name} has been placed before.")
    message = f"{name} is placed." if new else f"{name} was here already, with the same bytes."
    response = _plain(201 if new else 200, message)
    response.headers["ETag"] = f'"{stored.sha256}"'
    return response


def _store(administration: Administration, name: str, content: bytes) -> tuple[StoredFile, bool]:
    only_new = request.headers.get("If-None-Match", "").strip() == "*"
    with administration.lock:
        new = administration.inbox.put(name, content, administration.clock(), only_new=only_new)
        stored = administration.inbox.get(name)
    assert stored is not None
    return stored, new


def _ask(store: Store, licence: str, name: str) -> Response:
    fault = store.faults.take(request.method, licence)
    refused = _refusal(store, fault)
    if refused:
        return refused
    administration = store.administration(licence)
    with administration.lock:
        stored = administration.inbox.get(name)
        if stored is None:
            return _plain(404, f"No file named {name} has been placed.")
        response = _file(stored)
    if fault and fault.kind == "head-no-digest":
        for header in ("Repr-Digest", "ETag"):
            del response.headers[header]
    return response


def _file(stored: StoredFile) -> Response:
    response = Response(stored.content, mimetype="application/xml")
    response.headers["Repr-Digest"] = stored.repr_digest
    response.headers["ETag"] = f'"{stored.sha256}"'
    response.headers["Last-Modified"] = http_date(stored.received)
    if stored.imported:
        response.headers["X-Imported"] = stored.imported.astimezone(UTC).isoformat()
    return response


def _refusal(store: Store, fault: Fault | None) -> Response | None:
    """The answer of a fault that stores nothing; None if the request goes on."""
    if fault is None:
        return None
    if fault.kind == "slow":
        store.faults.stopping.wait(fault.seconds)
    if fault.kind == "lost-before":
        return _hang_up()
    if fault.kind in STATUSES:
        response = _plain(STATUSES[fault.kind], fault.text or _REASONS[fault.kind])
        return _say(response, fault.text) if fault.text else response
    return _odd_answer(fault)


def _say(response: Response, text: str) -> Response:
    response.status = f"{response.status_code} {text}"
    for name in ("Location", "ETag", "Repr-Digest", "WWW-Authenticate", "X-Said"):
        response.headers[name] = text
    return response


def _odd_answer(fault: Fault) -> Response | None:
    """What an inbox that means no harm, or something in its place, may answer; else None."""
    if fault.kind == "page":
        return Response("<!doctype html><title>Sign in</title>\n", mimetype="text/html")
    if fault.kind == "head-404":
        return _plain(404, "No such file has been placed.")
    if fault.kind == "head-405":
        response = _plain(405, "This inbox cannot be asked.")
        response.headers["Allow"] = "PUT"
        return response
    return None


def _body() -> bytes:
    too_large = InboxError(413, f"A file may be {MAX_BYTES} bytes at most.")
    if (request.content_length or 0) > MAX_BYTES:
        raise too_large
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise too_large from None


def _check_name(name: str) -> None:
    bad = not name.strip() or len(name) > MAX_NAME or name in (".", "..")
    if bad or not name.isprintable() or "\\" in name:
        raise InboxError(400, "A licence code or file name is empty, too long or not a plain name.")


def _hang_up() -> Response:
    """Make the server close the connection before it sends a status line."""

    def nothing() -> Iterator[bytes]:
        raise ClientDisconnected
        yield b""

    return Response(nothing())


def _plain(status: int, message: str) -> Response:
    return Response(f"{message}\n", status, mimetype="text/plain")
