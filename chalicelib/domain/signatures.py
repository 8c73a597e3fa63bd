"""SEOshop's signatures and our API password: the four md5 recipes of the platform.

An app secret is one for all shops and md5 is the platform's choice, not ours. A callback's
signature covers language, shop id, timestamp and, at installation, the token; ``cluster_id`` is
*not* covered, hence only its two known values pass. Source: SEOshop API reference, 1.2 (API
password), 2.2 and 2.4 (callbacks), 3.4 (webhooks). No message holds a token or a signature.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta

from chalicelib.errors import SignatureError, SignatureTooOld
from chalicelib.lazy_dataclass import dataclass

TOLERANCE = timedelta(minutes=15)
"""How far a callback's timestamp may lie from now, either way. SEOshop prescribes nothing."""

_HEX32 = r"[0-9a-f]{32}"
_SIGNED = {
    "language": r"[A-Za-z]{2}",
    "shop_id": r"[0-9]{1,15}",
    "timestamp": r"[0-9]{1,11}",
}
_TOKEN = {"token": r"[0-9A-Fa-f]{32}"}
_CLUSTERS = {"eu1": "eu1", "us1": "us1", "live": "eu1", "": "eu1"}
_OPEN_AGAIN = "open the app from the AppCenter again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A proven call of SEOshop to the install, cancel or uninstall address.

    `language` is lower case, `timestamp` aware (UTC), `cluster` ``eu1`` or ``us1``; `token` is
    None where the recipe has none. `link` names this very call: a SHA-256 (hex) of its signature,
    which no parameter changes that the signature leaves out.
    """

    shop_id: int
    language: str
    timestamp: datetime
    cluster: str
    token: str | None = field(default=None, repr=False)
    link: str = field(default="", repr=False)

    @property
    def valid_until(self) -> datetime:
        """From when on `verify_callback` refuses the call as too old."""
        return self.timestamp + TOLERANCE


def callback_signature(params: Mapping[str, str], secret: str) -> str:
    """The md5 (lower-case hex) over ``language``, ``shop_id``, ``timestamp`` and, if there is one,
    ``token``, sorted and joined as ``name=value`` without separator, then the app secret. All
    other parameters are left out.
    """
    names = [*_SIGNED, "token"] if params.get("token") else _SIGNED
    text = "".join(f"{name}={params[name]}" for name in sorted(names))
    return _md5(f"{text}{secret}".encode())


def verify_callback(
    params: Mapping[str, str], *, secrets: tuple[str, ...], now: datetime, with_token: bool
) -> Callback:
    """Prove that a callback is SEOshop's and fresh, and return it typed.

    `with_token` is True for the install address and False for cancel and uninstall, where a token
    is neither signed nor read; any of the app's `secrets` may have signed. Raises `SignatureError`
    for a missing or malformed parameter, a wrong signature, or a timestamp further than `TOLERANCE`
    from `now` (aware); `SignatureTooOld` if that alone is wrong.
    """
    values = _read_values(params, _SIGNED | _TOKEN if with_token else _SIGNED)
    cluster = _CLUSTERS.get(params.get("cluster_id") or "")
    if cluster is None:
        raise SignatureError("The call's cluster_id is neither eu1 nor us1.")
    given = _read_values(params, {"signature": _HEX32})["signature"]
    if not _is_one_of(given, [callback_signature(values, secret) for secret in secrets]):
        raise SignatureError(f"The call's signature is wrong; {_OPEN_AGAIN}")
    shop_id, made = int(values["shop_id"]), datetime.fromtimestamp(int(values["timestamp"]), UTC)
    minutes = f"{TOLERANCE // timedelta(minutes=1)} minutes"
    if now - made > TOLERANCE:
        raise SignatureTooOld(f"The call is older than {minutes}; {_OPEN_AGAIN}", shop_id=shop_id)
    if made - now > TOLERANCE:
        raise SignatureError(
            f"The call is dated more than {minutes} from now; one of the clocks is wrong."
        )
    return Callback(
        shop_id=shop_id,
        language=values["language"].lower(),
        timestamp=made,
        cluster=cluster,
        token=values.get("token"),
        link=hashlib.sha256(given.encode()).hexdigest(),
    )


def verify_webhook(body: bytes, header: str | None, secrets: tuple[str, ...]) -> None:
    """Prove a webhook by its ``X-Signature`` header: md5 over the raw bytes and one of the
    app's secrets.

    Neither time nor shop are covered, so a proven webhook is still only a hint. Raises
    `SignatureError` for a missing, malformed or wrong header.
    """
    if not header:
        raise SignatureError("The webhook has no X-Signature header.")
    if not re.fullmatch(_HEX32, header):
        raise SignatureError("The webhook's X-Signature header is not 32 lower-case hex digits.")
    if not _is_one_of(header, [_md5(body + secret.encode()) for secret in secrets]):
        raise SignatureError("The webhook's signature is wrong: body or secret is not SEOshop's.")


def api_password(token: str, secret: str) -> str:
    """The HTTP Basic password of one shop: md5 (lower-case hex) of token, then app secret."""
    return _md5(f"{token}{secret}".encode())


def _is_one_of(given: str, right: Iterable[str]) -> bool:
    return any(hmac.compare_digest(given, each) for each in right)


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _read_values(params: Mapping[str, str], forms: Mapping[str, str]) -> dict[str, str]:
    values = {name: params.get(name) or "" for name in forms}
    for name, value in values.items():
        if not value:
            raise SignatureError(f"The call has no {name}; {_OPEN_AGAIN}")
        if not re.fullmatch(forms[name], value):
            raise SignatureError(f"The call's {name} is malformed.")
    return values
