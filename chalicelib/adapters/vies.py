"""VIES, the European Commission's register of VAT numbers, by its REST interface.

``POST …/check-vat-number`` takes ``countryCode`` and ``vatNumber``, and the asker's own number as
``requesterMemberStateCode`` and ``requesterNumber``. It answers with ``valid`` (older servers:
``isValid``, and ``userError`` of ``VALID`` or ``INVALID``) and, where the asker gave his number,
with ``requestIdentifier``, the consultation number. What it cannot answer is ``errorWrappers`` or a
``userError`` with a code, often under status 200, and then ``valid`` says nothing.

Of an answer nothing but verdict and consultation number is taken: name and address in it are
neither kept nor logged. Source: VIES, technical information, and the error codes of its WSDL.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from chalicelib.domain.vat_answers import Silence, VatAnswer, VatVerdict

if TYPE_CHECKING:
    import requests

log = logging.getLogger(__name__)

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer: a name and an address of several lines take a few hundred."""

CALL_TIME = 10.0
"""Seconds that a whole call may take. Member states answer within three, and give up after ten."""

_TIMEOUT = (3.0, 8.0)  # seconds to connect, and for each wait
_LONGEST_CONSULTATION = 40
_CODES = {
    "MS_UNAVAILABLE": Silence.STATE,
    "MS_MAX_CONCURRENT_REQ": Silence.STATE,
    "MS_MAX_CONCURRENT_REQ_TIME": Silence.STATE,
    "TIMEOUT": Silence.STATE,
    "INVALID_INPUT": Silence.QUESTION,
    "INVALID_REQUESTER_INFO": Silence.REQUESTER,
    "SERVICE_UNAVAILABLE": Silence.SERVICE,
    "GLOBAL_MAX_CONCURRENT_REQ": Silence.SERVICE,
    "GLOBAL_MAX_CONCURRENT_REQ_TIME": Silence.SERVICE,
    "IP_BLOCKED": Silence.SERVICE,
    "VAT_BLOCKED": Silence.SERVICE,
}
_VERDICTS = {"VALID": True, "INVALID": False}


class _Error(msgspec.Struct):
    error: str


class _Said(msgspec.Struct, rename="camel"):
    """What is taken of an answer; all else in it is passed over."""

    valid: bool | None = None
    is_valid: bool | None = None
    user_error: str | None = None
    country_code: str | None = None
    vat_number: str | None = None
    request_identifier: str | None = None
    error_wrappers: tuple[_Error, ...] | None = None


class ViesRegister:
    """Port `VatRegister` on VIES at `base_url` (see `settings.Settings.vies_url`). `open_session`
    gives what is for `call_time.send_alone`, and is called at each question. Follows no redirect.
    """

    def __init__(
        self,
        base_url: str,
        open_session: Callable[[], requests.Session],
        clock: Callable[[], datetime],
        call_time: float = CALL_TIME,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._url = f"{self._base_url}/check-vat-number"
        self._open_session = open_session
        self._clock = clock
        self._call_time = call_time

    def limit_time(self, call_time: float) -> ViesRegister:
        """See the port."""
        return ViesRegister(self._base_url, self._open_session, self._clock, call_time)

    def ask(self, number: str, requester: str = "") -> VatAnswer | Silence:
        """See the port."""
        question = {"countryCode": number[:2], "vatNumber": number[2:]}
        if requester:
            question |= {
                "requesterMemberStateCode": requester[:2],
                "requesterNumber": requester[2:],
            }
        answer = self._send(question)
        return Silence.SERVICE if answer is None else _read(*answer, number, self._clock())

    def _send(self, question: dict[str, str]) -> tuple[int, bytes] | None:
        """The status of an answer, and its body as far as one may go; None for no answer."""
        import requests  # by far most calls of a function ask nothing
        import urllib3

        from chalicelib.adapters.call_time import read_body, send_alone

        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        request = requests.Request("POST", self._url, headers=headers, json=question)
        try:
            with send_alone(
                self._open_session(), request, timeout=_TIMEOUT, call_time=self._call_time
            ) as response:
                return response.status_code, read_body(response, most=LARGEST_ANSWER)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            log.info("the VAT register is out of reach", extra={"error": type(error).__name__})
            return None


def _read(status: int, body: bytes, number: str, now: datetime) -> VatAnswer | Silence:
    try:
        said = msgspec.json.decode(body, type=_Said) if len(body) <= LARGEST_ANSWER else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = None
    if said is None:
        log.warning("the VAT register answers what cannot be read", extra={"status": status})
        return Silence.SERVICE
    codes = [each.error for each in said.error_wrappers or ()]
    if said.user_error is not None and said.user_error not in ("", *_VERDICTS):
        codes.append(said.user_error)
    if codes:
        known = next((code for code in codes if code in _CODES), "")
        log.info("the VAT register has no answer", extra={"status": status, "code": known})
        return _CODES.get(known, Silence.SERVICE)
    verdicts = {said.valid, said.is_valid, _VERDICTS.get(said.user_error or "")} - {None}
    if status != 200 or len(verdicts) != 1 or not _is_about(said, number):
        log.warning("the VAT register contradicts itself", extra={"status": status})
        return Silence.SERVICE
    return VatAnswer(
        verdict=VatVerdict.VALID if verdicts == {True} else VatVerdict.INVALID,
        at=now,
        consultation=_read_consultation(said.request_identifier or ""),
    )


def _is_about(said: _Said, number: str) -> bool:
    """Whether an answer repeats the number that was asked for, if it repeats any."""
    country = said.country_code in (None, number[:2])
    return country and said.vat_number in (None, number[2:])


def _read_consultation(text: str) -> str:
    """A consultation number, or nothing: letters, digits, and few other signs."""
    plain = text.replace("-", "").replace("_", "")
    is_one = plain.isascii() and plain.isalnum() and len(text) <= _LONGEST_CONSULTATION
    return text if is_one else ""
