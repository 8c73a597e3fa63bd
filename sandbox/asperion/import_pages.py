"""Pages: Financieel > Extra > Im-/Export Basis > Import orders (xml)."""

from dataclasses import replace

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.import_settings import (
    ASPERION,
    FIELDS,
    READ,
    ROWS,
    ROWS_BY_KEY,
    SYNCHRONISE,
    WEBWINKELFACTUREN,
    ImportRow,
)
from sandbox.asperion.inbox_files import IMPORTED, REJECTED, WAITING
from sandbox.asperion.page_frame import back, page

IMPORTED_SHOWN = 10


def import_routes(store: Store) -> Blueprint:
    """Build the routes of the import screen."""
    routes = Blueprint("imports", __name__)
    _add_screen(routes, store)
    _add_settings(routes, store)
    _add_upload(routes, store)
    _add_files(routes, store)
    return routes


def _add_screen(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/import")
    def screen(licence: str) -> str:
        administration = store.administration(licence)
        with administration.lock:
            inbox = administration.inbox
            imported = sorted(inbox.files(IMPORTED), key=lambda f: str(f.imported), reverse=True)
            return page(
                administration,
                "import.html",
                rows=ROWS,
                live=WEBWINKELFACTUREN,
                report=administration.last_report if "report" in request.args else None,
                waiting_files=inbox.files(WAITING),
                rejected=inbox.files(REJECTED),
                imported=imported[:IMPORTED_SHOWN],
                imported_count=len(imported),
            )

    @routes.post("/<licence>/import/<key>/synchronise")
    def synchronise(licence: str, key: str) -> Response:
        row = _row(key, SYNCHRONISE)
        if row.key != WEBWINKELFACTUREN:
            return back("imports.screen", licence=licence, notice="unlinked")
        store.administration(licence).synchronise(row.key)
        return back("imports.screen", licence=licence, report="1")


def _add_settings(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/import/<key>/settings")
    def settings(licence: str, key: str) -> str:
        row, administration = _row(key), store.administration(licence)
        with administration.lock:
            current = administration.settings[row.key]
            return page(administration, "settings.html", row=row, fields=FIELDS, current=current)

    @routes.post("/<licence>/import/<key>/settings")
    def save(licence: str, key: str) -> Response:
        row, administration = _row(key), store.administration(licence)
        with administration.lock:
            _save(administration, row)
        return back("imports.screen", licence=licence, notice="saved")


def _save(administration: Administration, row: ImportRow) -> None:
    chosen = {field.name: request.form.get(field.name, "") for field in FIELDS}
    if any(chosen[field.name] not in field.choices for field in FIELDS):
        abort(400)
    administration.settings[row.key] = replace(administration.settings[row.key], **chosen)


def _add_upload(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/import/<key>/read")
    def choose(licence: str, key: str) -> str | Response:
        row, administration = _row(key, READ), store.administration(licence)
        if row.key != ASPERION:
            return back("imports.screen", licence=licence, notice="unsupported")
        with administration.lock:
            return page(administration, "read.html", row=row)

    @routes.post("/<licence>/import/asperion/read")
    def read(licence: str) -> Response:
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            return back("imports.choose", licence=licence, key=ASPERION, notice="no-file")
        name = upload.filename.replace("\\", "/").rpartition("/")[2]
        store.administration(licence).read_in(name, upload.read(), ASPERION)
        return back("imports.screen", licence=licence, report="1")


def _add_files(routes: Blueprint, store: Store) -> None:
    @routes.post("/<licence>/files/<name>/retry")
    def retry(licence: str, name: str) -> Response:
        done = store.administration(licence).retry(name)
        return back("imports.screen", licence=licence, notice="waits" if done else "gone")

    @routes.post("/<licence>/files/<name>/remove")
    def remove(licence: str, name: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            done = administration.inbox.remove(name)
        return back("imports.screen", licence=licence, notice="removed" if done else "gone")


def _row(key: str, action: str | None = None) -> ImportRow:
    row = ROWS_BY_KEY.get(key)
    if row is None or action not in (None, row.action):
        abort(404)
    return row
