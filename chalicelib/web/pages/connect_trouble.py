"""What keeps Asperion from answering a page, in words."""

from __future__ import annotations

from chalicelib.errors import ConnectorError
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.error_words import ErrorText


def find_connect_refusal(call: Call, error: ConnectorError) -> ErrorText:
    """The words for an error of Asperion's; it is logged, without anything that Asperion said."""
    call.log.warning("asking asperion failed: %s", error, extra={"error": type(error).__name__})
    return find_error_text(error)
