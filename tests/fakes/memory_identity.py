"""Asperion's identity server in memory."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from chalicelib.errors import AsperionUnavailable, GrantRefused
from chalicelib.ports import Clock
from chalicelib.ports.asperion_api import TokenGrant
from tests.fakes.asperion_faults import IS_DONE, ApiCall, Fault, Faults, raise_lost

AUTHORIZE_URL = "https://identity.asperion.example/connect/authorize"
MERCHANT = "winkelier"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    account: str
    challenge: str
    redirect_uri: str
    until: datetime


@dataclass
class MemoryIdentity:
    """Port `Identity`. Access tokens count for `lifetime`. Refresh tokens are granted while
    `grants_refresh`, and replaced at every use while `rotates`; the one that was replaced is
    refused, unless `forgives`: then it counts until its successor was used. `granted` counts the
    grants. Calls are recorded in `calls`, `before_call` is called first of all.
    """

    clock: Clock
    lifetime: timedelta = timedelta(hours=1)
    rotates: bool = True
    forgives: bool = False
    grants_refresh: bool = True
    granted: int = 0
    calls: list[ApiCall] = field(default_factory=list)
    before_call: Callable[[ApiCall], None] = lambda call: None
    faults: Faults = field(default_factory=Faults)
    access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Account and end of each access token."""
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    """Account of each refresh token that counts."""
    _codes: dict[str, _Code] = field(default_factory=dict)
    _former: dict[str, str] = field(default_factory=dict)
    """Of a refresh token the one that it replaced."""

    # ---- people ------------------------------------------------------------------------------

    def consent(self, url: str, account: str = MERCHANT) -> str:
        """Somebody signs in at the address that `write_authorize_url` gave, and consents: where his
        browser goes next.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = _Code(
            account=account,
            challenge=asked["code_challenge"],
            redirect_uri=asked["redirect_uri"],
            until=self.clock() + timedelta(minutes=5),
        )
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def revoke(self, account: str = MERCHANT) -> None:
        """The merchant takes the connector's access away: every token of the account is refused."""
        for access in [each for each, (owner, _) in self.access.items() if owner == account]:
            del self.access[access]
        for refresh in [each for each, owner in self.refresh_tokens.items() if owner == account]:
            del self.refresh_tokens[refresh]

    def expire(self) -> None:
        """Every access token ends now, whatever was said of its life; refresh tokens count."""
        self.access.clear()

    def grant(self, account: str = MERCHANT) -> TokenGrant:
        """A new grant, as an exchanged code gives it."""
        self.granted += 1
        access = f"access-{self.granted}"
        self.access[access] = (account, self.clock() + self.lifetime)
        refresh = None
        if self.grants_refresh:
            refresh = f"refresh-{self.granted}"
            self.refresh_tokens[refresh] = account
        return TokenGrant(access=access, refresh=refresh, lifetime=self.lifetime)

    def find_account(self, access: str) -> str | None:
        """Whose access token that is; None when it does not count (any longer)."""
        account, until = self.access.get(access, ("", self.clock()))
        return account if self.clock() < until else None

    # ---- the port ----------------------------------------------------------------------------

    def write_authorize_url(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": "connector",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "redirect_uri": redirect_uri,
        }
        return f"{AUTHORIZE_URL}?{urlencode(asked)}"

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenGrant:
        fault = self._meet("exchange_code", code)
        known = self._codes.get(code)
        if (
            known is None
            or self.clock() >= known.until
            or known.redirect_uri != redirect_uri
            or known.challenge != write_challenge(verifier)
        ):
            raise GrantRefused("invalid_grant", status=400)
        del self._codes[code]
        grant = self.grant(known.account)
        raise_lost(fault, is_write=False)
        return grant

    def refresh(self, token: str) -> TokenGrant:
        fault = self._meet("refresh", token)
        account = self.refresh_tokens.get(token)
        if account is None:
            raise GrantRefused("invalid_grant", status=400)
        self.refresh_tokens.pop(self._former.pop(token, ""), None)
        grant = self.grant(account)
        if not self.rotates:
            self.refresh_tokens.pop(grant.refresh or "", None)
            grant = TokenGrant(access=grant.access, lifetime=grant.lifetime)
        elif self.forgives and grant.refresh:
            self._former[grant.refresh] = token
        else:
            del self.refresh_tokens[token]
        raise_lost(fault, is_write=False)
        return grant

    def _meet(self, name: str, about: str) -> Fault | None:
        """The fault of a call whose answer is lost though it is done; others are raised."""
        call = ApiCall(name, None, about)
        self.calls.append(call)
        self.before_call(call)
        fault = self.faults.take(call)
        if fault is not None and fault not in IS_DONE:
            raise AsperionUnavailable("no usable answer")
        return fault


def write_challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
