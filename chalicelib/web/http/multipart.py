"""Forms with files in them (``multipart/form-data``), read with the standard library's parser of
mail, which has the same shape.

A file is read as UTF-8, with replacement characters for bytes that are none. So a table in an older
encoding loses its accents and keeps its numbers, and a file that is no text is recognised by its
beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import bounds

if TYPE_CHECKING:
    from email.message import MIMEPart

CONTENT_TYPE = "multipart/form-data"
MOST_PARTS = 50


def is_multipart(content_type: str) -> bool:
    """Whether a ``Content-Type`` is that of a form with files."""
    return content_type.partition(";")[0].strip().lower() == CONTENT_TYPE


def read_parts(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Names and contents of a form's fields, a file's as text, in their order.

    Raises `ValueError` for a body that is no such form: not of that boundary, with parts in parts,
    without a name, or more than `MOST_PARTS`.
    """
    from email.message import EmailMessage  # of all functions just the pages read forms
    from email.parser import BytesParser
    from email.policy import HTTP

    if not bounds.is_ascii_line(content_type, bounds.LONGEST_COOKIE):
        raise ValueError("the content type is no line of ASCII")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii")
    # Counted first: the parser would take seconds over a thousand of them.
    boundary = BytesParser(EmailMessage, policy=HTTP).parsebytes(head).get_boundary()
    if not boundary or body.count(f"--{boundary}".encode()) > MOST_PARTS + 1:
        raise ValueError("no boundary, or too many parts")
    try:
        form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    except RecursionError:
        raise ValueError("parts within parts") from None
    parts = list(form.iter_parts()) if form.is_multipart() else []
    if not 0 < len(parts) <= MOST_PARTS or form.defects:
        raise ValueError("no parts, or too many, or no end")
    return [_read_part(part) for part in parts]


def _read_part(part: MIMEPart) -> tuple[str, str]:
    name = part.get_param("name", header="content-disposition")
    content = part.get_payload(decode=True)
    if not isinstance(name, str) or not name or not isinstance(content, bytes):
        raise ValueError("a part without a name, or of parts")
    return name, content.decode("utf-8", errors="replace")
