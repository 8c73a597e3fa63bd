"""The API's lists of an administration that nobody changes over the API."""

from collections.abc import Callable, Mapping, Sequence

from sandbox.asperion.asperion_store import Store
from sandbox.asperion.code_table import VatCode
from sandbox.asperion.rest_filters import FilterKind, Filters, Row
from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_replies import Json, RestError
from sandbox.asperion.rest_texts import Said

FILTERS: Filters = {"Id": FilterKind.EXACT, "Description": FilterKind.TEXT}


def show_administrations(store: Store, caller: Caller) -> Sequence[Row]:
    """The administrations of the user, closed ones too."""
    own = store.administrations_of(caller.grant.user)
    return [Row({"id": each.id, "name": each.name}) for each in own]


def _show_vat_codes(caller: Caller) -> Sequence[Row]:
    codes = caller.administration.books.codes.codes()
    return [Row(_show_vat_code(code)) for code in codes]


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


def _show_journals(caller: Caller) -> Sequence[Row]:
    found = caller.administration.books.chart.journals
    return [Row({"id": j.id, "description": j.description, "type": j.type}) for j in found]


def _show_ledger_accounts(caller: Caller) -> Sequence[Row]:
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
    return [Row(each) for each in shown]


def _show_payment_conditions(caller: Caller) -> Sequence[Row]:
    found = caller.administration.books.chart.conditions
    return [Row({"id": each.id, "description": each.description}) for each in found]


def _show_debtor_kinds(caller: Caller) -> Sequence[Row]:
    if caller.guesses.debtor_kinds == "off":
        raise RestError(404, Said.NOT_FOUND)
    found = caller.administration.books.chart.debtor_kinds
    return [Row({"id": each.id, "description": each.description}) for each in found]


TABLES: Mapping[str, Callable[[Caller], Sequence[Row]]] = {
    "vatcodes": _show_vat_codes,
    "journals": _show_journals,
    "ledgeraccounts": _show_ledger_accounts,
    "paymentconditions": _show_payment_conditions,
    "debtorkinds": _show_debtor_kinds,
}
"""The lists by the word in their address."""
