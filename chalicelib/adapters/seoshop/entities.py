"""HTML entities in texts that people typed: SEOshop gives ``Kaas &amp; wijn`` for "Kaas & wijn".

A text is decoded once, where it is read: what a customer wrote as ``&amp;`` comes as ``&amp;amp;``
and is ``&amp;`` afterwards. Article codes and e-mail addresses are typed as well; ids stay as they
are.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def decode_entities(text: str) -> str:
    """The text with every whole entity (``&amp;``, ``&#233;``, ``&#xE9;``) as the character that it
    stands for; a no-break space is a blank. An ampersand that begins none stays one.

    Control characters that an entity stands for come out as such, for whoever checks or writes the
    text to treat them as if they had been typed.
    """
    return re.sub(_ENTITY, _decode, text) if "&" in text else text


def _decode(entity: re.Match[str]) -> str:
    name = entity[0][1:]
    if not name.startswith("#") and name not in html5:
        return entity[0]
    character = html.unescape(entity[0])
    return " " if character == _NO_BREAK_SPACE else character
