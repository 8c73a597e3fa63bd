"""The routes of the API, under /v1."""

from flask import Blueprint, Response

from sandbox.asperion.asperion_store import Store
from sandbox.asperion.code_table import VatCode
from sandbox.asperion.rest_debtors import add_debtor, give_debtor, list_debtors
from sandbox.asperion.rest_filters import FilterKind, Row
from sandbox.asperion.rest_gate import Caller, RestGate, read_language
from sandbox.asperion.rest_invoices import (
    add_invoice,
    attach_file,
    delete_invoice,
    give_invoice,
    list_invoices,
)
from sandbox.asperion.rest_lists import answer_list
from sandbox.asperion.rest_replies import Json, RestError, answer_error
from sandbox.asperion.rest_texts import Said

ID = {"Id": FilterKind.EXACT, "description": FilterKind.TEXT}


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


RESOURCES = (
    *("administrations", "vatcodes", "journals", "ledgeraccounts", "paymentconditions"),
    *("debtors", "salesinvoices", "salesinvoiceswithlines"),
)


def _add_tables(routes: Blueprint, gate: RestGate) -> None:
    @routes.get("/administrations")
    def administrations() -> Response:
        return gate.serve(
            lambda caller: _list_administrations(gate.store, caller), needs_administration=False
        )

    @routes.get("/vatcodes")
    def vat_codes() -> Response:
        return gate.serve(_list_vat_codes)

    @routes.get("/journals")
    def journals() -> Response:
        return gate.serve(_list_journals)

    @routes.get("/ledgeraccounts")
    def ledger_accounts() -> Response:
        return gate.serve(_list_ledger_accounts)

    @routes.get("/paymentconditions")
    def payment_conditions() -> Response:
        return gate.serve(_list_payment_conditions)

    @routes.get("/debtorkinds")
    def debtor_kinds() -> Response:
        return gate.serve(_list_debtor_kinds)


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


def _list_administrations(store: Store, caller: Caller) -> Response:
    own = store.administrations_of(caller.grant.user)
    return answer_list(caller, [Row({"id": each.id, "name": each.name}) for each in own])


def _list_vat_codes(caller: Caller) -> Response:
    codes = caller.administration.books.codes.codes()
    return answer_list(caller, [Row(_show_vat_code(code)) for code in codes], ID)


def _show_vat_code(code: VatCode) -> Json:
    return {
        "id": code.id,
        "description": code.description,
        "salesCode": code.is_sales,
        "percentage": code.rate,
        "isDefault": code.is_default,
        "validFrom": f"{code.valid_from}T00:00:00" if code.valid_from else None,
        "validUntil": f"{code.valid_until}T00:00:00" if code.valid_until else None,
        "countryCode": code.country or None,
    }


def _list_journals(caller: Caller) -> Response:
    found = caller.administration.books.chart.journals
    shown = ({"id": j.id, "description": j.description, "type": j.type} for j in found)
    return answer_list(caller, [Row(each) for each in shown], ID)


def _list_ledger_accounts(caller: Caller) -> Response:
    shown = (
        {
            "id": account.id,
            "type": account.type,
            "description": account.description,
            "vatCode": account.vat_code,
            "disabled": account.is_disabled,
            "rcsfi": account.rcsfi,
        }
        for account in caller.administration.books.chart.accounts.values()
    )
    return answer_list(caller, [Row(each) for each in shown], ID)


def _list_payment_conditions(caller: Caller) -> Response:
    found = caller.administration.books.chart.conditions
    shown = ({"id": each.id, "description": each.description} for each in found)
    return answer_list(caller, [Row(each) for each in shown], ID)


def _list_debtor_kinds(caller: Caller) -> Response:
    if caller.guesses.debtor_kinds == "off":
        raise RestError(404, Said.NOT_FOUND)
    found = caller.administration.books.chart.debtor_kinds
    shown = ({"id": each.id, "description": each.description} for each in found)
    return answer_list(caller, [Row(each) for each in shown], ID)
