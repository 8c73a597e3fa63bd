"""Text on its way into XML: what may not be there at all, and what is written as a reference.

Asperion's help asks that ampersands, angle brackets and quotation marks never stand in data raw.
Jinja2's autoescape does the first and straight quotes; this module does the rest.
"""

from __future__ import annotations

import re
from enum import StrEnum

from markupsafe import Markup, escape


class Quotes(StrEnum):
    """What happens to typographic quotation marks."""

    REFERENCE = "reference"  # &#8220;: the same character, spelled in ASCII
    STRAIGHT = "straight"  # flattened to " and '
    KEEP = "keep"  # written as they are


_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SINGLE = "‘’‚‛‹›"
_DOUBLE = "“”„‟«»"
_STRAIGHT = str.maketrans(dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"'))

# White space other than a blank would be normalised by an XML parser: CR everywhere, tab and LF
# in attributes. As references they survive.
_BLANKS = {ord(blank): f"&#{ord(blank)};" for blank in "\t\n\r"}
_REFERENCES = {ord(quote): f"&#{ord(quote)};" for quote in _SINGLE + _DOUBLE}
_SPECIAL = re.compile(f"[\t\n\r{_SINGLE}{_DOUBLE}]")


def legal(text: str) -> str:
    """The text without characters XML 1.0 forbids (most control characters, lone surrogates)."""
    return _ILLEGAL.sub("", text)


def meant(text: str, quotes: Quotes) -> str:
    """The text a reader of the file gets to see: `legal`, with quotes by the profile's rule."""
    cleaned = legal(text)
    return cleaned.translate(_STRAIGHT) if quotes is Quotes.STRAIGHT else cleaned


def spelled(text: str, quotes: Quotes) -> str:
    """The text as it may stand in an element or a quoted attribute.

    Plain text comes back as `str` for autoescape to finish; anything with blanks or quotes to be
    spelled as references comes back escaped, as `Markup`.
    """
    shown = meant(text, quotes)
    if _SPECIAL.search(shown) is None:
        return shown
    references = _BLANKS if quotes is Quotes.KEEP else _BLANKS | _REFERENCES
    return Markup(str(escape(shown)).translate(references))  # noqa: S704 - escaped just before
