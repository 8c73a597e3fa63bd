"""JSON for tests under /_control: what the books hold, and switches for faults and resets."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from sandbox.asperion import as_json
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.import_settings import WEBWINKELFACTUREN
from sandbox.asperion.inbox_faults import Fault, UnknownFault


def control_routes(store: Store) -> Blueprint:
    """Build the routes that read the books and those that switch faults."""
    routes = Blueprint("control", __name__, url_prefix="/_control")
    _add_readers(routes, store)
    _add_switches(routes, store)
    return routes


def _add_readers(routes: Blueprint, store: Store) -> None:
    @routes.get("/<licence>/invoices")
    def invoices(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            return jsonify([as_json.invoice_json(i) for i in administration.books.invoices()])

    @routes.get("/<licence>/totals")
    def totals(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            return jsonify(as_json.totals_json(administration.books.invoices()))

    @routes.get("/<licence>/books")
    def books(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            return jsonify(as_json.books_json(administration.books.invoices()))

    @routes.get("/<licence>/files")
    def files(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            return jsonify([as_json.file_json(stored) for stored in administration.inbox.files()])

    @routes.get("/<licence>/duplicates")
    def duplicates(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            return jsonify(as_json.duplicates_json(administration.books.duplicates()))

    @routes.post("/<licence>/synchronise")
    def synchronise(licence: str) -> Response:
        report = store.administration(licence).synchronise(WEBWINKELFACTUREN)
        return jsonify(as_json.report_json(report))


def _add_switches(routes: Blueprint, store: Store) -> None:
    @routes.get("/licences")
    def licences() -> Response:
        return jsonify(store.licences())

    @routes.get("/faults")
    def faults() -> Response:
        return jsonify([asdict(fault) for fault in store.faults.active()])

    @routes.post("/faults")
    def add_fault() -> tuple[Response, int]:
        try:
            fault = Fault.from_json(request.get_json(silent=True))
        except UnknownFault as error:
            return jsonify(error=str(error)), 400
        store.faults.add(fault)
        return jsonify(asdict(fault)), 201

    @routes.delete("/faults")
    def clear_faults() -> tuple[str, int]:
        store.faults.clear()
        return "", 204

    @routes.post("/reset")
    def reset() -> tuple[str, int]:
        store.reset()
        return "", 204
