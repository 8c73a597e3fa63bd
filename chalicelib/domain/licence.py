"""The merchant's Asperion licence code: the opaque key that makes a file land in their inbox.

Its form and length are not known and it cannot be checked, so every code is accepted that can be
one segment of an address and has visible characters only.
"""

from __future__ import annotations

import unicodedata

from chalicelib.errors import LicenceError

LONGEST = 64
"""Most characters a licence code may have; the codes of comparable products have 6 to 40."""


def clean_licence(text: str) -> str:
    """The licence code without surrounding blanks, in Unicode's composed form (NFC).

    Accepted is anything visible: letters, digits, and signs such as ``- _ . : + @``.
    Refused, with a `LicenceError` that says what to mend and never repeats the code:

    - nothing, or more than `LONGEST` characters;
    - a slash, a backslash, dots only: they could lead to another merchant's folder;
    - a percent sign: it could do so once decoded twice;
    - blanks inside: codes printed in groups are one code, and whether to type the gaps should not
      decide where invoices go;
    - control characters, and invisible ones (text direction, zero width) as come with copying.
    """
    code = unicodedata.normalize("NFC", text.strip())
    if not code:
        raise LicenceError("The licence code is empty: enter the code Asperion gave you.")
    if len(code) > LONGEST:
        raise LicenceError(
            f"The licence code is longer than {LONGEST} characters: enter the code alone."
        )
    if not code.strip("."):
        raise LicenceError("The licence code consists of dots only: enter the code itself.")
    for character in code:
        if character in "/\\%":
            raise LicenceError(
                f"The licence code contains {character!r}, which no licence code can: "
                "enter the code alone, not an address."
            )
        if character.isspace():
            raise LicenceError("The licence code contains a blank: enter it without blanks.")
        if not character.isprintable():
            raise LicenceError(
                "The licence code contains an invisible character: type it instead of copying it."
            )
    return code


def mask_licence(licence: str) -> str:
    """A licence code that can be recognised but not used: ``••••••42``; short ones hidden whole."""
    return "••••••" + (licence[-2:] if len(licence) >= 8 else "")
