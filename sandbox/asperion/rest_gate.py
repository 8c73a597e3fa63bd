"""The way into the API: faults, token, administration and language of each request."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from flask import Response, request

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.grants import Grant
from sandbox.asperion.guesses import Guesses
from sandbox.asperion.rest_faults import LISTS, RestFault
from sandbox.asperion.rest_replies import (
    RestError,
    answer_error,
    answer_json,
    answer_problem,
    hang_up,
)
from sandbox.asperion.rest_texts import Language, Said, choose_language, say

TENANT_HEADERS = ("X-Tenant-Id", "X-TenantId")
_CHALLENGE = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


@dataclass(frozen=True)
class Caller:
    """Whose request it is, and on which administration; `fault` is one that spoils a list."""

    grant: Grant
    administration: Administration
    guesses: Guesses
    fault: RestFault | None = None


Handler = Callable[[Caller], Response]


class RestGate:
    """Lets requests in, one at a time for an administration."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def serve(self, handle: Handler, *, needs_administration: bool = True) -> Response:
        """The answer of a handler, or what a fault or a refusal makes of it.

        Without `needs_administration` the caller may have none, and a closed one does not matter.
        """
        fault = self.store.rest_faults.take(
            request.method, request.path.removeprefix("/v1/"), self._list_licences()
        )
        refusal = refuse_by_fault(self.store, fault, self._read_grant())
        if refusal:
            return refusal
        if fault and fault.kind == "twice":
            self._handle(handle, None, needs_administration=needs_administration)
        answer = self._handle(handle, fault, needs_administration=needs_administration)
        return spoil_answer(fault, answer)

    def _handle(
        self, handle: Handler, fault: RestFault | None, *, needs_administration: bool
    ) -> Response:
        try:
            grant = self._demand_grant()
            choose = self._choose_administration if needs_administration else self._find_default
            administration = choose(grant)
            spoiling = fault if fault and fault.kind in LISTS else None
            with administration.lock:
                return handle(Caller(grant, administration, self.store.guesses, spoiling))
        except RestError as error:
            return answer_error(error, read_language())

    def _read_grant(self) -> Grant | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.casefold() != "bearer":
            return None
        with self.store.lock:
            return self.store.grants.read_access(token.strip())

    def _demand_grant(self) -> Grant:
        grant = self._read_grant()
        if grant is None:
            raise RestError(401, Said.NOT_SIGNED_IN, headers=_CHALLENGE)
        return grant

    def _list_licences(self) -> tuple[str, ...]:
        """The licence code that a request is about, as far as its header or token tells."""
        number = _read_tenant()
        if number is not None:
            found = self.store.find_administration(number) if number > 0 else None
            return (found.licence,) if found else ()
        grant = self._read_grant()
        own = self.store.administrations_of(grant.user) if grant else []
        return tuple(each.licence for each in own[:1])

    def _find_default(self, grant: Grant) -> Administration:
        own = self.store.administrations_of(grant.user)
        return own[0] if own else Administration("", 0, "", self.store.clock)

    def _choose_administration(self, grant: Grant) -> Administration:
        own = self.store.administrations_of(grant.user)
        number = _read_tenant()
        if number == 0:
            raise RestError(400, Said.INVALID, {TENANT_HEADERS[0]: [(Said.NOT_WHOLE, ())]})
        chosen = own[:1] if number is None else [each for each in own if each.id == number]
        if not chosen:
            status = int(self.store.guesses.foreign_administration)
            raise RestError(status, Said.NO_ACCESS if status == 403 else Said.NOT_FOUND)
        if chosen[0].is_closed:
            raise RestError(403, Said.CLOSED)
        return chosen[0]


def _read_tenant() -> int | None:
    """The administration's number in the header: None without one, 0 for what is no number."""
    given = next((request.headers[each] for each in TENANT_HEADERS if each in request.headers), "")
    given = given.strip()
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def read_language() -> Language:
    """The language that the request asks for."""
    return choose_language(request.headers.get("Accept-Language", ""))


def refuse_by_fault(store: Store, fault: RestFault | None, grant: Grant | None) -> Response | None:
    """The answer of a fault that carries nothing out; None if the request goes on."""
    if fault is None:
        return None
    if fault.kind == "slow":
        store.rest_faults.stopping.wait(fault.seconds)
    if fault.kind == "token-ends":
        with store.lock:
            store.grants.expire(grant.user if grant else None)
        return answer_error(RestError(401, Said.NOT_SIGNED_IN, headers=_CHALLENGE), read_language())
    return _refuse(fault)


def _refuse(fault: RestFault) -> Response | None:
    match fault.kind:
        case "lost-before":
            return hang_up()
        case "status":
            return _answer_status(fault)
        case "html":
            page = f"<!doctype html><title>Inloggen</title><p>{fault.text}</p>\n"
            return Response(page, mimetype="text/html")
        case "redirect":
            return Response("", 302, {"Location": "/connect/login"})
        case "refused-fields":
            text = fault.text or say(Said.UNKNOWN_FIELD, read_language())
            title = fault.text or say(Said.INVALID, read_language())
            return answer_problem(400, title, {field: [text] for field in fault.fields})
        case _:
            return None


def _answer_status(fault: RestFault) -> Response:
    said = Said.TOO_MANY if fault.status == 429 else Said.TROUBLE
    if fault.status in (401, 403):
        said = Said.NOT_SIGNED_IN if fault.status == 401 else Said.NO_ACCESS
    response = answer_problem(fault.status, fault.text or say(said, read_language()))
    if fault.status == 401:
        response.headers.update(_CHALLENGE)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = _write_retry_after(fault.retry_after)
    return response


def _write_retry_after(given: str) -> str:
    kind, _, seconds = given.partition(":")
    if kind == "date" and seconds.isdigit():
        return formatdate(time.time() + int(seconds), usegmt=True)
    return given


def spoil_answer(fault: RestFault | None, response: Response) -> Response:
    """What a fault makes of the answer to a request that was carried out."""
    if fault is None:
        return response
    body = response.get_data()
    match fault.kind:
        case "lost-after":
            return hang_up()
        case "status-after":
            return _answer_status(fault)
        case "malformed":
            response.set_data(body[: len(body) // 2])
        case "cut-off":
            return hang_up(body[: len(body) // 2], len(body))
        case "empty":
            response.set_data(b"")
        case "wrong-type":
            return answer_json(["?"], response.status_code)
    return response
