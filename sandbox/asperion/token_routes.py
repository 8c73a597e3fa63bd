"""The token endpoint of the identity server (RFC 6749), and giving tokens back (RFC 7009)."""

import base64
import binascii
from secrets import compare_digest
from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from sandbox.asperion.asperion_store import Store
from sandbox.asperion.grants import InvalidGrant, IssuedTokens
from sandbox.asperion.rest_gate import refuse_by_fault, spoil_answer

TOKEN_PATH = "connect/token"


class TokenError(Exception):
    """A request that is refused, with an error of RFC 6749 section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


def token_routes(store: Store) -> Blueprint:
    """Build the routes that an application calls for its tokens."""
    routes = Blueprint("tokens", __name__, url_prefix="/connect")

    @routes.post("/token")
    def token() -> Response:
        fault = store.rest_faults.take("POST", TOKEN_PATH, _list_licences(store))
        refusal = refuse_by_fault(store, fault, None)
        if refusal:
            return refusal
        if fault and fault.kind == "twice":
            _answer_token(store)
        return spoil_answer(fault, _answer_token(store))

    @routes.post("/revocation")
    def revocation() -> Response:
        if store.guesses.revocation == "off":
            return Response("", 404)
        try:
            application = _read_application(store)
        except TokenError as error:
            return _answer_error(error)
        with store.lock:
            store.grants.revoke_token(request.form.get("token", ""), application)
        return Response("", 200)

    return routes


def _answer_token(store: Store) -> Response:
    try:
        application = _read_application(store)
        with store.lock:
            issued = _issue(store, application)
    except TokenError as error:
        return _answer_error(error)
    except InvalidGrant as error:
        return _answer_error(TokenError("invalid_grant", str(error)))
    answer: dict[str, object] = {
        "access_token": issued.access,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "scope": issued.scope,
    }
    if issued.refresh is not None:
        answer["refresh_token"] = issued.refresh
    return _keep_private(jsonify(answer))


def _issue(store: Store, application: str) -> IssuedTokens:
    kind = _read("grant_type")
    if kind == "authorization_code":
        code = _demand("code")
        return store.grants.exchange(
            code, application, _demand("redirect_uri"), _read("code_verifier")
        )
    if kind == "refresh_token":
        return store.grants.refresh(_demand("refresh_token"), application)
    raise TokenError("unsupported_grant_type" if kind else "invalid_request", "grant_type")


def _read_application(store: Store) -> str:
    """The application whose credentials are in the body or, for HTTP Basic, in the header."""
    for name in request.form:
        _read(name)
    header = request.headers.get("Authorization", "")
    if header and _read("client_secret"):
        raise TokenError("invalid_request", "credentials in header and body")
    given = _read_basic(header) if header else (_read("client_id"), _read("client_secret"))
    known = store.application
    if given[0] != known.id or not compare_digest(given[1].encode(), known.secret.encode()):
        raise TokenError("invalid_client", "unknown client or wrong secret", 401)
    return known.id


def _read_basic(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = secret = ""
    return (unquote_plus(name), unquote_plus(secret)) if kind.casefold() == "basic" else ("", "")


def _read(name: str) -> str:
    values = request.form.getlist(name)
    if len(values) > 1:
        raise TokenError("invalid_request", f"{name} is repeated")
    return values[0] if values else ""


def _demand(name: str) -> str:
    value = _read(name)
    if not value:
        raise TokenError("invalid_request", f"{name} is missing")
    return value


def _list_licences(store: Store) -> tuple[str, ...]:
    """The licence codes of the user whose refresh token it is, if it is one."""
    with store.lock:
        grant = store.grants.find_refresh(request.form.get("refresh_token", ""))
        user = store.user(grant.user) if grant else None
        return tuple(user.licences) if user else ()


def _answer_error(error: TokenError) -> Response:
    response = jsonify(error=error.error, error_description=error.description)
    response.status_code = error.status
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Basic"
    return _keep_private(response)


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response
