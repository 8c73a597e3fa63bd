"""Consent that users gave to applications, and the codes and tokens that come of it.

Codes and refresh tokens serve once. One that is used again takes the whole grant away, as OAuth 2.1
(section 4.3.1) and RFC 6749 (section 4.1.2) advise.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.asperion.guesses import Guesses
from sandbox.serving import Clock

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class InvalidGrant(Exception):
    """A code or refresh token that does not serve; the message says why, in English."""


@dataclass
class Grant:
    """What one user allowed one application."""

    id: int
    user: str
    application: str
    scope: str
    given_at: datetime
    is_revoked: bool = False


@dataclass
class Code:
    """An authorization code: for one application, address and challenge ("" for none), once."""

    grant: Grant
    redirect_uri: str
    challenge: str
    expires_at: datetime
    is_used: bool = False


@dataclass
class Token:
    """An access or refresh token."""

    grant: Grant
    expires_at: datetime
    is_used: bool = False


@dataclass(frozen=True)
class IssuedTokens:
    """What the token endpoint gives; `refresh` is None where none is sent."""

    access: str
    expires_in: int
    refresh: str | None
    scope: str


class Grants:
    """All grants with their codes and tokens. Not locked: the store does that."""

    def __init__(self, clock: Clock, guesses: Guesses) -> None:
        self._clock = clock
        self._guesses = guesses
        self._grants: list[Grant] = []
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, Token] = {}

    def clear(self) -> None:
        """Forget everything."""
        for kept in (self._grants, self._codes, self._access, self._refresh):
            kept.clear()

    def allow(
        self, user: str, application: str, scope: str, redirect_uri: str, challenge: str
    ) -> str:
        """A user allows an application; the code for it."""
        grant = Grant(len(self._grants) + 1, user, application, scope, self._clock())
        self._grants.append(grant)
        code = secrets.token_urlsafe(32)
        ends = self._add(self._guesses.code_life)
        self._codes[code] = Code(grant, redirect_uri, challenge, ends)
        return code

    def exchange(
        self, code: str, application: str, redirect_uri: str, verifier: str
    ) -> IssuedTokens:
        """Tokens for a code. Raises InvalidGrant."""
        found = self._codes.get(code)
        if found is None or found.grant.application != application:
            raise InvalidGrant("unknown code")
        if found.is_used:
            found.grant.is_revoked = True
            raise InvalidGrant("the code was used before; its tokens are revoked")
        if self._clock() >= found.expires_at:
            raise InvalidGrant("the code has expired")
        if found.redirect_uri != redirect_uri:
            raise InvalidGrant("redirect_uri is not that of the request")
        if found.challenge and not fits_challenge(verifier, found.challenge):
            raise InvalidGrant("code_verifier does not fit")
        if verifier and not found.challenge and self._guesses.pkce != "ignored":
            raise InvalidGrant("code_verifier for a request without a challenge")
        if found.grant.is_revoked:
            raise InvalidGrant("the consent is revoked")
        found.is_used = True
        return self._issue(found.grant, self._make_first_refresh(found.grant))

    def refresh(self, token: str, application: str) -> IssuedTokens:
        """Tokens for a refresh token. Raises InvalidGrant."""
        found = self._refresh.get(token)
        if found is None or found.grant.application != application:
            raise InvalidGrant("unknown refresh token")
        if found.grant.is_revoked:
            raise InvalidGrant("the consent is revoked")
        if found.is_used:
            found.grant.is_revoked = True
            raise InvalidGrant("the refresh token was used before; its family is revoked")
        if self._clock() >= found.expires_at:
            raise InvalidGrant("the refresh token has expired")
        if self._guesses.rotation == "rotates":
            found.is_used = True
            return self._issue(found.grant, self._make_refresh(found.grant))
        return self._issue(found.grant, token if self._guesses.rotation == "repeats" else None)

    def read_access(self, token: str) -> Grant | None:
        """The grant of an access token that serves; None for any other."""
        found = self._access.get(token)
        if found is None or found.grant.is_revoked or self._clock() >= found.expires_at:
            return None
        return found.grant

    def find_refresh(self, token: str) -> Grant | None:
        """The grant that a refresh token is of, whether or not it serves."""
        found = self._refresh.get(token)
        return found.grant if found else None

    def expire(self, user: str | None = None) -> int:
        """End all access tokens, of one user or (None) of all; count those that served."""
        now = self._clock()
        ended = 0
        for token in self._access.values():
            if user in (None, token.grant.user) and token.expires_at > now:
                token.expires_at, ended = now, ended + 1
        return ended

    def revoke(self, grant_id: int) -> bool:
        """Take a consent back; False if there is none of that id that holds."""
        for grant in self._grants:
            if grant.id == grant_id and not grant.is_revoked:
                grant.is_revoked = True
                return True
        return False

    def revoke_token(self, token: str, application: str) -> None:
        """Give a token back (RFC 7009): a refresh token ends its grant, an access token itself."""
        refresh, access = self._refresh.get(token), self._access.get(token)
        if refresh and refresh.grant.application == application:
            refresh.grant.is_revoked = True
        elif access and access.grant.application == application:
            access.expires_at = self._clock()

    def grants(self) -> list[Grant]:
        """Consent that holds, oldest first."""
        return [grant for grant in self._grants if not grant.is_revoked]

    def issue(self, user: str, application: str, scope: str = "*") -> IssuedTokens:
        """Tokens without a browser, for tests."""
        grant = Grant(len(self._grants) + 1, user, application, scope, self._clock())
        self._grants.append(grant)
        return self._issue(grant, self._make_refresh(grant))

    def _issue(self, grant: Grant, refresh: str | None) -> IssuedTokens:
        access = secrets.token_urlsafe(32)
        self._access[access] = Token(grant, self._add(self._guesses.token_life))
        return IssuedTokens(access, self._guesses.token_life, refresh, grant.scope)

    def _make_first_refresh(self, grant: Grant) -> str | None:
        when = self._guesses.refresh_tokens
        if when == "never" or (when == "offline_access" and when not in grant.scope.split()):
            return None
        return self._make_refresh(grant)

    def _make_refresh(self, grant: Grant) -> str:
        token = secrets.token_urlsafe(48)
        self._refresh[token] = Token(grant, self._add(self._guesses.refresh_life))
        return token

    def _add(self, seconds: int) -> datetime:
        return self._clock() + timedelta(seconds=seconds)


def fits_challenge(verifier: str, challenge: str) -> bool:
    """Whether a code verifier is the one of an S256 challenge (RFC 7636)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return secrets.compare_digest(made, challenge)
