"""The address of an inbox, from the setting ``ASPERION_INBOX_URL`` and a licence code."""

from __future__ import annotations

import re
from dataclasses import field
from urllib.parse import SplitResult, quote, urlsplit

from chalicelib.domain.licence import clean_licence
from chalicelib.errors import SettingsError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.safe_urls import is_loopback

_PLACEHOLDER = r"\{(licence|file)\}"
_NAME = "ASPERION_INBOX_URL"


@dataclass(frozen=True, slots=True)
class InboxAddress:
    """The checked address of one licence code's files. Its repr shows neither path nor code.

    `scheme` is https, http or s3; `host` is the bucket, else the host (and port) for messages.
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
    host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    return InboxAddress(parts.scheme, host, url, clean_licence(licence))


def _parse_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise SettingsError(f"{_NAME} is not a URL") from None
    others = re.sub(_PLACEHOLDER, "", url)
    wrong = {
        "must begin with https:// or s3://": parts.scheme not in {"https", "http", "s3"},
        "has no host, or blanks around it": not host or url != url.strip(),
        "is plain http, which is for loopback addresses only: use https": (
            parts.scheme == "http" and not is_loopback(host or "")
        ),
        "has more after s3:// than a bucket's name and a key without ?": (
            parts.scheme == "s3" and (parts.query or parts.netloc != host)
        ),
        "must not have a #fragment": parts.fragment,
        "must hold {licence} in its path": "{licence}" not in parts.path,
        "must hold {file} in its path": "{file}" not in parts.path,
        "knows only {licence} and {file}, both in its path": (
            "{" in others or re.search(_PLACEHOLDER, parts.netloc + parts.query)
        ),
        "has a brace too many": "}" in others,
    }
    for what, is_wrong in wrong.items():
        if is_wrong:
            raise SettingsError(f"{_NAME} {what}")
    return parts


def _fill_template(template: str, licence: str, file: str) -> str:
    if not file.strip("."):
        raise ValueError("a file needs a name")
    values = {"licence": licence, "file": file}
    return re.sub(_PLACEHOLDER, lambda found: quote(values[found[1]], safe=""), template)
