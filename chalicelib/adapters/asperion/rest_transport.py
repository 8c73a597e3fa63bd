"""Calls of Asperion's REST API over HTTP: credentials, pace, time, and the error for each answer.

Nothing is ever repeated but a call whose access token was refused (401), which carried nothing
out. Redirects are not followed and answers over 10 MB not read. Errors carry nothing of an answer,
and no error of the HTTP client as their cause, because that may quote the answer or the token.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

import requests
import urllib3

from chalicelib.adapters.asperion.pace import Pace
from chalicelib.adapters.asperion.rest_refusals import (
    RestAnswer,
    RestCall,
    make_busy,
    make_lost,
    make_refusal,
)
from chalicelib.adapters.call_time import SendAlone, read_body, send_alone
from chalicelib.adapters.deadline import Deadline
from chalicelib.adapters.tracked_body import TrackedBody
from chalicelib.errors import (
    AsperionBusy,
    AsperionNotSent,
    AsperionUnavailable,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AccessTokens, Clock
from chalicelib.version import USER_AGENT

MAX_BYTES = 10 * 1024 * 1024
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)

Params = tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True, repr=False)
class RestTransport:
    """Calls under `root` (``https://api.asperion.nl/v1``), in the administration that
    `tenant` (header and number) names, or none.

    `session` gives proxies and certificates; `timeout` is in seconds, to connect and for each wait,
    and no call takes longer than both together; it does not outlast the `deadline` of the job
    either, nor `limit`, which may be set anew for each part of the job.
    """

    session: requests.Session
    root: str
    tokens: AccessTokens
    tenant: tuple[str, int] | None
    pace: Pace
    clock: Clock
    timeout: tuple[float, float]
    deadline: Deadline | None = None
    limit: Deadline | None = None
    send: SendAlone = send_alone

    def read(self, resource: str, params: Params = ()) -> bytes:
        """The body of a list, or part of one. Raises `AsperionError`, `VaultError`."""
        call = RestCall("GET", resource)
        return self._call(call, resource, params, None, self.tokens.get).body

    def write(
        self, method: str, resource: str, content: bytes | None, *, only_checks: bool = False
    ) -> RestAnswer:
        """The good answer to a write of JSON, with `only_checks` one that stores nothing. Raises
        `AsperionError`, `VaultError`; what went wrong before anything was sent is
        `AsperionNotSent`.
        """
        call = RestCall(method, resource.partition("/")[0], only_checks)
        params = (("validateOnly", "true"),) if only_checks else ()
        return self._call(call, resource, params, content, lambda: _get_to_write(self.tokens.get))

    def _call(
        self,
        call: RestCall,
        path: str,
        params: Params,
        content: bytes | None,
        get_token: Callable[[], str],
    ) -> RestAnswer:
        token = get_token()
        answer = self._send(call, path, params, content, token)
        if answer.status == 401:
            renewed = self._renew(call, token)
            answer = self._send(call, path, params, content, renewed)
        if answer.is_good:
            return answer
        refusal = make_refusal(answer, call, self.clock())
        if isinstance(refusal, AsperionBusy):
            self.pace.rest_until(refusal.until)
        raise refusal

    def _renew(self, call: RestCall, refused: str) -> str:
        if call.is_write:
            return _get_to_write(lambda: self.tokens.renew(refused))
        return self.tokens.renew(refused)

    def _send(
        self, call: RestCall, path: str, params: Params, content: bytes | None, token: str
    ) -> RestAnswer:
        left = self._seconds_left()
        if not left:
            raise AsperionNotSent(f"No time is left to ask Asperion for {call}.")
        if until := self.pace.take_turn(left):
            raise make_busy(call, until, self.clock())
        body = None if content is None else TrackedBody(content)
        request = requests.Request(
            call.method,
            f"{self.root}/{path}" + (f"?{urlencode(params, quote_via=quote)}" if params else ""),
            headers=self._make_headers(token, has_body=body is not None),
            data=body,
        )
        try:
            answer = self._receive(request)
        except _FAILURES as error:
            failure = error
        else:
            if answer is None:
                raise make_lost(call, f"with more than {MAX_BYTES} bytes")
            return answer
        kind = type(failure).__name__
        if not _may_be_sent(failure, body):
            raise AsperionNotSent(f"Asperion could not be reached for {call} ({kind}).")
        raise make_lost(call, f"with nothing that could be read ({kind})")

    def _receive(self, request: requests.Request) -> RestAnswer | None:
        """The whole answer; None for one that is too long."""
        call_time = max(self._seconds_left(), 0.001)
        with self.send(
            self.session, request, timeout=self.timeout, call_time=call_time
        ) as response:
            body = read_body(response, most=MAX_BYTES)
            is_whole = len(body) <= MAX_BYTES
            return RestAnswer(response.status_code, response.headers, body) if is_whole else None

    def _seconds_left(self) -> float:
        left = [each.seconds_left() for each in (self.deadline, self.limit) if each is not None]
        return min([sum(self.timeout), *left])

    def _make_headers(self, token: str, *, has_body: bool) -> dict[str, str]:
        if not (token.isascii() and token.isprintable() and token):
            raise AsperionNotSent("The access token that is kept cannot be sent.")
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Accept-Language": "nl-NL",
            "Authorization": f"Bearer {token}",
            "User-Agent": USER_AGENT,
        }
        if self.tenant is not None:
            name, number = self.tenant
            headers[name] = str(number)
        if has_body:
            headers["Content-Type"] = "application/json; charset=utf-8"
        return headers


def _get_to_write(get: Callable[[], str]) -> str:
    try:
        return get()
    except AsperionUnavailable:
        raise AsperionNotSent("No access token could be had, so that nothing was sent.") from None


def _may_be_sent(failure: Exception, body: TrackedBody | None) -> bool:
    """Whether something of a call may have reached Asperion."""
    if body is not None:
        return body.is_started
    if isinstance(failure, requests.ConnectTimeout):
        return False
    reason = getattr(failure.args[0], "reason", None) if failure.args else None
    return not isinstance(reason, urllib3.exceptions.NewConnectionError)
