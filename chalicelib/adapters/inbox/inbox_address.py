"""The address of an inbox, from the setting ``ASPERION_INBOX_URL`` and a licence code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit

from chalicelib.domain.licence import clean_licence
from chalicelib.errors import SettingsError
from chalicelib.settings import is_loopback

_PLACEHOLDER = re.compile(r"\{(licence|file)\}")
_NAME = "ASPERION_INBOX_URL"


@dataclass(frozen=True, slots=True)
class InboxAddress:
    """The checked address of one licence code's files. Its repr shows neither path nor code.

    `scheme` is https, http or s3; `host` is for messages: the host (and port) or the bucket.
    """

    scheme: str
    host: str
    _template: str = field(repr=False)
    _licence: str = field(repr=False)

    def url(self, file: str) -> str:
        """The URL of a file; licence code and file name are one path segment each."""
        return _fill_template(self._template, self._licence, file)

    def key(self, file: str) -> str:
        """The key of a file in its bucket, encoded like a URL's path."""
        return _fill_template(urlsplit(self._template).path.lstrip("/"), self._licence, file)


def check_inbox_url(url: str) -> None:
    """Raises `SettingsError` unless `url` can be an inbox's address.

    That is ``https://host/{licence}/{file}`` or ``s3://bucket/{licence}/{file}``, both
    placeholders in the path and no others; plain ``http`` only for a loopback host
    (127.0.0.0/8, ::1, localhost).
    """
    _parse_url(url)


def make_inbox_address(url: str, licence: str) -> InboxAddress:
    """Make the address of a licence code's files. Raises `SettingsError` and `LicenceError`."""
    parts = _parse_url(url)
    host = parts.hostname or ""
    shown_host = f"{host}:{parts.port}" if parts.port else host
    return InboxAddress(parts.scheme, shown_host, url, clean_licence(licence))


def _parse_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise SettingsError(f"{_NAME} is not a URL") from None
    if parts.scheme not in {"https", "http", "s3"}:
        raise SettingsError(f"{_NAME} must begin with https:// or s3://")
    if not host or url != url.strip():
        raise SettingsError(f"{_NAME} has no host, or blanks around it")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(f"{_NAME}: plain http is for loopback addresses only, use https")
    if parts.scheme == "s3" and (parts.query or parts.netloc != host):
        raise SettingsError(f"{_NAME}: after s3:// comes a bucket's name, then a key without ?")
    if parts.fragment:
        raise SettingsError(f"{_NAME} must not have a #fragment")
    _check_placeholders(url, parts.path)
    return parts


def _check_placeholders(url: str, path: str) -> None:
    for name in ("{licence}", "{file}"):
        if name not in path:
            raise SettingsError(f"{_NAME} must hold {name} in its path")
    remainder = _PLACEHOLDER.sub("", path)
    if _PLACEHOLDER.sub("", url).count("{") or len(_PLACEHOLDER.findall(url)) != len(
        _PLACEHOLDER.findall(path)
    ):
        raise SettingsError(f"{_NAME} knows only {{licence}} and {{file}}, both in its path")
    if "}" in remainder:
        raise SettingsError(f"{_NAME} has a brace too many")


def _fill_template(template: str, licence: str, file: str) -> str:
    if not file.strip("."):
        raise ValueError("a file needs a name")
    values = {"licence": licence, "file": file}
    return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), template)
