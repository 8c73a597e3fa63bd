"""Asperion's identity server: the port `Identity`, OAuth 2.0 over HTTP (RFC 6749, RFC 7636).

The client's id and secret go in the body. While the secret is turned it has two values: the second
is tried when the first is no client's (``invalid_client``), which carries nothing out. Of an answer
nothing but its tokens and a known error code is taken.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import requests
import urllib3

from chalicelib.adapters.call_time import SendAlone, read_body, send_alone
from chalicelib.adapters.deadline import Deadline
from chalicelib.errors import AsperionUnavailable, GrantRefused, SettingsError
from chalicelib.ports import TokenGrant
from chalicelib.version import USER_AGENT

log = logging.getLogger(__name__)

LARGEST_ANSWER = 64 * 1024
CALL_TIME = 15.0
"""Seconds that a whole call may take."""

UNSAID_LIFETIME = timedelta(minutes=10)
LONGEST_LIFETIME = timedelta(days=30)
"""How long an access token counts when nothing is said of it, and at the most."""

LONGEST_TOKEN = 4096
"""Characters of a token: KMS seals no more at once."""

_TIMEOUT = (3.0, 10.0)  # seconds to connect, and for each wait
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class _ErrorCode(StrEnum):
    """The error codes of RFC 6749, section 5.2; of any other only that it is one is said."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    INVALID_SCOPE = "invalid_scope"


class _Said(msgspec.Struct):
    """What is taken of an answer of the token endpoint."""

    access_token: str = ""
    token_type: str = "Bearer"  # noqa: S105 (a kind of token)
    refresh_token: str | None = None
    expires_in: Any = None
    error: Any = None


class AsperionIdentity:
    """`chalicelib.ports.Identity` at `base_url` (``https://identity.asperion.nl``).

    `secrets` gives the client's secret as it is now, the new value first; `session` proxies and
    certificates. With a `deadline` no call outlasts it. With `uses_pkce` off the challenge and its
    verifier are left out.
    """

    def __init__(
        self,
        *,
        session: requests.Session,
        base_url: str,
        client_id: str,
        secrets: Callable[[], tuple[str, ...]],
        scope: str = "*",
        uses_pkce: bool = True,
        deadline: Deadline | None = None,
        send: SendAlone = send_alone,
    ) -> None:
        self._session = session
        self._base_url = base_url
        self._root = f"{base_url.rstrip('/')}/connect"
        self._client_id = client_id
        self._secrets = secrets
        self._scope = scope
        self._uses_pkce = uses_pkce
        self._deadline = deadline
        self._send_alone = send
        self._taken = ""

    def limit_time(self, deadline: Deadline) -> AsperionIdentity:
        """The same for a job that is over at a deadline."""
        return AsperionIdentity(
            session=self._session,
            base_url=self._base_url,
            client_id=self._client_id,
            secrets=self._secrets,
            scope=self._scope,
            uses_pkce=self._uses_pkce,
            deadline=deadline,
            send=self._send_alone,
        )

    def write_authorize_url(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": self._scope,
            "state": state,
        }
        if self._uses_pkce:
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{self._root}/authorize?{urlencode(asked, quote_via=quote)}"

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenGrant:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if self._uses_pkce:
            asked["code_verifier"] = verifier
        return self._ask(asked)

    def refresh(self, token: str) -> TokenGrant:
        return self._ask({"grant_type": "refresh_token", "refresh_token": token})

    def _ask(self, asked: Mapping[str, str]) -> TokenGrant:
        status = None
        for secret in self._list_secrets():
            form = {**asked, "client_id": self._client_id, "client_secret": secret}
            status, said = self._send(form)
            code = _read_code(said.error)
            if code is not _ErrorCode.INVALID_CLIENT:
                self._taken = secret
                return _read_grant(status, said, code)
        log.error("Asperion's identity server refuses the connector's client id and secret")
        raise AsperionUnavailable(
            "Asperion's identity server refuses the connector's own client id and secret.",
            status=status,
        )

    def _list_secrets(self) -> list[str]:
        """The client's secrets in the order in which they are tried: the one that was taken last
        first, so that it does not matter who turned first, Asperion or the connector.
        """
        try:
            return sorted(self._secrets(), key=lambda secret: secret != self._taken)
        except SettingsError as error:
            log.error("the secret for Asperion cannot be read: %s", error)
        raise AsperionUnavailable("The connector's own secret for Asperion cannot be read.")

    def _send(self, form: Mapping[str, str]) -> tuple[int, _Said]:
        left = CALL_TIME if self._deadline is None else self._deadline.seconds_left()
        if not left:
            raise AsperionUnavailable("No time is left to ask Asperion's identity server.")
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": USER_AGENT,
        }
        request = requests.Request("POST", f"{self._root}/token", headers=headers, data=form)
        try:
            status, body = self._receive(request, min(CALL_TIME, left))
        except _FAILURES as error:
            kind = type(error).__name__
        else:
            return status, _read_said(status, body)
        raise AsperionUnavailable(f"Asperion's identity server gave no answer ({kind}).")

    def _receive(self, request: requests.Request, call_time: float) -> tuple[int, bytes]:
        """The status of an answer, and its body as far as one may go."""
        with self._send_alone(
            self._session, request, timeout=_TIMEOUT, call_time=call_time
        ) as response:
            return response.status_code, read_body(response, most=LARGEST_ANSWER)


def _read_said(status: int, body: bytes) -> _Said:
    try:
        if len(body) <= LARGEST_ANSWER:
            return msgspec.json.decode(body, type=_Said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise AsperionUnavailable(
        f"Asperion's identity server gave an answer that cannot be read ({status}).", status=status
    )


def _read_code(error: object) -> _ErrorCode | None:
    return _ErrorCode(error) if isinstance(error, str) and error in set(_ErrorCode) else None


def _read_grant(status: int, said: _Said, code: _ErrorCode | None) -> TokenGrant:
    """The grant of an answer. Raises `GrantRefused`, and `AsperionUnavailable` for one without a
    usable token.
    """
    if code is _ErrorCode.INVALID_GRANT and 400 <= status < 500:
        raise GrantRefused("Asperion takes this code or token no more.", status=status)
    refresh = said.refresh_token or None
    is_usable = _is_token(said.access_token) and (refresh is None or _is_token(refresh))
    is_good = status == 200 and said.error is None and said.token_type.lower() == "bearer"
    if not (is_good and is_usable):
        is_long = max(len(said.access_token), len(refresh or "")) > LONGEST_TOKEN
        why = code or (f"one of more than {LONGEST_TOKEN} characters" if is_long else "")
        named = ", ".join(filter(None, (str(status), why)))
        raise AsperionUnavailable(
            f"Asperion's identity server granted no usable token ({named}).", status=status
        )
    lifetime = _read_lifetime(said.expires_in)
    return TokenGrant(access=said.access_token, refresh=refresh, lifetime=lifetime)


def _is_token(text: str) -> bool:
    """Whether a token can be sent in a header: visible ASCII signs alone."""
    visible = text.isascii() and text.isprintable() and " " not in text
    return bool(text) and visible and len(text) <= LONGEST_TOKEN


def _read_lifetime(seconds: object) -> timedelta:
    text = str(seconds) if isinstance(seconds, int | str) and not isinstance(seconds, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return UNSAID_LIFETIME
    return min(timedelta(seconds=int(text)), LONGEST_LIFETIME)
