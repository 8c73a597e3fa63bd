"""Requests of applications to let a user in: checked, and kept until the user has decided."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.datastructures import MultiDict

from sandbox.asperion.asperion_store import Store
from sandbox.serving import Clock

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
MOST_WAITING = 1000
WAITS = timedelta(minutes=30)


class UnknownApplication(Exception):
    """A request that must not be answered to its address; the message is Dutch."""


class RefusedRequest(Exception):
    """A request that is refused to its address, with an error of RFC 6749 section 4.1.2.1."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass
class AuthorizeRequest:
    """What an application asks; `user` is who signed in, "" while nobody has."""

    redirect_uri: str
    state: str
    scope: str
    challenge: str
    user: str = ""

    def write_answer(self, **values: str) -> str:
        """The address that the browser is sent back to, with these values and the state."""
        parts = urlsplit(self.redirect_uri)
        given = values | ({"state": self.state} if self.state else {})
        query = "&".join(filter(None, (parts.query, urlencode(given))))
        return urlunsplit(parts._replace(query=query))


def read_request(store: Store, given: MultiDict[str, str]) -> AuthorizeRequest:
    """Check the address of an application. Raises UnknownApplication."""
    for name in ("client_id", "redirect_uri"):
        if len(given.getlist(name)) > 1:
            raise UnknownApplication(f"{name} staat er meer dan eens.")
    if given.get("client_id") != store.application.id:
        raise UnknownApplication("Deze toepassing is niet bekend bij Asperion.")
    address = given.get("redirect_uri", "")
    if not store.application.may_return_to(address):
        raise UnknownApplication("Dit adres is niet van de toepassing (redirect_uri).")
    return AuthorizeRequest(
        redirect_uri=address,
        state=given.get("state", ""),
        scope=given.get("scope", ""),
        challenge=given.get("code_challenge", ""),
    )


def check_request(store: Store, given: MultiDict[str, str]) -> None:
    """Check the rest of a request. Raises RefusedRequest."""
    for name in given:
        if len(given.getlist(name)) > 1:
            raise RefusedRequest("invalid_request", f"{name} is repeated")
    kind = given.get("response_type")
    if kind != "code":
        error = "unsupported_response_type" if kind else "invalid_request"
        raise RefusedRequest(error, "response_type must be code")
    if not given.get("scope", "").strip():
        raise RefusedRequest("invalid_scope", "scope is missing")
    _check_challenge(store.guesses.pkce, given)


def _check_challenge(pkce: str, given: MultiDict[str, str]) -> None:
    challenge = given.get("code_challenge", "")
    if pkce == "ignored" or (not challenge and pkce == "optional"):
        return
    if not challenge:
        raise RefusedRequest("invalid_request", "code challenge required")
    if given.get("code_challenge_method") != "S256":
        raise RefusedRequest("invalid_request", "transform algorithm not supported")
    if not _CHALLENGE.fullmatch(challenge):
        raise RefusedRequest("invalid_request", "code_challenge is malformed")


class WaitingRequests:
    """Requests by a key that only the browser has. Not locked: the store's lock does that."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[AuthorizeRequest, datetime]] = {}

    def keep(self, asked: AuthorizeRequest) -> str:
        """Keep a request; its key."""
        while len(self._waiting) >= MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        key = secrets.token_urlsafe(24)
        self._waiting[key] = (asked, self._clock() + WAITS)
        return key

    def get(self, key: str) -> AuthorizeRequest | None:
        """A request that still waits."""
        found = self._waiting.get(key)
        return found[0] if found and self._clock() < found[1] else None

    def take(self, key: str) -> AuthorizeRequest | None:
        """A request that still waits, which then waits no more."""
        found = self.get(key)
        self._waiting.pop(key, None)
        return found
