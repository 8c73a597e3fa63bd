"""A placed file, made once more and sent; or a page that says why it is not what was sent."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.file_names import read_way
from chalicelib.domain.ways import Way
from chalicelib.errors import ProfileError
from chalicelib.usecases.operating.file_list import read_file
from chalicelib.usecases.operating.rebuilding import rebuild_file
from chalicelib.usecases.operating.rebuilt_files import (
    MOST_PARTS,
    WHOLE,
    Differs,
    NotNow,
    Part,
    Rebuilt,
)
from chalicelib.web.http.http_messages import Response, redirect, send_download
from chalicelib.web.http.visits import check_visit
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.typed_numbers import read_number
from chalicelib.web.texts.rebuild_texts import (
    CAUSES,
    CHANGES,
    OBSTACLES,
    UNCHANGED,
    describe_left_out,
)

XML = "application/xml; charset=utf-8"
_AS_NOW = "now"


def send_file(call: Call) -> Response:
    """``GET /files/{name}/download``: the file as it was sent, when it comes out so once more; with
    ``as=now`` as it would be now; with ``part=2&of=3`` a part of it. Else a page that says what
    differs (409), why it cannot be made now (503), or that there never was one (404).

    Raises `UnknownFile`, `RequestError`, `NoSuchPage` for other parameters, `NotAVisit`, and what
    concerns the whole shop: `ShopError`.
    """
    check_visit(call.request, is_page=False)
    name = call.params["name"]
    workspace = call.workspace
    if read_way(name) is Way.API:
        file, _ = read_file(workspace, name)
        return call.render("file_none.html", status=404, name=file.name)
    if call.request.headers.get("sec-fetch-site") == "cross-site":
        # A link on another site does not spend what SEOshop allows the shop.
        return redirect(call.build_url("files", name))
    part, as_now = _read_part(call), _read_choice(call)
    result = rebuild_file(workspace, name, part=part, as_now=as_now)
    if isinstance(result, Rebuilt):
        return _send(result)
    shown: dict[str, Any] = {"name": name, "part": part}
    if isinstance(result, Differs):
        return call.render("file_differs.html", status=409, **shown, **_show(result))
    return _answer_later(call, result, as_now=as_now, **shown)


def _read_choice(call: Call) -> bool:
    chosen = call.request.query.get("as")
    if chosen not in (None, _AS_NOW):
        raise NoSuchPage
    return chosen is not None


def _read_part(call: Call) -> Part:
    query = call.request.query
    given = [query.get(each) for each in ("part", "of")]
    if given == [None, None]:
        return WHOLE
    number, of = (read_number(text or "", MOST_PARTS) for text in given)
    if number is None or of is None or number > of:
        raise NoSuchPage
    return Part(number, of)


def _send(file: Rebuilt) -> Response:
    """The file as an attachment: a text, and Chalice sends texts as UTF-8."""
    try:
        text = file.content.decode("utf-8")
    except UnicodeDecodeError:
        raise ProfileError("The profile does not write UTF-8, as a download has to be.") from None
    return send_download(text, XML, file.name)


def _show(result: Differs) -> dict[str, Any]:
    """The documents that differ or would be left out, each once, in the order of the file."""
    left_out = {one.key for one in result.left_out}
    changed = {one.key: one for one in result.changed}
    rows = [
        {
            "number": one.number,
            "text": UNCHANGED if one.change is None else CHANGES[one.change],
            "left_out": describe_left_out(one.now) if one.key in left_out else None,
            "is_lost": one.is_lost,
        }
        for one in {**changed, **{one.key: one for one in result.left_out}}.values()
    ]
    return {
        "result": result,
        "rows": rows,
        "cause": None if result.cause is None else CAUSES[result.cause],
    }


def _answer_later(call: Call, result: NotNow, *, as_now: bool, name: str, part: Part) -> Response:
    parts = min(result.parts * part.of, MOST_PARTS) if result.parts > 1 else 1
    response = call.render(
        "file_later.html",
        status=503,
        result=result,
        name=name,
        part=part,
        parts=parts if parts > part.of else 1,
        as_now=as_now,
        text=OBSTACLES[result.obstacle],
    )
    if result.until is None:
        return response
    wait = max(int((result.until - call.connector.clock()).total_seconds()), 1)
    return Response(
        status=response.status,
        body=response.body,
        headers={**response.headers, "Retry-After": str(wait)},
    )
