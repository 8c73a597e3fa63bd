"""The journal of a shop: every closed day with its hash, and the whole as a download."""

from __future__ import annotations

from chalicelib.domain.statement import Verdict
from chalicelib.usecases.operating.journal_reading import look_at_journal, read_part
from chalicelib.web.http.http_messages import Response, send_download
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.static_files import PROGRAM, build_program_url
from chalicelib.web.pages.typed_numbers import read_number
from chalicelib.web.texts.journal_texts import FAULTS, UNPROVEN
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.statement_texts import VERDICTS

JSON_LINES = "application/x-ndjson; charset=utf-8"
_LAST_NUMBER = 10**8 - 1


def render_journal(call: Call) -> Response:
    """``GET /journal``: the newest entries and whether all of it is intact now; ``?before=12`` are
    those before that number. Raises `NoSuchPage` for what is no number.
    """
    look = look_at_journal(call.workspace, _read_number(call, "before"))
    return call.render(
        "journal.html",
        look=look,
        rows=[(entry, entry.read()) for entry in look.listed],
        verdicts={verdict.value: VERDICTS[verdict] for verdict in Verdict},
        faults=FAULTS,
        unproven=UNPROVEN,
        program_url=build_program_url(call.templates),
        program_name=PROGRAM.name,
    )


def send_journal(call: Call) -> Response:
    """``GET /journal/download``: the journal as JSON Lines; ``?from=12`` a part of it from that
    number on. Raises `NoSuchPage` for what is no number, and where there is nothing.
    """
    entries = read_part(call.workspace, _read_number(call, "from") or 1)
    if not entries:
        raise NoSuchPage
    days = [entry.day for entry in entries]
    name = "-".join(
        (
            call.templates.say(msgid("journal")),
            str(call.shop.shop_id),
            f"{min(days):%Y%m%d}",
            f"{max(days):%Y%m%d}",
        )
    )
    lines = "".join(f"{entry.write_line()}\n" for entry in entries)
    return send_download(lines, JSON_LINES, f"{name}.jsonl")


def _read_number(call: Call, name: str) -> int | None:
    text = call.request.query.get(name, "")
    number = read_number(text, _LAST_NUMBER)
    if text and number is None:
        raise NoSuchPage
    return number
