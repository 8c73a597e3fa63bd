"""The routes of the API, under /v1."""

from collections.abc import Sequence

from flask import Blueprint, Response

from sandbox.asperion.asperion_store import Store
from sandbox.asperion.rest_debtors import add_debtor, give_debtor, list_debtors
from sandbox.asperion.rest_envelopes import answer_list
from sandbox.asperion.rest_filters import Row
from sandbox.asperion.rest_gate import RestGate, read_language
from sandbox.asperion.rest_invoices import (
    add_invoice,
    attach_file,
    delete_invoice,
    give_invoice,
    list_invoices,
)
from sandbox.asperion.rest_replies import RestError, answer_error, answer_json
from sandbox.asperion.rest_tables import FILTERS, TABLES, show_administrations
from sandbox.asperion.rest_texts import Said


def rest_routes(store: Store) -> Blueprint:
    """Build the routes of the API."""
    routes = Blueprint("rest", __name__, url_prefix="/v1")
    gate = RestGate(store)
    _add_tables(routes, gate)
    _add_debtors(routes, gate)
    _add_invoices(routes, gate)

    @routes.route("/", defaults={"rest": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @routes.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def refuse(rest: str) -> Response:
        known = rest.partition("/")[0] in RESOURCES
        said = (405, Said.NO_SUCH_VERB) if known else (404, Said.NOT_FOUND)
        return answer_error(RestError(*said), read_language())

    return routes


RESOURCES = (*TABLES, "administrations", "debtors", "salesinvoices", "salesinvoiceswithlines")


def _add_tables(routes: Blueprint, gate: RestGate) -> None:
    @routes.get("/administrations")
    def administrations() -> Response:
        return gate.serve(
            lambda caller: answer_list(caller, show_administrations(gate.store, caller)),
            needs_administration=False,
        )

    @routes.get(f"/<any({', '.join(TABLES)}):name>")
    def table(name: str) -> Response:
        return gate.serve(lambda caller: answer_list(caller, TABLES[name](caller), FILTERS))

    @routes.get(f"/<any({', '.join(TABLES)}):name>/<item>")
    def table_item(name: str, item: str) -> Response:
        return gate.serve(lambda caller: _give_item(TABLES[name](caller), item))


def _give_item(rows: Sequence[Row], item: str) -> Response:
    for row in rows:
        if str(row.shown["id"]) == item:
            return answer_json(row.shown)
    raise RestError(404, Said.NOT_FOUND)


def _add_debtors(routes: Blueprint, gate: RestGate) -> None:
    @routes.get("/debtors")
    def debtors() -> Response:
        return gate.serve(list_debtors)

    @routes.post("/debtors")
    def post_debtor() -> Response:
        return gate.serve(add_debtor)

    @routes.get("/debtors/<int:debtor_id>")
    def debtor(debtor_id: int) -> Response:
        return gate.serve(lambda caller: give_debtor(caller, debtor_id))


def _add_invoices(routes: Blueprint, gate: RestGate) -> None:
    @routes.get("/<any(salesinvoices, salesinvoiceswithlines):name>")
    def invoices(name: str) -> Response:
        has_lines = name == "salesinvoiceswithlines"
        return gate.serve(lambda caller: list_invoices(caller, has_lines=has_lines))

    @routes.get("/<any(salesinvoices, salesinvoiceswithlines):name>/<int:invoice_id>")
    def invoice(name: str, invoice_id: int) -> Response:
        has_lines = name == "salesinvoiceswithlines"
        return gate.serve(lambda caller: give_invoice(caller, invoice_id, has_lines=has_lines))

    @routes.post("/salesinvoiceswithlines")
    def post_invoice() -> Response:
        return gate.serve(add_invoice)

    @routes.delete("/salesinvoiceswithlines/<int:invoice_id>")
    def remove_invoice(invoice_id: int) -> Response:
        return gate.serve(lambda caller: delete_invoice(caller, invoice_id))

    @routes.post("/salesinvoiceswithlines/<int:invoice_id>/file")
    def post_file(invoice_id: int) -> Response:
        return gate.serve(lambda caller: attach_file(caller, invoice_id))
