"""Anyone who has a journal's download may check it here: nobody signs in, and nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.journal_check import JournalCheck, check_lines
from chalicelib.domain.journal_lines import JournalLine, read_noted
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.http_messages import Request, Response
from chalicelib.web.http.multipart import is_multipart, read_parts
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.static_files import PROGRAM, build_program_url
from chalicelib.web.texts.journal_texts import FAULTS, NO_FILE, NO_HASH, TOO_LARGE

LARGEST_UPLOAD = 4_000_000  # bytes: one part of a journal, and the form around it
FILE, NOTED = "file", "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What became of a form: what the `check` found, and the line of the hash that was `noted`."""

    check: JournalCheck
    noted: str
    found: JournalLine | None


def render_verify(call: Call) -> Response:
    """``GET /verify``: the form for a download, and for a hash that was noted."""
    return _render(call)


def verify_journal(call: Call) -> Response:
    """``POST /verify``: whether the download is intact, up to where, and whether the hash is in it.
    It takes a form from anywhere: it changes nothing. Raises `RequestError`.
    """
    if len(call.request.body) > LARGEST_UPLOAD:
        return _render(call, problems={FILE: TOO_LARGE}, status=413)
    files, noted = _read_form(call.request)
    problems = {} if files else {FILE: NO_FILE}
    try:
        wanted = read_noted(noted) if noted.strip() else ""
    except ValueError:
        problems[NOTED] = NO_HASH
    if problems:
        return _render(call, problems=problems, noted=noted, status=400)
    check = check_lines(line for text in sorted(files, key=_find_number) for line in _split(text))
    found = check.find(wanted) if wanted else None
    return _render(call, _Answer(check=check, noted=wanted, found=found), noted=noted)


def _render(
    call: Call,
    answer: _Answer | None = None,
    *,
    problems: dict[str, str] | None = None,
    noted: str = "",
    status: int = 200,
) -> Response:
    call.recognise_reader()
    return call.render(
        "verify.html",
        status=status,
        answer=answer,
        problems=problems or {},
        noted=noted,
        faults=FAULTS,
        program_url=build_program_url(call.templates),
        program_name=PROGRAM.name,
    )


def _read_form(request: Request) -> tuple[Sequence[str], str]:
    """The contents of the files, and the hash as it was typed. Raises `RequestError`."""
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        raise RequestError("The form brings no file along.")
    try:
        parts = read_parts(content_type, request.body)
    except ValueError:
        raise RequestError("The form cannot be read: it is not whole.") from None
    files = [text for name, text in parts if name == FILE and text.strip()]
    noted = next((text for name, text in parts if name == NOTED), "")
    return files, noted[:200]


def _split(text: str) -> list[str]:
    """The lines of a text; other characters that end lines belong to texts in them."""
    return text.split("\n")


def _find_number(text: str) -> int:
    """The number of the first line of a part: parts are checked in their order."""
    check = check_lines(_split(text)[:1])
    return check.lines[0].number if check.lines else 0
