"""What SEOshop says when it refuses a call, and the error that each refusal becomes.

Of an error document the status is kept, and a message of the known list: SEOshop may quote there
what was sent to it, or what is stored in the shop. Any other message is only said to be another
one. Source: API reference, 1.3 (languages), 4 (allowance), 10 (errors).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopNotFound,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)


class ShopMessage(StrEnum):
    """The messages of SEOshop that are known, as it writes them; what else it may say is `OTHER`,
    and `NONE` is no message at all.
    """

    INVALID_INPUT = "Invalid data input."
    ACCESS_DENIED = "Access denied."
    LANGUAGE_UNKNOWN = "Unknown or inactive language."
    NOT_FOUND = "Resource not found."
    TOO_MANY_CALLS = "Too many requests in this time period. Try again later."
    SERVER_ERROR = "Internal server error."
    BAD_GATEWAY = "Bad gateway."
    OUT_OF_SERVICE = "Service unavailable."
    OTHER = "another message"
    NONE = ""


class Refusal(NamedTuple):
    """An error document: the HTTP status it names, if it names one, and its message."""

    status: int | None
    message: ShopMessage


class TransientError(ShopUnavailable):
    """An error that may pass in a moment; the only kind that is retried."""


def read_refusal(document: object) -> Refusal | None:
    """What an error document says; None when the document is none."""
    if not isinstance(document, dict) or "error" not in document:
        return None
    error = document["error"]
    fields: Mapping[str, object] = error if isinstance(error, dict) else {"message": error}
    code = fields.get("code")
    status = code if type(code) is int and 400 <= code < 600 else None
    return Refusal(status, _recognise(fields.get("message")))


def describe_refusal(status: int, message: ShopMessage) -> str:
    """A status and what was said with it: ``401: Access denied.``"""
    return f"{status}: {message.value}" if message.value else f"{status}"


def make_error(status: int, call: str, message: ShopMessage, *, answered: bool) -> ShopError:
    """The error for a status. `answered` says that the body was an error document of SEOshop: a
    404 without one comes from a proxy in between and does not mean "no such order", nor does a 401
    of such a page say anything of key, secret and token.
    """
    facts = f"({describe_refusal(status, message)}) to {call}"
    kind: type[ShopError]
    if status == 401 and answered:
        kind, text = ShopUnauthorised, f"refuses the shop's token, or the app's key {facts}."
    elif status == 403:
        kind = ShopForbidden
        text = f"denies a permission {facts}; give it to the app and install again."
    elif status == 404 and message is ShopMessage.LANGUAGE_UNKNOWN:
        kind = ShopLanguageUnknown
        text = (
            f"does not know the shop's language {facts}; open the app from the AppCenter "
            "again, which brings the shop's present language."
        )
    elif status == 404 and answered:
        kind, text = ShopNotFound, f"has nothing there {facts}."
    elif 400 <= status < 500 and status not in (401, 404, 408):
        kind, text = ShopRefused, f"calls the request wrong {facts}."
    else:
        kind = TransientError if status >= 500 else ShopUnavailable
        text = f"gave no usable answer {facts}."
    return kind(f"SEOshop {text}", status=status)


def _recognise(message: object) -> ShopMessage:
    """The known message that this one is, whole; capitals, blanks and a full stop apart."""
    if not isinstance(message, str):
        return ShopMessage.OTHER if message else ShopMessage.NONE
    return _KNOWN.get(_bare(message), ShopMessage.OTHER)


def _bare(message: str) -> str:
    return " ".join(message.split()).rstrip(". ").casefold()


_KNOWN: Mapping[str, ShopMessage] = {
    "unknown language": ShopMessage.LANGUAGE_UNKNOWN,
    "inactive language": ShopMessage.LANGUAGE_UNKNOWN,
    **{_bare(each.value): each for each in ShopMessage if each is not ShopMessage.OTHER},
}
